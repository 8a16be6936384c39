"""Score a reader on questions that no training set holds: `python -m training.validate`.

`--questions squad2` (the default) reads `$DATELINE_DATA/reader/val-squad2.jsonl.gz`, `timeqa` the
test part of TimeQA's questions by people: there the answer depends on a date in the question, and
passages about other dates look as if they answered it. Prints EM and F1 with every question
answered that has an answer, at the best threshold for refusing, how well the reader tells the two
kinds of question apart, and what it scores below "no answer".
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rich_click as click

from corpus.article import Article, Passage
from corpus.errors import DatelineError
from corpus.sentences import sentence_spans
from index.search.hit import Hit
from service.evaluation.metrics import auroc, exact_match, f1_score
from service.reader.onnx_reader import load_reader
from service.reader.reader import Reader
from training.datasets import data_path, read_json_lines

__all__ = ["Scored", "at_best_threshold", "refused", "score_examples"]


_FILES = {
    "squad2": "reader/val-squad2.jsonl.gz",
    "timeqa": "reader/more/train-timeqa_human_test.jsonl.gz",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: the scores of answering, those of refusing, and the margin over refusing."""

    answerable: bool
    em: float
    f1: float
    margin: float


@click.command()
@click.option("--model", type=click.Path(exists=True, path_type=Path), default=None)
@click.option("--questions", type=click.Choice(list(_FILES)), default="squad2", show_default=True)
@click.option("--limit", type=int, default=None, help="Only so many questions, drawn at random.")
@click.option("--threads", type=int, default=2)
def main(model: Path | None, questions: str, limit: int | None, threads: int) -> None:
    """Print the scores of the bundled reader, or of the one in the folder MODEL."""
    try:
        examples = list(read_json_lines(data_path(_FILES[questions])))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    if limit:
        # Fixed, so that readers are compared on the same questions.
        examples = random.Random(7).sample(examples, limit)
    scored = score_examples(load_reader(model, threads), examples)
    answerable = [one for one in scored if one.answerable]
    others = [one for one in scored if not one.answerable]
    em, f1 = at_best_threshold(scored)
    print(f"n {len(scored)}, answerable {len(answerable)}")
    print(f"answerable only: EM {_mean(answerable, 'em'):.1f} F1 {_mean(answerable, 'f1'):.1f}")
    print(f"best threshold:  EM {em:.1f} F1 {f1:.1f}")
    area = auroc([one.margin for one in scored], [one.answerable for one in scored])
    if area is not None:
        print(f"AUROC answerable or not: {area:.3f}")
    for name, some in (("answerable", answerable), ("others", others)):
        print(f'below "no answer": {refused(some):.1%} of the {name}')


def score_examples(reader: Reader, examples: Sequence[dict[str, Any]]) -> list[Scored]:
    """Read each example's context with its question and score the best span."""
    return [_score(reader, example) for example in examples]


def _score(reader: Reader, example: dict[str, Any]) -> Scored:
    context = example["context"]
    sentences = tuple(sentence_spans(context))
    passage = Passage("p", "a", 0, len(context), sentences)
    hit = Hit(Article("a", "", context), passage, 0, 0.0)
    spans = reader.read(example["question"], [hit], max_spans=1)
    text = context[spans[0].start : spans[0].end] if spans else ""
    golds = () if example["impossible"] else tuple(example.get("answers") or [example["answer"]])
    margin = spans[0].score - spans[0].null_score if spans else float("-inf")
    return Scored(bool(golds), exact_match(text, golds), f1_score(text, golds), margin)


def _mean(scored: Sequence[Scored], name: str) -> float:
    total: float = sum(getattr(one, name) for one in scored)
    return 100 * total / max(1, len(scored))


def refused(scored: Sequence[Scored]) -> float:
    """Return the share of the questions whose best span scores below "no answer"."""
    return sum(one.margin < 0 for one in scored) / max(1, len(scored))


def at_best_threshold(scored: Sequence[Scored]) -> tuple[float, float]:
    """Return EM and F1 in percent, each at its own best threshold on `margin`.

    As the official script of SQuAD 2.0 finds `best_exact` and `best_f1` (Rajpurkar et al. 2018):
    from refusing every question on, answering one more, the surest first.
    """
    best = []
    for name in ("em", "f1"):
        total = top = float(sum(not one.answerable for one in scored))
        for one in sorted(scored, key=lambda one: -one.margin):
            total += getattr(one, name) if one.answerable else -1
            top = max(top, total)
        best.append(100 * top / len(scored))
    return best[0], best[1]


if __name__ == "__main__":
    main()
