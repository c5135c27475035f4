"""What every value can do: become JSON, and show itself."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Shown", "Value", "to_json"]


def to_json(value: Any) -> Any:
    """Return a value of this module as JSON values: datetimes and dates in ISO 8601, tuples as lists."""
    if isinstance(value, Value):
        return value.to_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): to_json(item) for name, item in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in cast(Sequence[Any], value)]
    return value


class Shown:
    """What shows itself: as HTML in Jupyter, with rich in a terminal. The drawing is loaded when it is asked for."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from holdfast.display import to_html

        return to_html(self)

    def __rich__(self) -> "RenderableType":
        from holdfast.display import to_rich

        return to_rich(self)


class Value(Shown):
    """What the values below share: `to_dict`, whose lines `export` writes."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; where the class has a `from_dict`, that gives an equal value."""
        return {item.name: to_json(getattr(self, item.name)) for item in fields(self)}  # type: ignore[arg-type]
