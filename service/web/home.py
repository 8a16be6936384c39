"""The page to ask on, with the question and the filters of its address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from index.engines.archive import ArchiveStatus
from service.following.freshness import Freshness, moment
from service.web.addresses import PageFilters
from service.web.markup import Html, element, joined
from service.web.pages import chip, laid_out
from service.words import count, day

__all__ = ["HomeView", "empty_page", "home_page"]


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the page shows.

    `turn` is a question with its outcome, `crossed` what is wrong with the filters. `examples` are
    None where they are being found. `freshness` is how new the archive is, seen from `now`.
    """

    status: ArchiveStatus
    filters: PageFilters
    question: str = ""
    turn: Html | None = None
    crossed: str = ""
    examples: Sequence[str] | None = ()
    max_question_chars: int = 1000
    max_history_turns: int = 20
    freshness: Freshness = field(default_factory=Freshness)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def home_page(view: HomeView) -> str:
    """Return the page to ask on."""
    filters = view.filters
    chips = [chip(label, rest.address()) for label, rest in filters.each_left_out()]
    examples = [element("li", _example(text)) for text in view.examples or ()]
    return laid_out(
        "index.html",
        page_title=f"{view.question} · Dateline" if view.question else "Dateline: ask the archive",
        script="chat.js",
        here="ask",
        turn=view.turn or "",
        facts=escape(_facts(view.status)),
        freshness=_freshness(view),
        max_history_turns=str(view.max_history_turns),
        max_question_chars=str(view.max_question_chars),
        question=escape("" if view.turn else view.question),
        chips=joined(chips),
        no_chips="" if chips else " hidden",
        open=" open" if view.crossed else "",
        outlets=_outlets(view.status.sources, filters.sources),
        first=escape(filters.first),
        last=escape(filters.last),
        as_of=escape(filters.as_of),
        crossed=escape(view.crossed),
        no_crossed="" if view.crossed else " hidden",
        examples=joined(examples),
        no_examples="" if examples else " hidden",
        # The scripts of the page wait for them.
        unchecked=" data-unchecked" if view.examples is None else "",
    )


def empty_page(why: str) -> str:
    """Return the page for a server that has no article to answer from, and why."""
    return laid_out("empty.html", page_title="Dateline: nothing to ask yet", why=escape(why))


def _facts(status: ArchiveStatus) -> str:
    still = status.n_passages - status.n_embedded
    days = status.first_day and f"{day(status.first_day)} to {day(status.last_day)}"
    facts = (
        count(status.n_articles, "article"),
        count(len(status.sources), "outlet"),
        days,
        status.published_at and f"updated {day(status.published_at)}",
        f"{count(still, 'passage')} still being indexed" if still > 0 else None,
    )
    return " · ".join(fact for fact in facts if fact)


def _freshness(view: HomeView) -> Html:
    """Return how new the archive is, and a line for each source that is late."""
    fresh, parts = view.freshness, []
    if fresh.newest:
        parts += ["Articles up to ", element("span", moment(fresh.newest), id="newest")]
    if fresh.checked:
        ago = fresh.looked_ago(view.now)
        when = element("time", ago, id="checked", datetime=fresh.checked.isoformat())
        parts += ["; last looked " if parts else "Last looked ", when]
    line = element("p", *parts, id="fresh", class_="facts") if parts else None
    late = (f"{source.name} is late: {source.late}." for source in fresh.late)
    return joined([line, *(element("p", one, class_="facts late") for one in late)])


def _outlets(names: Sequence[str], chosen: Sequence[str]) -> Html:
    in_order = sorted(names, key=str.casefold)
    # With scripts each choice becomes a chip; without them one outlet can be chosen.
    first = next(iter(chosen), None)
    return joined(element("option", name, value=name, selected=name == first) for name in in_order)


def _example(question: str) -> Html:
    return element(
        "a", question, class_="example asks", dir="auto", href=PageFilters().address(question)
    )
