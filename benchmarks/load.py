"""How a server on this machine stands 1, 8, 64 and 1,000 people who ask without a pause.

`python -m benchmarks.load --index DIR --locust PATH`: runs locust (installed on its own:
`pip install locust`) against one server, with each number of users in turn, and looks at
`/health/ready` meanwhile. Every call must end with 200, or with 503 and Retry-After.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

import rich_click as click

from benchmarks.serving import Server, serving

__all__: list[str] = []

_PROBE_EVERY_S = 0.1
_MAX_NEW_PER_S = 200


@dataclass(slots=True)
class Run:
    """One run of locust. `served_per_s` counts answers; times are in milliseconds."""

    n_users: int
    served_per_s: float
    n_served: int
    n_refused: int
    n_failed: int
    health_p99_ms: float
    resident_mib: float

    def line(self) -> str:
        """Return the run as a row of a table."""
        return (
            f"| {self.n_users} | {self.served_per_s:.2f} | {self.n_served} | {self.n_refused} | "
            f"{self.n_failed} | {self.health_p99_ms:.0f} | {self.resident_mib:.0f} |"
        )


@dataclass(slots=True)
class Probe:
    """Looks at `/health/ready` again and again, in a thread, until it is stopped."""

    url: str
    times_ms: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until stopped; a probe that fails counts as ten seconds."""
        while not self.stopped.wait(_PROBE_EVERY_S):
            began_s = time.perf_counter()
            try:
                with urlopen(f"{self.url}/health/ready", timeout=10) as response:  # noqa: S310
                    response.read()
                self.times_ms.append(1000 * (time.perf_counter() - began_s))
            except OSError:
                self.times_ms.append(10_000)


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--locust", default="locust", show_default=True, help="The program.")
@click.option("--seconds", default=20, show_default=True, help="Length of each run.")
@click.option("--users", default="1,8,64,1,8,64,1000", show_default=True)
@click.option("--threads", default=2, show_default=True, help="DATELINE_THREADS of the server.")
@click.option("--asks", default=2, show_default=True, help="DATELINE_MAX_CONCURRENT_ASKS.")
def main(index: Path, locust: str, seconds: int, users: str, threads: int, asks: int) -> None:
    """Print a table; exit with 1 when a call failed."""
    print("| users | answers/s | answered | refused | failed | health p99 ms | resident MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    failed = 0
    with serving(
        index, log_level="error", threads=threads, max_concurrent_asks=asks, deadline_s=120
    ) as server:
        # What is made once, like the tokenizer's tables, is no part of a run.
        _run(server, locust, 2, 4)
        for n_users in map(int, users.split(",")):
            run = _run(server, locust, n_users, seconds)
            failed += run.n_failed
            print(run.line(), flush=True)
    sys.exit(failed > 0)


def _run(server: Server, locust: str, n_users: int, seconds: int) -> Run:
    probe = Probe(server.url)
    probing = threading.Thread(target=probe.run)
    command = [
        locust, "--locustfile", "benchmarks/locustfile.py", "--headless", "--only-summary",
        "--json", "--host", server.url, "--users", str(n_users),
        "--spawn-rate", str(_MAX_NEW_PER_S), "--run-time", f"{seconds}s",
        "--stop-timeout", "30", "--exit-code-on-error", "0",
    ]  # fmt: skip
    probing.start()
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    finally:
        probe.stopped.set()
        probing.join()
    found = {one["name"]: one for one in json.loads(done.stdout[done.stdout.index("[") :])}
    asked, refused = found.get("/v1/ask", {}), found.get("refused", {})
    n_failed = sum(one["num_failures"] for one in found.values())
    if n_failed:
        print(done.stderr[done.stderr.find("Error report") :], file=sys.stderr)
    n_served = asked.get("num_requests", 0) - asked.get("num_failures", 0)
    return Run(
        n_users,
        n_served / seconds,
        n_served,
        refused.get("num_requests", 0),
        n_failed,
        quantiles(probe.times_ms, n=100)[98],
        server.resident_mib(),
    )


if __name__ == "__main__":
    main()
