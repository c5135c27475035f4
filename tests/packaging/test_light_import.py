"""What `import holdfast` does not do."""

import json
import subprocess
import sys

import pytest

HEAVY = [
    "faiss",
    "onnxruntime",
    "tokenizers",
    "torch",
    "openai",
    "pydantic",
    "langchain",
    "langchain_core",
    "langgraph",
    "llama_index",
    "psycopg",
    "pgvector",
    "matplotlib",
    "plotly",
    "IPython",
    "rich",
    "typer",
]

READS_NOTHING = """
import importlib, json, os, pkgutil, sys
from collections.abc import MutableMapping

def load(package):
    names = [package]
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            if error.name is None or error.name.startswith(package):
                raise  # anything else is an extra that is not installed
        else:
            names.append(module.name)
    return names

class Recording(MutableMapping):
    def __init__(self, real):
        self.real, self.read = real, []
    def __getitem__(self, name):
        self.read.append(name)
        return self.real[name]
    def __contains__(self, name):
        self.read.append(name)
        return name in self.real
    def __iter__(self):
        self.read.append("all of it")
        return iter(self.real)
    def __len__(self):
        return len(self.real)
    def __setitem__(self, name, value):
        self.read.append(f"set {name}")
    def __delitem__(self, name):
        self.read.append(f"deleted {name}")

# What others read when they are imported is theirs: after this they are, and only the package runs anew.
load(PACKAGE)
for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
    del sys.modules[name]
os.environ = Recording(os.environ)
imported = load(PACKAGE)
read = list(os.environ.read)
os.getenv("HOLDFAST_PATH")
print(json.dumps({"imported": imported, "read": read, "recorder works": os.environ.read[len(read):]}))
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("package", ["holdfast", "langchain_holdfast", "llamaindex_holdfast"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    modules = json.loads(run(f"import json, sys, {package}; print(json.dumps(sorted(sys.modules)))"))
    assert package in modules
    assert [name for name in HEAVY if name in modules] == []


def test_naming_memory_loads_the_index_but_no_model_and_no_provider() -> None:
    code = "import json, sys; from holdfast import AsyncMemory, Memory; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(run(code))
    assert "holdfast.memory" in modules
    assert [name for name in HEAVY if name in modules and name != "faiss"] == []


@pytest.mark.parametrize("package", ["holdfast", "langchain_holdfast", "llamaindex_holdfast"])
def test_no_module_reads_the_environment_when_it_is_imported(package: str) -> None:
    seen = json.loads(run(f"PACKAGE = {package!r}\n{READS_NOTHING}"))
    assert seen["recorder works"] == ["HOLDFAST_PATH"]
    assert package in seen["imported"]
    # pydantic asks for its own switch whenever a model class is made, as the adapters' classes must be.
    assert set(seen["read"]) <= ({"PYDANTIC_DISABLE_PLUGINS"} if package != "holdfast" else set())
