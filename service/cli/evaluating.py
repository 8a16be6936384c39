"""`dateline eval`: how good the answers are."""

import dataclasses
from pathlib import Path

import rich_click as click

from service.cli.console import BuildProgress, print_json
from service.cli.options import Number, errors_told, index_option
from service.settings import Settings
from service.wiring import open_answerer

__all__ = ["evaluate_command"]

_PATH = click.Path(path_type=Path)


@click.command("eval")
@click.argument("questions", type=_PATH, required=False)
@index_option
@click.option("--gold", is_flag=True, help="Score the gold sets, on an index of the samples.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all rows.")
@click.option("--report", type=_PATH, help="Write an HTML report to this file.")
@click.option("--limit", type=Number(1), help="Ask only the first N questions.")
def evaluate_command(
    questions: Path | None,
    index_dir: Path,
    gold: bool,
    as_json: bool,
    report: Path | None,
    limit: int | None,
) -> None:
    """Ask every question of QUESTIONS (JSON lines) and score the answers.

    A question is {"id", "question", "answers": [...], "as_of"?, "filters"?, "history"?}. No
    answers means that the archive does not say, and refusing is right.

        dateline eval questions.jsonl --report report.html

    --gold scores the hand-written sets for dates, numbers, support, timelines, follow-ups, lists,
    reasons, refusals, proofs, questions as people type them and stories that change, by name.
    """
    if questions and not gold:
        _evaluate(questions, index_dir, as_json, report, limit)
    elif gold and not questions:
        _evaluate_gold(index_dir, as_json)
    else:
        raise click.UsageError("give a file of QUESTIONS, or --gold.")


def _evaluate(
    questions: Path, index_dir: Path, as_json: bool, report: Path | None, limit: int | None
) -> None:
    # Here, not at the top: only this command needs it.
    from service.evaluation.questions import read_questions
    from service.evaluation.report import write_report
    from service.evaluation.runner import evaluate

    with errors_told(), BuildProgress() as bars:
        asked = read_questions(questions)[:limit]
        answerer, archive = open_answerer(Settings(index_dir=index_dir))
        bars.start("Asking questions", len(asked))
        result = evaluate(asked, answerer, archive, on_progress=lambda: bars.advance(1))
    if report:
        write_report(result, report)
    if as_json:
        print_json(result.as_dict())
    else:
        click.echo(result.summary())


def _evaluate_gold(index_dir: Path, as_json: bool) -> None:
    from service.evaluation.gold.sets import evaluate_gold

    with errors_told():
        answerer, _ = open_answerer(Settings(index_dir=index_dir))
        scores = list(evaluate_gold(answerer))
    if as_json:
        print_json({"gold": [dataclasses.asdict(score) for score in scores]})
    else:
        for score in scores:
            click.echo(f"{score.name:48} {score.score:.3f} of {score.n}")
