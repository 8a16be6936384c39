"""How long a server takes from the start of its process until it answers.

`python -m benchmarks.starting --index DIR [--n 5]`: starts `dateline serve`, which hashes every
file of the index before it reads one, and waits until it answers; then looks whether torch was
loaded, and asks one question.
"""

import time
from pathlib import Path
from statistics import median

import rich_click as click

from benchmarks.serving import Server, serving
from service.client import Client

__all__: list[str] = []


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--n", default=5, show_default=True)
def main(index: Path, n: int) -> None:
    """Print the median and the longest of the starts."""
    ready_s, cpu_s, first_ms, passages, torch = [], [], [], 0, False
    for _ in range(n):
        with serving(index, log_level="error") as server, Client(server.url) as client:
            ready_s.append(server.ready_s)
            cpu_s.append(server.cpu_s())
            passages = client.archive().n_passages
            began_s = time.perf_counter()
            client.ask("Who won the election?")
            first_ms.append(1000 * (time.perf_counter() - began_s))
            torch = torch or _has_torch(server)
    print(
        f"{passages} passages, {n} starts: ready after {median(ready_s):.2f} s (p50), "
        f"{max(ready_s):.2f} s (longest), {median(cpu_s):.2f} s of them worked (p50); the first "
        f"question took {median(first_ms):.0f} ms; torch {'was' if torch else 'was never'} loaded."
    )


def _has_torch(server: Server) -> bool:
    return "libtorch" in Path(f"/proc/{server.pid}/maps").read_text()


if __name__ == "__main__":
    main()
