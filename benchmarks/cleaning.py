"""What does cleaning drop, and is it ever an answer? `python -m benchmarks.cleaning`.

Cleans the news archive (`$DATELINE_DATA`): the lines that each rule drops, the time it takes, and
for each question the articles that are known to hold an answer and no longer do. `--show N` prints
N lines that each rule dropped, drawn at random, to be looked at.
"""

import json
import random
import time
from collections import Counter, defaultdict
from typing import Any

import rich_click as click

from corpus.cleaning import RULES, clean_text, normalise
from training.datasets import data_path, read_json_lines

_SEED = 1


@click.command()
@click.option("--show", default=0, help="Print so many of the lines that each rule dropped.")
def main(show: int) -> None:
    """Print what each rule drops, and the answers that are lost."""
    dropped: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    texts: dict[str, tuple[str, str]] = {}
    lines: dict[str, list[str]] = defaultdict(list)
    seconds = {"normalise": 0.0, "normalise and clean": 0.0}
    for row in read_json_lines(data_path("news/realtimeqa-articles.jsonl.gz")):
        began = time.perf_counter()
        before = normalise(row["text"])
        seconds["normalise"] += time.perf_counter() - began
        began = time.perf_counter()
        cleaned = clean_text(row["text"])
        seconds["normalise and clean"] += time.perf_counter() - began
        dropped.update(cleaned.dropped)
        articles.update(cleaned.dropped.keys())
        texts[row["url"]] = before.casefold(), cleaned.text.casefold()
        if show and cleaned.dropped:
            _collect(before, lines)
    print(f"{len(texts)} articles;", ", ".join(f"{what} {s:.1f} s" for what, s in seconds.items()))
    for rule in RULES:
        print(f"  {rule.name}: {dropped[rule.name]} lines of {articles[rule.name]} articles")
        n = min(show, len(lines[rule.name]))
        some = random.Random(_SEED).sample(lines[rule.name], n)  # noqa: S311
        print("".join(f"    {line[:150]}\n" for line in some), end="")
    _print_lost(texts)


def _collect(text: str, lines: dict[str, list[str]]) -> None:
    kept = text.split("\n")
    for rule in RULES:
        before, kept = kept, rule.apply(kept)
        lines[rule.name] += filter(None, (Counter(before) - Counter(kept)).keys())


def _print_lost(texts: dict[str, tuple[str, str]]) -> None:
    n_held = n_lost = 0
    questions: list[dict[str, Any]] = _questions()
    for question in questions:
        for before, after in (texts[url] for url in question["urls"] if url in texts):
            for answer in map(str.casefold, question["answers"]):
                n_held += answer in before
                if answer in before and answer not in after:
                    n_lost += 1
                    said = next(line for line in before.split("\n") if answer in line)
                    print(f"  lost {answer!r}, which stood in: {said[:100]}")
    print(f"{len(questions)} questions: of {n_held} answers in their articles {n_lost} are lost")


def _questions() -> list[dict[str, Any]]:
    lines = data_path("news/realtimeqa-questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
