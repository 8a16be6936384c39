"""Questions to suggest: only those that were asked here, and answered with what is expected."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from index.engines.archive import Archive
from index.search.query import Filters
from service.answering.answer import Answer, Question
from service.answering.answerer import Answerer
from service.answering.openers import Opener, openers_of

__all__ = ["follow_ups", "is_answered", "verified"]

Check = Callable[[], None]

# Each is asked, so a handful is checked to find a few.
_N_FOLLOW_UPS = 3
_MAX_CHECKED_FOLLOW_UPS = 6


def is_answered(opener: Opener, answer: Answer | None) -> bool:
    """Tell whether an answer is what an opener's article says, and likely."""
    if answer is None or not answer.likely:
        return False
    if opener.article_id not in {cited.article_id for cited in answer.citations}:
        return False
    if opener.answer is None:
        return True
    given, expected = answer.text.casefold(), opener.answer.casefold()
    return expected in given or given in expected


def verified(
    candidates: Iterable[Opener],
    answerer: Answerer,
    n: int,
    raise_if_cancelled: Check | None = None,
    filters: Filters | None = None,
    as_of: date | None = None,
    is_busy: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Return the first `n` of the questions that are answered as expected, by asking them.

    It ends with those found so far once others wait.
    """
    found: list[str] = []
    for opener in candidates:
        if len(found) == n or is_busy():
            break
        if opener.question in found:
            continue
        question = Question(opener.question, filters=filters or Filters(), as_of=as_of)
        if is_answered(
            opener, answerer.ask(question, raise_if_cancelled=raise_if_cancelled).answer
        ):
            found.append(opener.question)
    return found


def follow_ups(
    articles: Sequence[str],
    known: Sequence[str],
    answerer: Answerer,
    archive: Archive,
    raise_if_cancelled: Check | None = None,
    filters: Filters | None = None,
    as_of: date | None = None,
    is_busy: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Return at most three questions that articles answer.

    `known` are the questions asked before and the answers given: neither is asked for again.
    """
    snapshot = archive.current()
    told = {text.casefold() for text in known}
    read = filter(None, map(snapshot.article, articles))
    candidates = [
        opener
        for article in read
        for opener in openers_of(article)
        if not {opener.question.casefold(), (opener.answer or "").casefold()} & told
    ][:_MAX_CHECKED_FOLLOW_UPS]
    return verified(
        candidates, answerer, _N_FOLLOW_UPS, raise_if_cancelled, filters, as_of, is_busy
    )
