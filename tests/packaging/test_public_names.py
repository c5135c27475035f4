"""Public is what stands in `__all__`."""

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ["holdfast", "langchain_holdfast", "llamaindex_holdfast"]


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if not any(part.startswith("_") for part in name.split(".")):
                yield name, path


def defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
            ):
                names: list[str] = ast.literal_eval(value)
                return names
    return None


MODULES = list(modules())


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_all_names_what_the_module_defines(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = {one for one in defined(tree) if not one.startswith("_")}
    names = exported(tree)
    if names is None:
        # What lies deeper is its package's own, and public through the package or not at all.
        assert name.count(".") > 1 or not public, f"{name} has no __all__ but defines {sorted(public)}"
        return
    assert len(names) == len(set(names))
    if path.name == "__init__.py":
        assert public <= set(names)
    else:
        assert public == set(names)


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_everything_in_all_is_there(name: str, path: Path) -> None:
    module = importlib.import_module(name)
    assert [one for one in getattr(module, "__all__", []) if not hasattr(module, one)] == []


def test_dir_shows_what_is_public() -> None:
    holdfast = importlib.import_module("holdfast")
    assert set(holdfast.__all__) <= set(dir(holdfast))
    assert {"AsyncMemory", "Memory"} <= set(holdfast.__all__)
