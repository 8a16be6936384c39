"""A Milvus Lite server on this machine, for tests and benchmarks."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["MilvusServer", "milvus_server"]

_LOOK_AGAIN_S = 0.05


@dataclass(slots=True)
class MilvusServer:
    """Keeps its data in `folder`; only programs of this machine reach it."""

    folder: Path
    port: int = field(default_factory=lambda: _free_port())
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def uri(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it takes connections.

        Raises:
            RuntimeError: it ended instead.
        """
        # It would listen on every address otherwise.
        command = ["-m", "milvus_lite", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, *command, "--data-dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError(f"the Milvus server ended with {self._process.returncode}.")
            time.sleep(_LOOK_AGAIN_S)

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True


@contextmanager
def milvus_server(folder: Path) -> Iterator[MilvusServer]:
    """Give a server that runs, and end it afterwards."""
    server = MilvusServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
