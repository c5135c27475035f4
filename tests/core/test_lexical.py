import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.lexical import REVISION, STOP_WORDS, terms_of


def same(one: str, other: str) -> bool:
    return terms_of(one).tolist() == terms_of(other).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Running RUNS run", "run runs running"),
        ("the coffee is with the milk", "coffee milk"),
        ("Anna's bike", "Anna bike"),
        ("Anna’s bike", "Anna's bike"),
        ("databases", "database"),
        ("  coffee,\n(milk)! ", "coffee milk"),
        ("What does the user do?", ""),
        ("C++ and C# and node.js", "c++ c# node.js"),
    ],
)
def test_texts_with_the_same_terms(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C#", "C++"),
        ("node", "node.js"),
        ("résumé", "resume"),
        ("1.5", "15"),
        ("milk coffee", "coffee milk"),
        ("coffee coffee", "coffee"),
    ],
)
def test_texts_with_other_terms(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("my mother-in-law", "mother"),
        ("a state-of-the-art camera", "art"),
        ("she is well-known", "well-known"),
        ("東京に住んでいます", "東京"),
        ("東京に住んでいます", "住ん"),
        ("서울에 살아요", "서울"),
        ("müde", "müde"),
        ("e-mail: max@example.org", "example.org"),
    ],
)
def test_a_part_is_found(text: str, word: str) -> None:
    assert set(terms_of(word).tolist()) <= set(terms_of(text).tolist())
    assert len(terms_of(word))


@pytest.mark.parametrize("text", ["", " ", "🦀", "?!…", "the of and", "_", "\ud83d"])
def test_texts_without_words_have_no_terms(text: str) -> None:
    terms = terms_of(text)
    assert terms.shape == (0,)
    assert terms.dtype == np.uint32


def test_stored_terms_keep_their_meaning() -> None:
    """Terms lie in stores; another hash or stem needs another revision."""
    assert REVISION == "1"
    stems = ["coffe", "machin", "lisbon", "2", "cup"]
    assert terms_of("Coffee machines in Lisbon: 2 cups").tolist() == [zlib.crc32(stem.encode()) for stem in stems]


def test_user_is_no_term() -> None:
    assert "user" in STOP_WORDS
    assert "postgres" not in STOP_WORDS


@given(st.text(max_size=200))
def test_any_text_has_terms_that_stay(text: str) -> None:
    assert same(text, text)
    assert same(text.lower(), text.lower() + " ")


def test_it_is_thread_safe() -> None:
    texts = [f"Users were running {number} databases in cities" for number in range(200)]
    alone = [terms_of(text).tolist() for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert [terms.tolist() for terms in pool.map(terms_of, texts)] == alone
