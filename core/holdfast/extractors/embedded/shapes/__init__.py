"""The strict gate: the predicate shapes that make a clause a fact, one row each, the first that fits decides."""

from holdfast.extractors.embedded.shapes.affairs import AFFAIRS
from holdfast.extractors.embedded.shapes.doing import DOING
from holdfast.extractors.embedded.shapes.family import FAMILY
from holdfast.extractors.embedded.shapes.having import HAVING
from holdfast.extractors.embedded.shapes.health import HEALTH
from holdfast.extractors.embedded.shapes.identity import IDENTITY
from holdfast.extractors.embedded.shapes.liking import LIKING
from holdfast.extractors.embedded.shapes.location import LOCATION
from holdfast.extractors.embedded.shapes.open import OPEN
from holdfast.extractors.embedded.shapes.shape import Shape
from holdfast.extractors.embedded.shapes.technology import TECHNOLOGY
from holdfast.extractors.embedded.shapes.told import TOLD
from holdfast.extractors.embedded.shapes.wanting import WANTING
from holdfast.extractors.embedded.shapes.work import WORK

__all__ = ["SHAPES", "Shape"]

SHAPES: tuple[Shape, ...] = (
    *IDENTITY,
    *LOCATION,
    *WORK,
    *HEALTH,
    *FAMILY,
    *TECHNOLOGY,
    *LIKING,
    *WANTING,
    *HAVING,
    *DOING,
    *AFFAIRS,
    *OPEN,
    *TOLD,
)
