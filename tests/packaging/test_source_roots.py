from pathlib import Path

import pytest

ROOTS = {
    "core": "holdfast",
    "langchain_memory": "langchain_holdfast",
    "llamaindex_memory": "llamaindex_holdfast",
}


@pytest.mark.parametrize(("root", "package"), ROOTS.items())
def test_a_source_root_holds_one_package_and_nothing_else(root: str, package: str, source_tree: Path) -> None:
    found = [path.name for path in (source_tree / root).iterdir() if path.name != "__pycache__"]
    assert found == [package]
    assert (source_tree / root / package / "__init__.py").is_file()
    assert (source_tree / root / package / "py.typed").is_file()


@pytest.mark.parametrize(("root", "package"), ROOTS.items())
def test_every_folder_with_code_is_a_package(root: str, package: str, source_tree: Path) -> None:
    folders = {path.parent for path in (source_tree / root / package).rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
