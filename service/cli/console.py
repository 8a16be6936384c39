"""What the command line shows: progress bars, answers, reports of a run."""

import json
from collections.abc import Mapping
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
from index.building.builder import BuildReport
from service.words import count

__all__ = [
    "BuildProgress",
    "err",
    "out",
    "print_facts",
    "print_json",
    "print_json_line",
    "print_report",
    "print_rules",
]

_SHOWN_SKIPS = 20

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
        """See `index.building.builder.Progress.start`."""
        self._finish()
        self._task = self._bars.add_task(stage, total=total, rate="")
        if not err.is_terminal:
            # Bars are not drawn into a log: say at least which stage begins.
            err.print(f"{stage}{f' ({total})' if total else ''} …")

    def advance(self, n: int) -> None:
        """See `index.building.builder.Progress.advance`."""
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
        f"{count(report.embedded, 'passage')} embedded.",
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
        none = "no problems" if name == "trouble" else "none"
        out.print(f"{name:18} {escape(str(none if shown is None else shown))}", soft_wrap=True)


def print_rules(as_json: bool) -> None:
    """Print the rules by which texts are cleaned."""
    if as_json:
        print_json({"cleaning": [{"name": rule.name, "drops": rule.drops} for rule in RULES]})
        return
    for rule in RULES:
        out.print(f"{rule.name:20} {escape(rule.drops)}", soft_wrap=True, highlight=False)
    out.print("Paragraphs with a quotation are left as they are.", soft_wrap=True)
