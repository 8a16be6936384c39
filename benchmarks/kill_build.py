"""Kill builds at random moments and check that nothing is lost.

`python -m benchmarks.kill_build [--kills 30]`: publishes an archive, then starts builds of a
changed one and ends each with SIGKILL after a random time. After each, the index must open and
verify, and hold wholly the old archive or wholly the new one. At the end a build must complete.
"""

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rich_click as click

from index.engines.local.archive import LocalArchive
from index.engines.local.verify import verify_index

SAMPLES = Path("corpus/samples/articles.jsonl")


@click.command()
@click.option("--kills", default=30, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(kills: int, seed: int) -> None:
    """Report each moment and what was found there; exit with 1 at the first loss."""
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        old, new = _archives(work)
        index = work / "index"
        _run_to_end(old, index)
        longest = _time_of_build(new, work)
        found: dict[str, int] = {}
        for number in range(1, kills + 1):
            # Every attempt starts from the published old archive.
            _run_to_end(old, index)
            moment = draw.uniform(0.0, longest)
            _kill_after(new, index, moment)
            state = _state(index)
            found[state] = found.get(state, 0) + 1
            print(f"{number:3} killed after {moment:5.2f} s: {state}")
        _run_to_end(new, index)
        if _state(index) != "new":
            sys.exit("the last build did not complete")
        print(f"{kills} kills, build of {longest:.1f} s: {found}; the next build completed.")


def _archives(work: Path) -> tuple[Path, Path]:
    """Write two archives: every second article of the new one has another text."""
    articles = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    old, new = work / "old.jsonl", work / "new.jsonl"
    old.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    for one in articles[::2]:
        one["text"] += "\n\nThis paragraph was added later."
    new.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return old, new


def _command(source: Path, index: Path) -> list[str]:
    return [sys.executable, "-m", "service.cli", "build", str(source), "--index", str(index)]


def _run_to_end(source: Path, index: Path) -> None:
    subprocess.run(_command(source, index), check=True, capture_output=True)


def _time_of_build(source: Path, work: Path) -> float:
    """Return how long the build takes that will be killed, in seconds."""
    index = work / "timed"
    _run_to_end(work / "old.jsonl", index)
    start = time.monotonic()
    _run_to_end(source, index)
    return time.monotonic() - start


def _kill_after(source: Path, index: Path, seconds: float) -> None:
    process = subprocess.Popen(
        _command(source, index), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _state(index: Path) -> str:
    """Return which archive the index holds; ends the run when it holds neither."""
    verify_index(index)
    snapshot = LocalArchive(index, threads=1).current()
    ids = [json.loads(line)["id"] for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    texts = [article.text for one in ids if (article := snapshot.article(one))]
    n_changed = sum(text.endswith("added later.") for text in texts)
    if len(texts) != len(ids) or n_changed not in (0, (len(ids) + 1) // 2):
        sys.exit(f"a mixture: {len(texts)} articles, {n_changed} changed")
    return "new" if n_changed else "old"


if __name__ == "__main__":
    main()
