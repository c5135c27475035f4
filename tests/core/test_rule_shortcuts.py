"""What a rule looks for first stands in everything that its pattern matches, whatever the text."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.extractors.embedded.codes import CODES
from holdfast.extractors.embedded.frames import FRAMES
from holdfast.extractors.embedded.orders import ORDERS
from holdfast.extractors.embedded.pasted import PASTED
from holdfast.extractors.embedded.repairs import SPELLING
from holdfast.extractors.embedded.roleplay import ROLE_PLAY
from holdfast.extractors.embedded.rules import Rule, compiled, folded, possible
from holdfast.extractors.embedded.safety import INJECTIONS, SECRETS, secret_spans
from holdfast.extractors.embedded.sarcasm import SARCASM
from holdfast.extractors.embedded.supposed import SUPPOSED

RULES = [
    rule
    for rule in (*SECRETS, *CODES, *INJECTIONS, *ORDERS, *ROLE_PLAY, *PASTED, *SUPPOSED, *SARCASM, *FRAMES, *SPELLING)
    if rule.holds or rule.needs
]

EQUAL_LETTERS = "\u0130\u0131\u017f\u212a"
"""What a pattern takes for i, i, s and k when case is ignored."""


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)  # fmt: skip
@given(data=st.data())
def test_no_match_is_passed_over(rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(compiled(rule.pattern)))
    assert possible(rule, text, folded(text))


@pytest.mark.parametrize("letter", EQUAL_LETTERS)
def test_letters_that_are_equal_without_case_are_folded(letter: str) -> None:
    plain = next(one for one in "isk" if re.fullmatch(one, letter, re.IGNORECASE))
    assert folded(letter) == plain


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("my Kennwort is sonnenblume", "Kennwort is sonnenblume"),
        ("my security answer is Fluffy", "security answer is Fluffy"),
        ("my pa\u017fsword is sunshine", "pa\u017fsword is sunshine"),
    ],
)
def test_a_secret_without_a_digit_is_found(text: str, secret: str) -> None:
    assert [text[start:end] for start, end, _ in secret_spans(text)] == [secret]
