"""The peers' own environment, and a system that runs in a process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["PEERS", "Worker", "make_environment", "worker"]

PEERS = ("haystack", "txtai", "script")

_TORCH = ("torch==2.13.0", "--extra-index-url", "https://download.pytorch.org/whl/cpu")
_PACKAGES = (
    "haystack-ai==3.4.1",
    "transformers-haystack==2.0.0",
    "txtai==9.14.0",
    "sentence-transformers==6.2.0",
    "faiss-cpu==1.15.1",
)
_WORKER = Path(__file__).with_name("worker.py")


def make_environment(folder: Path) -> Path:
    """Install the peers into a virtual environment of theirs, if not done yet; return its Python.

    Some 1.6 GB. torch comes first and alone, because what follows would bring a CUDA build.
    """
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    wanted = "\n".join([*_TORCH, *_PACKAGES])
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--retries", "0", *_TORCH], check=True)
        subprocess.run([*pip, *_PACKAGES], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


class Worker:
    """A system in a process, asked one thing after another."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self.name = name
        self._process = process

    def do(self, what: str, **given: str) -> dict[str, Any]:
        """Return what came of it: `wall_s`, `cpu_s`, `peak_mib`, and `error` if it raised."""
        if self._process.stdin is None or self._process.stdout is None:
            raise SystemExit(f"{self.name}: no pipes")
        try:
            print(json.dumps({"do": what, **given}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return {"error": f"the process ended with {self._process.poll()}"}
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def worker(name: str, work: Path, python: Path) -> Iterator[Worker]:
    """Start a system over the folder `work`, in the environment it belongs to."""
    here = Path(__file__).resolve().parents[2]
    # Dateline runs as it is here, and a peer as it was installed.
    ours = name not in PEERS
    command = [sys.executable if ours else str(python), str(_WORKER), name, str(work)]
    path = str(here) if ours else ""
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    with (
        (work / f"{name}.log").open("a") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
        ) as process,
    ):
        try:
            yield Worker(name, process)
        finally:
            process.kill()
