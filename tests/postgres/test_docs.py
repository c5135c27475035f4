"""What docs/scale.md says is done, on the server of the tests."""

import re
import shlex
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from holdfast import Memory
from holdfast.cli.app import app
from holdfast.store.postgres.schema import PARTITIONS, TABLES
from postgres.conftest import ADMIN, Databases
from postgres.server import APPLICATION, OWNER, Server

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def blocks(language: str) -> list[str]:
    if not PAGE.exists():
        pytest.skip("runs against an installed wheel: the documents are not here")
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(line: str, **places: str) -> str:
    for name, place in places.items():
        line = line.replace(f"${name}", place)
    done = CliRunner().invoke(app, shlex.split(line, comments=True)[1:])
    assert done.exit_code == 0, (line, done.output, done.exception)
    return done.stdout


def test_the_page_from_top_to_bottom(
    server: Server,
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its roles are the tests' own; its database is one without a store."""
    monkeypatch.chdir(tmp_path)
    with Memory("memory.db") as memory:
        memory.add("I live in Lisbon.", user_id="max")
    roles, extension, _ = blocks("sql")
    with psycopg.connect(server.url(), autocommit=True) as db:
        statements = [one for one in roles.split(";") if one.strip()]
        db.execute("DROP DATABASE IF EXISTS documented WITH (FORCE)")
        for role in ("documented_owner", "documented_app"):
            db.execute(f"DROP ROLE IF EXISTS {role}".encode())
        for statement in statements:
            renamed = statement.replace("DATABASE memory", "DATABASE documented").replace("holdfast_", "documented_")
            db.execute(renamed.replace(" LOGIN", " LOGIN PASSWORD 'of-the-tests-alone'").encode())
    with psycopg.connect(server.url("documented", ADMIN), autocommit=True) as db:
        db.execute(extension.encode())
    owner = server.url("documented", "documented_owner")
    use = server.url("documented", "documented_app")
    migrate, copies, plain, _ = blocks("bash")
    assert "schema" in run(migrate.replace("holdfast_app", "documented_app"), OWNER=owner)
    for line in copies.splitlines():
        assert "1 user copied" in run(line, APP=use)
    names: dict[str, Any] = {}
    for example in blocks("python3"):
        shown = re.sub(r'"postgresql://.*?"', repr(use), example)
        assert shown != example
        exec(compile(shown, "example", "exec"), names)
    assert "Next.js" in str(names["memory"].search("what tech stack?", user_id="user_42")[0])
    assert "User is building this in Next.js" in capsys.readouterr().out
    empty = databases.make_empty()
    run(plain, OWNER=server.url(empty, OWNER))
    assert APPLICATION in plain
    with psycopg.connect(server.url(), autocommit=True) as db:
        db.execute("DROP DATABASE documented WITH (FORCE)")
        db.execute("DROP ROLE documented_owner, documented_app")


def test_every_table_is_distributed_by_user() -> None:
    _, _, citus = blocks("sql")
    named: list[Any] = re.findall(r"create_distributed_table\('holdfast\.(\w+)', 'user_id'", citus)
    assert sorted(named) == sorted(TABLES)
    assert len(re.findall("colocate_with", citus)) == len(TABLES) - 1
    assert f"{PARTITIONS} hash partitions" in PAGE.read_text(encoding="utf-8")
