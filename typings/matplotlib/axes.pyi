from typing import Any, TypeAlias

# What is drawn on it takes dozens of options; their names are checked when the tests draw.
Axes: TypeAlias = Any
