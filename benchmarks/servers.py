"""A PostgreSQL server for a benchmark: the one of the tests, on disk, or one that runs already."""

import importlib.util
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from holdfast.store.postgres import migrate


def _of_the_tests() -> Any:
    place = Path(__file__).parents[1] / "tests" / "postgres" / "server.py"
    spec = importlib.util.spec_from_file_location("server_of_the_tests", place)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_server = _of_the_tests()
_DATABASE = "holdfast_benchmark"


@contextmanager
def filled_server(url: str | None = None) -> Iterator[tuple[str, Any]]:
    """Yield the address of an empty store, used by a role that owns nothing, and the server if it is our own.

    Args:
        url: A superuser's address of a server that runs already; by default one is started, and its files lie on disk.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends with the benchmark
    if url is not None:
        with _store(_server.Named(url)) as address:
            yield address, None
        return
    with _server.serving(tempfile.gettempdir()) as server:
        # As servers do by themselves, but sooner: a benchmark is over before they would begin.
        server.set(autovacuum="on", autovacuum_naptime="5s")
        server.restart()
        with _store(server) as address:
            yield address, server


def analyze(url: str) -> None:
    """Have the planner's statistics made, as a server does by itself after a while; the store's own role may not."""
    with psycopg.connect(make_conninfo(url, user=_server.OWNER), autocommit=True) as db:
        db.execute("ANALYZE")


@contextmanager
def _store(server: Any) -> Iterator[str]:
    _server.make_roles(server.url())
    with psycopg.connect(server.url(), autocommit=True) as db:
        db.execute(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)".encode())
    _server.make_database(server.url(), _DATABASE)
    with psycopg.connect(server.url(_DATABASE), autocommit=True) as db:
        db.execute("CREATE EXTENSION vector")
    migrate(server.url(_DATABASE, _server.OWNER), grant=_server.APPLICATION)
    yield server.url(_DATABASE, _server.APPLICATION)
    with psycopg.connect(server.url(), autocommit=True) as db:
        db.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)".encode())
