"""The inspector served on loopback."""

import socket

import uvicorn

from holdfast.errors import ConfigurationError
from holdfast.memory import Memory
from holdfast.ui.app import make_app

__all__ = ["HOST", "Server"]

HOST = "127.0.0.1"
"""The only place where it is ever served."""


class Server:
    """Serves the inspector of a memory on 127.0.0.1.

    Args:
        memory: What it shows; it stays the caller's to close.
        port: Where; a free one if not given.

    Raises:
        ConfigurationError: The port is taken, or not allowed.
    """

    def __init__(self, memory: Memory, *, port: int = 0) -> None:
        # With the protocol named: asyncio leaves Nagle's algorithm on otherwise, and each answer waits 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, port))
            self._socket.listen()  # who connects before `run` waits for it
        except (OSError, OverflowError) as error:
            self._socket.close()
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigurationError(f"cannot serve on port {port} ({reason}); choose another") from error
        self.port: int = self._socket.getsockname()[1]
        self._guard = make_app(memory, port=self.port)
        # No access log: it would hold the questions, and the token.
        config = uvicorn.Config(
            self._guard,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            proxy_headers=False,
        )
        self._server = uvicorn.Server(config)

    @property
    def url(self) -> str:
        """The address to open, with the token; it is good once."""
        return f"http://{HOST}:{self.port}/?token={self._guard.token}"

    def run(self) -> None:
        """Serve until `stop`, or Ctrl-C."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """End, from another thread."""
        self._server.should_exit = True
