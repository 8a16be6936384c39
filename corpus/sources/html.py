"""The only door to trafilatura: the story inside a saved web page."""

from collections.abc import Iterator
from pathlib import Path

import trafilatura

from corpus.sources.record import Record, Skip, read_record

__all__ = ["SUFFIXES", "read_html"]

SUFFIXES = (".html", ".htm")


def read_html(path: Path, name: str) -> Iterator[Record]:
    """Yield the one article of a page, or a skip when no story is found in it."""
    try:
        # Bytes, not text: trafilatura looks for the encoding that the page declares.
        document = trafilatura.bare_extraction(
            path.read_bytes(), with_metadata=True, include_comments=False, include_tables=False
        )
    except OSError as error:
        yield Skip(name, None, str(error))
        return
    # The library can also return a dict, when asked to.
    if document is None or isinstance(document, dict) or not document.text:
        yield Skip(name, None, "no story was found in the page")
        return
    yield read_record(
        {
            "id": document.url or name,
            "title": document.title or "",
            "text": document.text,
            "url": document.url,
            "source": document.sitename or document.hostname,
            "authors": [a.strip() for a in (document.author or "").split(";") if a.strip()],
            "published": document.date,
            "language": document.language,
        },
        name,
    )
