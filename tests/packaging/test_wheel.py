import re
import sys
from email import message_from_bytes
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import holdfast

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGES = {"holdfast", "langchain_holdfast", "llamaindex_holdfast"}


@pytest.fixture(scope="module")
def project(source_tree: Path) -> dict[str, Any]:
    return tomllib.loads((source_tree / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def described(wheel: ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


def test_it_installs_the_three_packages_and_nothing_beside_them(wheel: ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_it_has_every_file_of_the_packages(wheel: ZipFile, source_tree: Path) -> None:
    roots = [path.parent for package in PACKAGES for path in source_tree.glob(f"*/{package}")]
    files = {
        path.relative_to(root).as_posix()
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == files


def test_it_has_the_model_with_its_tokenizer_and_licence(wheel: ZipFile) -> None:
    (model,) = [entry for entry in wheel.infolist() if entry.filename.endswith(".onnx")]
    assert model.filename.startswith("holdfast/embedders/")
    assert model.file_size > 20_000_000
    beside = {Path(name).name for name in wheel.namelist() if Path(name).parent == Path(model.filename).parent}
    assert "tokenizer.json" in beside
    assert any(name.startswith("LICENSE") for name in beside)


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_its_packages_are_typed(package: str, wheel: ZipFile) -> None:
    assert f"{package}/py.typed" in wheel.namelist()


def test_it_carries_the_licence(wheel: ZipFile, described: Message) -> None:
    assert described["License-Expression"] == "Apache-2.0"
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
    assert "Apache License" in wheel.read(name).decode()


def test_its_metadata_can_be_read_by_the_index(described: Message, project: dict[str, Any]) -> None:
    assert described["Metadata-Version"] == "2.4"
    assert described["Requires-Python"] == project["requires-python"]
    assert described.get_content_type() == "text/plain"
    assert described["Description-Content-Type"] == "text/markdown"


def test_it_brings_the_command(wheel: ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt")]
    assert "holdfast = holdfast.cli:main" in wheel.read(name).decode()


def test_the_core_asks_for_no_framework_and_no_provider() -> None:
    wanted = [line for line in metadata.requires("holdfast") or [] if "extra ==" not in line]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in wanted}
    assert "numpy" in names
    assert not {name for name in names if re.match(r"lang|llama|openai|psycopg|pgvector|torch|sentence", name)}


@pytest.mark.parametrize("extra", ["openai", "langchain", "llamaindex", "postgres", "notebook", "all"])
def test_it_has_each_extra(extra: str) -> None:
    assert extra in metadata.metadata("holdfast").get_all("Provides-Extra", [])


def test_the_extra_all_is_all_the_others(project: dict[str, Any]) -> None:
    extras = dict(project["optional-dependencies"])
    (everything,) = extras.pop("all")
    assert everything == f"holdfast[{','.join(extras)}]"


def test_the_version_has_one_source(project: dict[str, Any], described: Message) -> None:
    assert "version" not in project
    assert described["Version"] == holdfast.__version__


def test_the_installed_version_is_this_one() -> None:
    assert metadata.version("holdfast") == holdfast.__version__


def test_the_changelog_begins_with_this_version(source_tree: Path) -> None:
    headings = re.findall(r"^## (.+)$", (source_tree / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert holdfast.__version__ in headings[0]


def test_nothing_is_installed_under_a_name_that_users_have() -> None:
    files = {str(path) for path in metadata.files("holdfast") or []}
    assert files
    assert not {name for name in files if name.split("/")[0] in {"core", "tests", "typings", "benchmarks", "scripts"}}
