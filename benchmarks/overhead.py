"""What HTTP and JSON add to a question, over asking in the process itself.

`python -m benchmarks.overhead --index DIR [--n 60]`: asks a server the sample questions over one
connection. The time of a call, less the stages that the answer states, is what the way in and out
costs; the rest of the answerer's own work is in it, so it is an upper bound.
"""

import json
import time
from pathlib import Path
from statistics import median, quantiles

import rich_click as click

from benchmarks.serving import serving
from service.client import Client

__all__: list[str] = []

QUESTIONS = Path("corpus/samples/questions.jsonl")


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--n", default=60, show_default=True)
def main(index: Path, n: int) -> None:
    """Print the median time of calls, of their stages, and of the difference."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:n]
    calls_ms, added_ms = [], []
    with serving(index, log_level="error") as server, Client(server.url) as client:
        client.ask(questions[0])
        for question in questions:
            began_s = time.perf_counter()
            outcome = client.ask(question)
            calls_ms.append(1000 * (time.perf_counter() - began_s))
            added_ms.append(calls_ms[-1] - sum(outcome.timings_ms.values()))
    print(
        f"{len(questions)} questions: a call {median(calls_ms):.1f} ms (p50), of which HTTP and "
        f"JSON {median(added_ms):.2f} ms (p50), {quantiles(added_ms, n=20)[18]:.2f} ms (p95)."
    )


if __name__ == "__main__":
    main()
