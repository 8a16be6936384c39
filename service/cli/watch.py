"""`dateline watch`: questions that are asked again when the archive changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.markup import escape

from index.search.query import Filters
from service.cli.console import err, out, print_json, print_json_line
from service.cli.options import Day, errors_told, index_option
from service.settings import Settings
from service.watching.asking import check_watchable
from service.watching.bodies import EntryBody, WatchBody
from service.watching.database import WatchDatabase
from service.watching.entries import Entries
from service.watching.running import RunReport
from service.watching.watch import CHANGES, Outcome, Watch
from service.watching.watches import Watches
from service.words import count

if TYPE_CHECKING:
    from service.watching.background import Watcher

__all__ = ["watch"]


@click.group()
def watch() -> None:
    """Watch questions, and see when their answers change.

    A server asks them again after each publication; without one, `dateline watch run` does.

        dateline watch add "Who is the captain of the ferry?" --index my-archive
    """


@watch.command()
@click.argument("words", metavar="QUESTION", nargs=-1, required=True)
@index_option
@click.option("--as", "name", help="For whom it is watched.")
@click.option("--source", "sources", multiple=True, help="Only this outlet (repeatable).")
@click.option("--from", "published_from", type=Day(), help="Published on or after this day.")
@click.option("--to", "published_to", type=Day(), help="Published on or before this day.")
def add(
    words: tuple[str, ...],
    index_dir: Path,
    name: str | None,
    sources: tuple[str, ...],
    published_from: date | None,
    published_to: date | None,
) -> None:
    """Watch QUESTION from now on; its first answer comes with the next run.

    dateline watch add "How many people died in the flood?" --as "Ada Lind"
    """
    question = " ".join(words).strip()
    if published_from and published_to and published_from > published_to:
        raise click.UsageError(f"--to {published_to} is before --from {published_from}.")
    with errors_told():
        check_watchable(question)
        watches = Watches(WatchDatabase(index_dir), Settings().max_watches)
        filters = Filters(sources, published_from, published_to)
        new = watches.add(question, filters, datetime.now(UTC), name=name)
    err.print("A server that runs asks it now; otherwise `dateline watch run` does.")
    click.echo(new.watch.id)


@watch.command("list")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def list_command(index_dir: Path, as_json: bool) -> None:
    """List the watched questions, with their answers and as of when these are current.

    dateline watch list --index my-archive
    """
    with errors_told():
        found = Watches(WatchDatabase(index_dir), Settings().max_watches).all()
    if as_json:
        print_json([WatchBody.of(one).model_dump(mode="json") for _, one in found])
        return
    if not found:
        err.print("No question is watched. `dateline watch add QUESTION` begins.", soft_wrap=True)
    for _, one in found:
        _print_watch(one)


@watch.command()
@click.argument("watch_id", metavar="ID")
@index_option
def remove(watch_id: str, index_dir: Path) -> None:
    """Watch the question with this ID no longer; its entries are forgotten.

    dateline watch remove 4f0c2a9be61d7735
    """
    with errors_told():
        watches = Watches(WatchDatabase(index_dir), Settings().max_watches)
        removed = watches.remove(watch_id)
    click.echo(f"No longer watched: {removed.question}")


@watch.command()
@index_option
def run(index_dir: Path) -> None:
    """Ask again what the last publications touch, and send what changed.

    For archives that no server watches, after a build.

        dateline watch run --index my-archive
    """
    with errors_told(), _opened(index_dir) as watcher:
        report = watcher.ask()
        watcher.send()
    out.print(_in_words(report), soft_wrap=True)


@watch.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object on each line.")
@click.option("--after", default=0, help="Only entries with a higher number.")
def entries(index_dir: Path, as_json: bool, after: int) -> None:
    """Print the changed answers, oldest first.

    dateline watch entries --json --index my-archive
    """
    with errors_told():
        found = Entries(WatchDatabase(index_dir)).list(after=after)
    for entry in found:
        if as_json:
            print_json_line(EntryBody.of(entry).model_dump(mode="json"))
            continue
        out.print(
            f"{entry.at}  {escape(entry.question)}\n"
            f"  {CHANGES[entry.change]}: {escape(_answer(entry.after))}\n"
            f"  Before: {escape(_answer(entry.before))}",
            soft_wrap=True,
        )


@contextmanager
def _opened(index_dir: Path) -> "Iterator[Watcher]":
    # Here, not at the top: only this command loads the models.
    from service.watching.wiring import open_watcher
    from service.wiring import open_answerer

    settings = Settings(index_dir=index_dir)
    answerer, archive = open_answerer(settings)
    yield open_watcher(settings, answerer, archive)


def _print_watch(one: Watch) -> None:
    whom = f" (for {one.name})" if one.name else ""
    out.print(f"{one.id}  {escape(one.question)}{escape(whom)}", soft_wrap=True)
    told = _answer(one.outcome) if one.outcome else "not asked yet"
    current = f"checked {one.checked}, snapshot {one.snapshot}" if one.checked else ""
    state = "; ".join(filter(None, (current, "to be asked" if one.is_due else "")))
    out.print(f"  {escape(told)}", soft_wrap=True)
    out.print(f"  {state}", soft_wrap=True)
    if one.trouble:
        out.print(f"  [yellow]could not be asked[/]: {escape(one.trouble)}", soft_wrap=True)


def _answer(outcome: Outcome) -> str:
    answer = outcome.answer
    if answer is None:
        return f"no answer: {outcome.reason}"
    said = "; ".join(item.text for item in answer.items) or answer.text
    first = answer.citations[0]
    where = ", ".join(filter(None, (first.source, first.published and first.published[:10])))
    return f"{said} ({where})" if where else said


def _in_words(report: RunReport) -> str:
    if report.is_waiting:
        return (
            f"Snapshot {report.snapshot} is still being embedded: watched questions are asked "
            "again when that is done."
        )
    return (
        f"Snapshot {report.snapshot}: {count(report.n_looked, 'question')} looked up, "
        f"{report.n_asked} asked, {report.n_changed} changed."
    )
