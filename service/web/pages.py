"""The pages and their files, read once when the server starts."""

from html import escape
from importlib.resources import files
from string import Template

from corpus.article import Article

__all__ = ["ASSET_TYPES", "article_page", "chat_page", "error_page", "read_assets"]

# Named here: what the system's own table says of .js differs from machine to machine.
ASSET_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

_WEB = files("service.web")


def _read(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")


_ARTICLE = Template(_read("article.html"))
_ERROR = Template(_read("error.html"))


def read_assets() -> dict[str, tuple[bytes, str]]:
    """Return the scripts, styles and images by name, each with its media type."""
    found = {}
    for file in _WEB.iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in ASSET_TYPES:
            found[file.name] = (file.read_bytes(), ASSET_TYPES[suffix])
    return found


def chat_page() -> str:
    """Return the page on which questions are asked."""
    return _read("index.html")


def article_page(article: Article, quote: tuple[int, int] | None, url: str | None) -> str:
    """Return an article as a page.

    Args:
        article: what is shown; all of it is escaped.
        quote: `[start, end)` in code points of the text, marked; None marks nothing.
        url: the original, linked as it is: its scheme was checked.
    """
    start, end = quote or (0, 0)
    text = article.text
    mark = f'<mark id="quote">{escape(text[start:end])}</mark>' if quote else ""
    facts = (article.source, (article.published or "")[:10], ", ".join(article.authors))
    return _ARTICLE.substitute(
        language=escape(article.language or "en"),
        title=escape(article.title or "Untitled"),
        facts=" · ".join(escape(fact) for fact in facts if fact),
        text=escape(text[:start]) + mark + escape(text[end:]),
        original=_link(url) if url else "",
    )


def error_page(title: str, detail: str) -> str:
    """Return what a reader sees in place of a page that cannot be shown."""
    return _ERROR.substitute(title=escape(title), detail=escape(detail))


def _link(url: str) -> str:
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        "Read it where it was published</a>"
    )
