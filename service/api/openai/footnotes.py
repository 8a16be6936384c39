"""An answer as a message: the archive's words, numbered marks, and footnotes that prove them."""

import re
from collections.abc import Iterator, Sequence

from service.answering.answer import AskResult, Citation
from service.words import correction, degree, percent

__all__ = ["answer_in", "to_parts"]

# With brackets, quotation marks and dots, this is all that is not the archive's own.
_REFUSED = "No answer. "
_POSSIBLE = "Possible answer: "
_ANSWERED = re.compile(rf"(?:{_POSSIBLE})?(.+?) \[1\](?:\[\d+\])*(?:\n.*)?", re.DOTALL)


def to_parts(result: AskResult, base_url: str | None = None) -> list[str]:
    """Return the parts of the message, in order: the answer with its marks, then each footnote.

    Under the answer is how sure it is; one that is not likely is called possible. A refusal is one
    part: the reason. A footnote ends with the permalink on the server at `base_url`, or without one
    with the address of the original.
    """
    if result.answer is None:
        return [f"{_REFUSED}{result.reason}"]
    citations = result.answer.citations
    marks = "".join(f"[{number}]" for number in range(1, len(citations) + 1))
    possible = "" if result.answer.likely else _POSSIBLE
    sure = f"{degree(result.answer.confidence).capitalize()} ({percent(result.answer.confidence)})"
    said = f"{possible}{result.answer.text} {marks}\n{sure}"
    return [said, *_footnotes(citations, base_url)]


def answer_in(content: str) -> str | None:
    r"""Return the answer in a message of `to_parts`, None when it was a refusal.

    >>> answer_in("Nine [1]\nProbably right (80%)\n\n[1] “Nine people were rescued.” Ferry sinks")
    'Nine'

    A message of another origin is an answer as it is.
    """
    if content.startswith(_REFUSED):
        return None
    match = _ANSWERED.fullmatch(content.strip())
    return match[1] if match else content.strip() or None


def _footnotes(citations: Sequence[Citation], base_url: str | None) -> list[str]:
    notes = [
        f"[{number}] “{citation.quote}” "
        + " · ".join(filter(None, _facts(citation, base_url)))
        + "".join(_notices(citation))
        for number, citation in enumerate(citations, start=1)
    ]
    return [f"\n{note}" if i else f"\n\n{note}" for i, note in enumerate(notes)]


def _notices(citation: Citation) -> Iterator[str]:
    """Yield what the outlet said of the article afterwards, each on a line."""
    for one in citation.corrections:
        yield f"\n    {correction(one.kind, one.day)}: {' '.join(one.text.split())}"


def _facts(citation: Citation, base_url: str | None) -> tuple[str | None, ...]:
    return (
        citation.title,
        citation.source,
        citation.published,
        base_url.rstrip("/") + citation.permalink if base_url else citation.url,
    )
