"""A Dask cluster on loopback, whose processes can be killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["DaskCluster"]

_ENV = os.environ | {"DASK_LOGGING__DISTRIBUTED": "critical"}
_LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


class DaskCluster:
    """A scheduler and workers of one thread each, all ended on leaving."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._start_scheduler("0")

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._scheduler, *self.workers):
            process.kill()
            process.wait()

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        address: str = json.loads(self._file.read_text(encoding="utf-8"))["address"]
        return address

    def add_worker(self, before: str = "") -> None:
        """Start a worker that runs some Python before it begins."""
        # No nanny: it would start a killed worker again.
        options = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0", *_LOCAL)
        arguments = ["dask-worker", self.address, *options, "--local-directory", str(self._folder)]
        code = "import sys; from distributed.cli.dask_worker import main; main(sys.argv[1:])"
        self.workers.append(_run(["-c", before + code, *arguments[1:]]))

    def kill_scheduler(self) -> None:
        """Have it gone without a word. Workers without a nanny end with it."""
        self._scheduler.kill()
        self._scheduler.wait()

    def restart_scheduler(self) -> None:
        """Start another one at the same address."""
        port = self.address.rsplit(":", 1)[1]
        self._scheduler = self._start_scheduler(port)

    def _start_scheduler(self, port: str) -> "subprocess.Popen[bytes]":
        self._file.unlink(missing_ok=True)
        options = ("--port", port, "--scheduler-file", str(self._file), *_LOCAL)
        process = _run(["-m", "distributed.cli.dask_scheduler", *options])
        while not self._file.is_file() or not self._file.read_text(encoding="utf-8"):
            if process.poll() is not None:
                raise RuntimeError(f"the scheduler ended with {process.returncode}")
            time.sleep(0.05)
        return process


def _run(arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *arguments], env=_ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
