"""Importing costs nothing, and says what is missing."""

import subprocess
import sys
from importlib import import_module

import pytest

import llamaindex_holdfast
from holdfast import MissingExtraError


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_the_framework_each_name_says_what_to_install() -> None:
    code = """
import sys
sys.modules["llama_index"] = None
import llamaindex_holdfast
for name in llamaindex_holdfast.__all__:
    try:
        getattr(llamaindex_holdfast, name)
    except ImportError as error:
        print(type(error).__name__, error)
    else:
        print("there")
"""
    said = run(code).splitlines()
    missing = 'MissingExtraError llama-index-core is not installed; run: pip install "holdfast[llamaindex]"'
    assert set(said) == {missing, "there"}
    assert said.count("there") == 1  # flush needs no framework
    assert issubclass(MissingExtraError, ImportError)


def test_importing_it_loads_no_framework_and_no_index() -> None:
    loaded = run("import sys, llamaindex_holdfast; print(sorted(sys.modules))")
    assert not {"'llama_index'", "'faiss'", "'pydantic'", "'onnxruntime'"} & set(loaded.strip("[]\n").split(", "))


def test_every_name_is_there() -> None:
    pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")
    for name in llamaindex_holdfast.__all__:
        assert getattr(llamaindex_holdfast, name).__module__.startswith("llamaindex_holdfast.")
    assert dir(llamaindex_holdfast) == sorted(llamaindex_holdfast.__all__)
    assert import_module("llamaindex_holdfast.tools").HoldfastToolSpec is llamaindex_holdfast.HoldfastToolSpec
    with pytest.raises(AttributeError, match="nothing"):
        llamaindex_holdfast.nothing  # noqa: B018
