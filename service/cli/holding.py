"""`dateline hold` and `dateline release`: articles out of the answers, and back."""

import getpass
from pathlib import Path

import rich_click as click

from corpus.errors import RequestError
from index.engines.local.folder import IndexFolder
from index.search.history import Hold
from index.store.holds import logged_holds
from service.cli.building import building
from service.cli.console import out, print_json
from service.cli.options import errors_told
from service.cli.options import index_option as _index
from service.words import count

__all__ = ["hold", "release"]

_by = click.option("--by", metavar="NAME", help="Who does it, for the log; by default your login.")


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--why", metavar="TEXT", help="The reason, for the log.")
@click.option("--log", "show_log", is_flag=True, help="List all holds, past ones too.")
@click.option("--json", "as_json", is_flag=True, help="With --log, print JSON.")
@_by
@_index
def hold(
    ids: tuple[str, ...],
    why: str | None,
    show_log: bool,
    as_json: bool,
    by: str | None,
    index_dir: Path,
) -> None:
    """Take the articles with these IDS out of the answers, without deleting them.

    Their pages stay and say that they are on hold. `dateline release` puts them back. Who held
    what, when and why is in the log: --log.

        dateline hold "Harbour Post/17" --why "Complaint of 3 March" --index my-archive
    """
    if show_log:
        with errors_told():
            _print_log(logged_holds(IndexFolder(index_dir).archive), as_json)
        return
    if not ids or not (why or "").strip():
        raise click.UsageError("Give the IDS of articles and --why, or --log.")
    with building(index_dir) as (builder, _):
        builder.hold(ids, str(why).strip(), _name(by))
    out.print(f"On hold: {count(len(ids), 'article')}.")


@click.command()
@click.argument("ids", nargs=-1, required=True)
@_by
@_index
def release(ids: tuple[str, ...], by: str | None, index_dir: Path) -> None:
    """Put articles that are on hold back into the answers.

    dateline release "Harbour Post/17" --index my-archive
    """
    with building(index_dir) as (builder, _):
        builder.release(ids, _name(by))
    out.print(f"Released: {count(len(ids), 'article')}.")


def _name(by: str | None) -> str:
    try:
        return (by or getpass.getuser()).strip() or "unknown"
    except OSError as error:  # a container may run as a user without a name
        raise RequestError("this user has no name: say who does it with --by NAME.") from error


def _print_log(holds: list[Hold], as_json: bool) -> None:
    if as_json:
        names = ("id", "why", "held_by", "held_at", "released_by", "released_at")
        print_json([{name: getattr(one, name) for name in names} for one in holds])
        return
    for one in holds:
        end = f", released {one.released_at} by {one.released_by}" if one.released_at else ""
        line = f"{one.id}: held {one.held_at} by {one.held_by}{end}: {one.why}"
        out.print(line, markup=False, highlight=False, soft_wrap=True)
