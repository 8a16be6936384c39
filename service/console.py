"""What the command line shows: progress bars, answers, reports of a run."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from corpus.cleaning import RULES
from index.builder import BuildReport
from service.api.schemas import AnswerBody, AskResponse, CitedTextBody

__all__ = [
    "BuildProgress",
    "print_facts",
    "print_json",
    "print_json_line",
    "print_report",
    "print_result",
    "print_rules",
]

_SHOWN_SKIPS = 20
_SHOWN_OTHERS, _LEAST_SHOWN = 3, 0.2

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class BuildProgress:
    """Progress bars with rate and time left, one per stage, on standard error."""

    def __init__(self) -> None:
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=err,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "BuildProgress":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()
        self._bars.stop()

    def start(self, stage: str, total: int | None) -> None:
        """See `index.builder.Progress.start`."""
        self._finish()
        self._task = self._bars.add_task(stage, total=total, rate="")
        if not err.is_terminal:
            # Bars are not drawn into a log: say at least which stage begins.
            err.print(f"{stage}{f' ({total})' if total else ''} …")

    def advance(self, n: int) -> None:
        """See `index.builder.Progress.advance`."""
        if self._task is None:
            return
        task = self._bars.tasks[self._bars.task_ids.index(self._task)]
        rate = f"{task.speed:.0f}/s" if task.speed else ""
        self._bars.update(self._task, advance=n, rate=rate)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._bars.task_ids.index(self._task)]
            self._bars.update(self._task, total=task.completed or 1, completed=task.completed or 1)
            self._task = None


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON value on standard output."""
    out.print(json.dumps(value, ensure_ascii=False, indent=1), soft_wrap=True, markup=False)


def print_json_line(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON value on a line of its own on standard output."""
    out.print(json.dumps(value, ensure_ascii=False), soft_wrap=True, markup=False)


def print_report(report: BuildReport) -> None:
    """Print what a run did, and each record that it skipped."""
    for skip in report.skips[:_SHOWN_SKIPS]:
        err.print(f"[yellow]skipped[/] {escape(str(skip))}", soft_wrap=True)
    if len(report.skips) > _SHOWN_SKIPS:
        err.print(f"[yellow]skipped[/] {len(report.skips) - _SHOWN_SKIPS} more", soft_wrap=True)
    for conflict in report.conflicts[:_SHOWN_SKIPS]:
        err.print(f"[yellow]one id, two articles[/] {escape(str(conflict))}", soft_wrap=True)
    if more := report.n_conflicts - len(report.conflicts[:_SHOWN_SKIPS]):
        err.print(f"[yellow]one id, two articles[/] {more} more", soft_wrap=True)
    kept = f"{report.kept} kept, " if report.kept else ""
    out.print(
        f"Snapshot {report.snapshot}: {report.added} added, {report.replaced} replaced, {kept}"
        f"{report.unchanged} unchanged, {report.removed} removed, {len(report.skips)} skipped; "
        f"{report.embedded} passages embedded.",
        soft_wrap=True,
    )


def print_facts(facts: Mapping[str, object], as_json: bool) -> None:
    """Print what an index holds, a line for each fact."""
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{one or 'unknown'} {n}" for one, n in value.items())
        shown = ", ".join(value) if isinstance(value, tuple) else value
        out.print(f"{name:18} {escape(str(shown))}", soft_wrap=True)


def print_rules(as_json: bool) -> None:
    """Print the rules by which texts are cleaned."""
    if as_json:
        print_json({"cleaning": [{"name": rule.name, "drops": rule.drops} for rule in RULES]})
        return
    for rule in RULES:
        out.print(f"{rule.name:20} {escape(rule.drops)}", soft_wrap=True, highlight=False)
    out.print("A paragraph with a quotation is never touched.", soft_wrap=True)


def print_result(result: AskResponse) -> None:
    """Print an answer with its proof, or the reason why there is none."""
    if result.corrected_question:
        out.print(f"[dim]showing results for: {escape(result.corrected_question)}[/]")
    if result.standalone_question != (result.corrected_question or result.question):
        out.print(f"[dim]understood as: {escape(result.standalone_question)}[/]")
    if result.note:
        out.print(f"[dim]{escape(result.note)}[/]")
    if result.answer:
        _print_answer(result.answer)
        _print_several("each of them:", result.answer.items)
        over_time = "outlets differ:" if result.answer.conflict else "over time:"
        _print_several(over_time, result.answer.timeline)
    else:
        out.print(f"[bold]No answer.[/] {escape(result.reason or '')}")
    _print_others("possible answers", result.alternatives)
    if not result.answer:
        for hit in result.nearest[:3]:
            where = ", ".join(filter(None, (hit.source, hit.published)))
            out.print(f"  [dim]closest:[/] {escape(hit.title)} ({escape(where)})")


def _print_answer(answer: AnswerBody) -> None:
    value = answer.value
    day = f" = {value['iso']}" if value and value["type"] == "date" else ""
    out.print(
        f"[bold green]{escape(answer.text)}[/][green]{day}[/]  "
        f"[dim]confidence {answer.confidence:.2f}{'' if answer.likely else ', a possibility'}[/]"
    )
    for citation in answer.citations:
        start = citation.answer_start - citation.quote_start
        end = citation.answer_end - citation.quote_start
        quote = citation.quote
        out.print(
            f"  “{escape(quote[:start])}[bold]{escape(quote[start:end])}[/]{escape(quote[end:])}”"
        )
        where = (citation.title, citation.source, citation.published, citation.url)
        out.print(f"  [dim]{escape(' · '.join(filter(None, where)))}[/]")


def _print_several(title: str, entries: Sequence[CitedTextBody]) -> None:
    if entries:
        out.print(f"  [dim]{title}[/]")
    for entry in entries:
        cited = entry.citation
        where = " · ".join(filter(None, (cited.published, cited.source, cited.title)))
        out.print(f"    {escape(entry.text)}  [dim]{escape(where)}[/]")


def _print_others(title: str, answers: Sequence[AnswerBody]) -> None:
    # Less likely ones are guesses: they would only mislead.
    shown = [answer for answer in answers if answer.confidence >= _LEAST_SHOWN][:_SHOWN_OTHERS]
    if shown:
        listed = "; ".join(f"{answer.text} ({answer.confidence:.2f})" for answer in shown)
        out.print(f"  [dim]{title}: {escape(listed)}[/]")
