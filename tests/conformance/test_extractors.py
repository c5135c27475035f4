import pytest

from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.testing import ExtractorSuite, ScriptedExtractor
from holdfast.types import Candidate, Evidence


class TestEmbeddedExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> EmbeddedExtractor:
        return EmbeddedExtractor()

    @pytest.fixture
    def failing(self) -> EmbeddedExtractor:
        pytest.skip("calls no model, so there is none to be out of reach")


class TestScriptedExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> ScriptedExtractor:
        evidence = (Evidence("", 0, 2, "On"), Evidence("", 12, 14, "My"))
        return ScriptedExtractor(
            {
                "On Hetzner. My sister Clara lives in Berlin, and I moved from Lisbon to Porto last year.": [
                    "User hosts on Hetzner.",
                    Candidate("User's sister Clara lives in Berlin.", evidence, kind="relation"),
                ]
            }
        )

    @pytest.fixture
    def failing(self) -> ScriptedExtractor:
        scripted = ScriptedExtractor()
        scripted.fail()
        return scripted


class TestScriptedExtractorWithAFunction(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> ScriptedExtractor:
        return ScriptedExtractor(lambda message: [f"User said: {message.content}"] * ("Lisbon" in message.content))

    @pytest.fixture
    def failing(self) -> ScriptedExtractor:
        scripted = ScriptedExtractor()
        scripted.fail()
        return scripted
