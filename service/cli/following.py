"""`dateline follow`: an index is kept in step with its sources until it is stopped."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import rich_click as click

from corpus.errors import IndexStateError, RequestError
from service.cli.console import err, out
from service.cli.options import errors_told, index_option
from service.following.freshness import Freshness, SourceFreshness, moment, span
from service.following.source import Source, is_address, read_duration, read_named
from service.following.state import State
from service.priority import giving_way
from service.settings import Settings
from service.wiring import open_archive
from service.words import count
from service.writing import IndexWriter

if TYPE_CHECKING:
    from service.following.follower import Follower, Round

__all__ = ["follow", "freshness_facts"]


class _Every(click.ParamType[float]):
    name = "TIME"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            return read_duration(value) if isinstance(value, str) else value
        except RequestError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("named", metavar="SOURCE...", nargs=-1, required=True)
@index_option
@click.option("--once", is_flag=True, help="Look at each source once, publish, and end.")
@click.option(
    "--every", type=_Every(), default="15m", show_default=True, help="Time between two looks."
)
@click.option(
    "--full-text", is_flag=True, help="Read the articles' pages where a feed has summaries."
)
@click.option("--private", is_flag=True, help="The hosts named may be on a private network.")
@click.option("--forget", is_flag=True, help="Stop following SOURCE; its articles stay.")
def follow(
    named: tuple[str, ...],
    index_dir: Path,
    once: bool,
    every: float,
    full_text: bool,
    private: bool,
    forget: bool,
) -> None:
    """Keep the index in step with what is published at each SOURCE, until stopped.

    A SOURCE is a folder, file or pattern in quotes, a feed (RSS, Atom, JSON Feed), a news sitemap,
    a WordPress site by its /wp-json/, or a file that lists such sources, one on a line, as in
    `https://post.example/feed outlet="Harbour Post" full-text every=5m`. What was read is not
    read again. Articles whose file goes from a folder are removed.

        dateline follow https://post.example/feed.xml stories/ --index my-archive
    """
    # Here, not at the top: no other command fetches anything.
    from service.following.opening import open_follower

    # Bars of the libraries that export the embedder.
    os.environ.setdefault("TQDM_DISABLE", "1")
    with errors_told():
        if forget:
            _forget(named, index_dir)
            return
        sources = read_named(named, full_text=full_text, private=private)
        settings = Settings(index_dir=index_dir)
        archive = open_archive(settings)
        writer = IndexWriter(settings, archive)
        with (
            giving_way(),
            open_follower(
                settings,
                sources,
                writer,
                archive,
                every_s=None if once else every,
                tell=lambda text: err.print(text, soft_wrap=True, markup=False),
            ) as follower,
            _stopped_by_signals(follower),
        ):
            if once:
                _report(follower, follower.round())
                return
            err.print(f"Following {count(len(sources), 'source')} (Ctrl-C stops it)")
            follower.run()


def _report(follower: "Follower", done: "Round") -> None:
    # What cron runs says nothing when there is nothing to say.
    if done.n_new or done.n_failed or out.is_terminal:
        looked = count(done.n_looked, "source")
        failed = f", {done.n_failed} failed" if done.n_failed else ""
        out.print(f"Looked at {looked}{failed}: {count(done.n_new, 'article')} new or changed.")
    if left := follower.state.items.n_waiting("add", "remove", "raw", "page"):
        out.print(f"{count(left, 'item')} not published yet: the next round goes on with them.")
    if done.n_looked and done.n_failed == done.n_looked:
        raise SystemExit(1)


def _forget(named: tuple[str, ...], index_dir: Path) -> None:
    with State(index_dir) as state:
        known = {one.key for one in state.followed()}
        keys = [_key(text) for text in named]
        if missing := [text for text, key in zip(named, keys, strict=True) if key not in known]:
            raise IndexStateError(f"{missing[0]} is not followed: `dateline info` lists sources.")
        state.forget(keys)
    out.print(f"{count(len(keys), 'source')} forgotten; the articles stay in the index.")


def _key(text: str) -> str:
    return read_named([text])[0].key if is_address(text) else Source(str(Path(text).absolute())).key


@contextmanager
def _stopped_by_signals(follower: "Follower") -> Iterator[None]:
    """Have Ctrl-C and SIGTERM end what is being done soon, and a second one at once."""

    def stop(number: int, _: FrameType | None) -> None:
        follower.stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def freshness_facts(freshness: Freshness, *, as_json: bool) -> dict[str, object]:
    """Return how fresh an archive is, as `dateline info` shows it."""
    if as_json:
        followed = [
            {
                "name": source.name,
                "address": source.address,
                "checked": source.checked and source.checked.isoformat(),
                "newest": source.newest and source.newest.isoformat(),
                "usual_s": source.usual_s,
                "failures": source.n_failures,
                "trouble": source.trouble,
                "late": source.late,
            }
            for source in freshness.sources
        ]
        checked = freshness.checked and freshness.checked.isoformat()
        return {"newest": freshness.newest, "checked": checked, "followed": followed}
    newest = moment(freshness.newest) if freshness.newest else None
    checked = freshness.checked and moment(freshness.checked.isoformat())
    facts: dict[str, object] = {"newest": newest, "checked": checked and f"{checked} UTC"}
    return facts | {source.name: _in_words(source) for source in freshness.sources}


def _in_words(source: SourceFreshness) -> str:
    """Return a line on a followed source."""
    parts = [
        f"late: {source.late}" if source.late else None,
        f"checked {moment(source.checked.isoformat())} UTC" if source.checked else "never read",
        f"something new {moment(source.newest.isoformat())} UTC" if source.newest else None,
        f"usually every {span(source.usual_s)}" if source.usual_s else None,
        source.trouble,
    ]
    return "; ".join(part for part in parts if part)
