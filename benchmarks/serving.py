"""A server process to measure: started on a free port of this machine, and ended."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.client import Client, UnreachableError

__all__ = ["Server", "serving"]

_MAX_START_S = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is up: its address without a slash, and the process with its threads."""

    url: str
    pid: int
    ready_s: float
    """Seconds from the start of the process to the first answer that it is ready."""

    def cpu_s(self) -> float:
        """Return the seconds that processors have worked for it, which a busy machine leaves be."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Return the memory that the process has in use now, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(match[1]) / 1024 if match else 0.0


@contextmanager
def serving(index: Path, **settings: object) -> Iterator[Server]:
    """Serve an index with settings, given by their names, and give the server."""
    command = [sys.executable, "-m", "service.cli", "serve", "--index", str(index), "--port", "0"]
    given = {f"DATELINE_{name.upper()}": str(value) for name, value in settings.items()}
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stderr=log, env=_environment(given)) as process,
    ):
        try:
            began_s = time.monotonic()
            yield _wait(process, log.fileno(), began_s)
        finally:
            process.terminate()
            process.wait()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    # A terminal would break the line with the address.
    return {**os.environ, "HF_HUB_OFFLINE": "1", "COLUMNS": "200", **given}


def _wait(process: "subprocess.Popen[bytes]", log: int, began_s: float) -> Server:
    while time.monotonic() - began_s < _MAX_START_S and process.poll() is None:
        told = os.pread(log, 4096, 0).decode()
        if match := re.search(r"answers on (http://\S+)/", told):
            try:
                with Client(match[1]) as client:
                    client.archive()
                return Server(match[1], process.pid, time.monotonic() - began_s)
            except UnreachableError:
                pass
        time.sleep(0.01)
    raise SystemExit(f"the server did not start:\n{os.pread(log, 4096, 0).decode()}")
