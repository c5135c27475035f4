"""The words that values are described with."""

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "CATEGORIES",
    "KINDS",
    "ROLES",
    "Category",
    "ChangeKind",
    "Confidence",
    "Grain",
    "KeyKind",
    "Kind",
    "LedgerKind",
    "Polarity",
    "RelationType",
    "Role",
    "Vectors",
]

Vectors: TypeAlias = "npt.NDArray[np.float32]"
"""Row vectors, shape (n, dimensions), float32, unit length."""

Role: TypeAlias = Literal["user", "assistant", "system", "tool"]
ROLES: tuple[str, ...] = get_args(Role)

Kind: TypeAlias = Literal[
    "identity", "location", "work", "education", "health", "relation", "preference", "goal", "decision",
    "possession", "habit", "skill", "event", "plan", "technology", "instruction", "note",
]  # fmt: skip
"""The shape of a fact's predicate; `note` is what the user asked to remember and no other shape fits."""
KINDS: tuple[str, ...] = get_args(Kind)

Category: TypeAlias = Literal[
    "identity", "location", "work_education", "technology", "preference_instruction",
    "people", "health", "goal_plan", "event_other",
]  # fmt: skip
"""Nine coarse drawers; finer labels do not agree between two readers."""
CATEGORIES: tuple[str, ...] = get_args(Category)

Grain: TypeAlias = Literal["minute", "day", "week", "month", "quarter", "season", "year", "decade"]
Confidence: TypeAlias = Literal["low", "medium", "high"]
Polarity: TypeAlias = Literal["positive", "negative"]
KeyKind: TypeAlias = Literal["message", "statement", "question", "fact"]
RelationType: TypeAlias = Literal["duplicates", "updates", "contradicts", "elaborates"]
LedgerKind: TypeAlias = Literal["extraction", "embedding", "context"]
ChangeKind: TypeAlias = Literal["added", "superseded", "edited", "deleted", "restored"]
