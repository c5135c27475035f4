"""A suite that can be hollowed out in silence promises nothing."""

import pytest

from holdfast.testing import Conformance, deviates


class Promises(Conformance):
    def test_it_keeps(self) -> None: ...


def test_hiding_a_test_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Hollow\.test_it_keeps hides a test"):
        type("Hollow", (Promises,), {"test_it_keeps": lambda self: None})


def test_hiding_it_further_down_is_refused_too() -> None:
    between = type("Between", (Promises,), {})
    with pytest.raises(TypeError, match=r"test_it_keeps"):
        type("Hollow", (between,), {"test_it_keeps": None})


def test_a_deviation_states_its_reason() -> None:
    kept = deviates("keeps in another way")(lambda self: None)
    assert type("Other", (Promises,), {"test_it_keeps": kept, "test_more": lambda self: None})
    with pytest.raises(TypeError, match="reason"):
        deviates("")
