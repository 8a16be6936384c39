"""An answer as people read it in a terminal: answer, quote, source, possible others."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from service.api.bodies.answers import AnswerBody, AskResponse, CitationBody, CitedTextBody, HitBody
from service.words import correction, day, degree, percent, sources

__all__ = ["print_result"]

_SHOWN_OTHERS, _MIN_SHOWN = 3, 0.2
_SHOWN_NEAREST = 3
_INDENT = 2
_MARKS = ("“", '"', "«", "„")


def print_result(result: AskResponse, out: Console) -> None:
    """Print an answer with its proof, or the reason why there is none.

    Lines are wrapped to the width of a terminal. In a pipe or a file each text is one line, so that
    programs find it, and an address is never broken.
    """
    page = _Page(out)
    if result.corrected_question:
        page.line(f"Showing results for: {result.corrected_question}", "dim")
    if result.standalone_question != (result.corrected_question or result.question):
        page.line(f"Asked as: {result.standalone_question}", "dim")
    if result.note:
        page.line(result.note, "dim")
    if result.answer:
        _print_answer(page, result.answer)
    else:
        page.line("No answer found.", "bold")
        page.line(result.reason or "")
    _print_others(page, result.alternatives)
    if not result.answer:
        _print_nearest(page, result.nearest[:_SHOWN_NEAREST])


class _Page:
    """Prints lines, indented where they belong to something."""

    def __init__(self, out: Console) -> None:
        self._out = out

    def line(self, text: str | Text, style: str = "", level: int = 0) -> None:
        written = text if isinstance(text, Text) else Text(text, style)
        if self._out.is_terminal:
            self._out.print(Padding(written, (0, 0, 0, level * _INDENT), expand=False))
        else:
            self.whole(written, level=level)

    def whole(self, text: str | Text, style: str = "", level: int = 0) -> None:
        """Print a line that is not wrapped: an address."""
        written = text if isinstance(text, Text) else Text(text, style)
        self._out.print(Text(" " * level * _INDENT) + written, soft_wrap=True)

    def title(self, text: str) -> None:
        self._out.print()
        self.line(text, "bold")


def _print_answer(page: _Page, answer: AnswerBody) -> None:
    if not answer.likely:
        page.line("Possible answer: check the quote before you rely on it.", "dim")
    page.line(answer.text, "bold green" if answer.likely else "")
    page.line(_trust(answer), "dim")
    first, *more = answer.citations
    page.title("Source" if not more else f"Sources ({len(answer.citations)})")
    _print_quote(page, first)
    for citation in more:
        _print_source(page, citation)
    _print_several(page, "Items", answer.items)
    changed = "Outlets differ" if answer.conflict else "Over time"
    _print_several(page, changed, answer.timeline)


def _trust(answer: AnswerBody) -> str:
    sure = f"{degree(answer.confidence).capitalize()} ({percent(answer.confidence)})"
    value = answer.value
    meaning = str(value["iso"]) if value and value["type"] == "date" else None
    said = sources(answer.support, len(answer.citations))
    return " · ".join(part for part in (sure, said, meaning) if part and part != answer.text)


def _print_quote(page: _Page, citation: CitationBody) -> None:
    start = citation.answer_start - citation.quote_start
    end = citation.answer_end - citation.quote_start
    # A sentence that is speech has marks of its own.
    mark = 0 if citation.quote.startswith(_MARKS) else 1
    quote = Text(f"{'“' * mark}{_plain(citation.quote)}{'”' * mark}")
    quote.stylize("bold", mark + start, mark + end)
    page.line(quote, level=1)
    _print_source(page, citation)


def _print_source(page: _Page, cited: CitationBody | HitBody) -> None:
    facts = (cited.source, day(cited.published), cited.title or "Untitled")
    page.line(_plain(" · ".join(fact for fact in facts if fact)), "dim", level=1)
    if cited.url:
        page.whole(_plain(cited.url), "dim", level=1)
    for one in cited.corrections if isinstance(cited, CitationBody) else ():
        page.line(_plain(f"{correction(one.kind, one.day)}: {one.text}"), "yellow", level=1)


def _print_several(page: _Page, title: str, entries: Sequence[CitedTextBody]) -> None:
    if not entries:
        return
    page.title(title)
    for entry in entries:
        where = " · ".join(filter(None, (day(entry.citation.published), entry.citation.source)))
        page.line(_plain(f"{entry.text} ({where})"), level=1)


def _print_others(page: _Page, answers: Sequence[AnswerBody]) -> None:
    # Less likely ones are guesses: they would only mislead.
    shown = [answer for answer in answers if answer.confidence >= _MIN_SHOWN][:_SHOWN_OTHERS]
    if not shown:
        return
    page.title(f"Possible answers ({len(shown)})")
    for answer in shown:
        page.line(_plain(f"{answer.text} ({percent(answer.confidence)})"), level=1)


def _print_nearest(page: _Page, hits: Sequence[HitBody]) -> None:
    if not hits:
        return
    page.title(f"Closest {'passage' if len(hits) == 1 else 'passages'}")
    for hit in hits:
        start, end = hit.excerpt or (0, len(hit.text))
        page.line(f"“{_plain(hit.text[start:end])}”", level=1)
        _print_source(page, hit)


def _plain(text: str) -> str:
    """Return a text on one line, without what a terminal would obey."""
    return "".join(_visible(text.replace("\n", " ").replace("\t", " ")))


def _visible(text: str) -> Iterator[str]:
    # An article may hold escape sequences; nothing of them is to reach the terminal. Each is one
    # character, so that offsets stay.
    return (char if char.isprintable() else "\ufffd" for char in text)
