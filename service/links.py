"""Paths of articles on this server, whatever characters their ids are of."""

from urllib.parse import quote

__all__ = ["article_address", "article_path", "comparison_address", "permalink"]


def article_path(article_id: str) -> str:
    """Return an id as one segment of a path.

    >>> article_path("2024/03/05/ferry sinks")
    '2024%2F03%2F05%2Fferry%20sinks'
    """
    # Dots alone would be taken for this folder or the one above.
    return quote(article_id, safe="") if article_id.strip(".") else article_id.replace(".", "%2E")


def article_address(article_id: str, version: str | None = None) -> str:
    """Return the path of an article's page, of one wording of it where `version` names it.

    >>> article_address("17", "0b5c6d1e2f3a")
    '/articles/17?v=0b5c6d1e2f3a'
    """
    asked = f"?v={version}" if version else ""
    return f"/articles/{article_path(article_id)}{asked}"


def permalink(article_id: str, start: int, end: int, version: str | None = None) -> str:
    """Return the path of an article's page, opened at `[start, end)` of its text."""
    named = f"&v={version}" if version else ""
    return f"/articles/{article_path(article_id)}?q={start}-{end}{named}"


def comparison_address(article_id: str, old: str, new: str | None = None) -> str:
    """Return the path of the page that compares two versions; without `new`, with the current."""
    named = f"&v={new}" if new else ""
    return f"/articles/{article_path(article_id)}?compare={old}{named}"
