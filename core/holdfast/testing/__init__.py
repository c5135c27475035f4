"""What tests need: fakes for those who use holdfast, conformance suites for those who implement its protocols.

The fakes need nothing else. The suites need pytest and hypothesis, and are loaded when first named. A backend's whole
test is a subclass and its fixtures:

```python
from holdfast.testing import EmbedderSuite

class TestMine(EmbedderSuite):
    @pytest.fixture
    def embedder(self):
        return MyEmbedder()
```
"""

import importlib.util
from typing import TYPE_CHECKING, Any

from holdfast.testing.fakes import Clock, FakeEmbedder, ScriptedExtractor

if TYPE_CHECKING:
    from holdfast.testing.books import BooksSuite
    from holdfast.testing.conformance import Conformance, deviates
    from holdfast.testing.embedders import EmbedderSuite
    from holdfast.testing.extractors import ExtractorSuite
    from holdfast.testing.facts import FactsSuite
    from holdfast.testing.forgetting import ForgettingSuite
    from holdfast.testing.indexes import IndexSuite, MakeIndex
    from holdfast.testing.journals import JournalSuite
    from holdfast.testing.measuring import MeasuringSuite
    from holdfast.testing.queues import QueueSuite
    from holdfast.testing.records import RecordSuite
    from holdfast.testing.server import Request, ScriptedAnswer, ScriptedServer
    from holdfast.testing.shared import SharedSuite
    from holdfast.testing.stores import StoreSuite
    from holdfast.testing.upkeep import UpkeepSuite

__all__ = [
    "BooksSuite",
    "Clock",
    "Conformance",
    "EmbedderSuite",
    "ExtractorSuite",
    "FactsSuite",
    "FakeEmbedder",
    "ForgettingSuite",
    "IndexSuite",
    "JournalSuite",
    "MakeIndex",
    "MeasuringSuite",
    "QueueSuite",
    "RecordSuite",
    "Request",
    "ScriptedAnswer",
    "ScriptedExtractor",
    "ScriptedServer",
    "SharedSuite",
    "StoreSuite",
    "UpkeepSuite",
    "deviates",
]

_MODULES = {
    "BooksSuite": "books",
    "Conformance": "conformance",
    "EmbedderSuite": "embedders",
    "ExtractorSuite": "extractors",
    "FactsSuite": "facts",
    "ForgettingSuite": "forgetting",
    "IndexSuite": "indexes",
    "JournalSuite": "journals",
    "MakeIndex": "indexes",
    "MeasuringSuite": "measuring",
    "QueueSuite": "queues",
    "RecordSuite": "records",
    "Request": "server",
    "ScriptedAnswer": "server",
    "ScriptedServer": "server",
    "SharedSuite": "shared",
    "StoreSuite": "stores",
    "UpkeepSuite": "upkeep",
    "deviates": "conformance",
}

if importlib.util.find_spec("pytest"):
    import pytest

    # Before any of them is imported, so that a failing assert shows its values.
    pytest.register_assert_rewrite(*{f"{__name__}.{module}" for module in _MODULES.values()})


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
