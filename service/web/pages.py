"""The pages as text: templates filled in with escaped values."""

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from corpus.article import Article

__all__ = ["article_page", "chat_page", "error_page", "fill", "static_files"]

_STATIC = (".css", ".js", ".svg")


def static_files() -> dict[str, bytes]:
    """Return the files that pages load, by name."""
    return {
        file.name: file.read_bytes()
        for file in files("service.web").iterdir()
        if file.name.endswith(_STATIC)
    }


def fill(template: str, **values: str) -> str:
    """Return the page `template` with `values`, which are HTML already, put in."""
    text = files("service.web").joinpath(template).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def chat_page(max_question_chars: int, max_history_turns: int) -> str:
    """Return the page to ask on."""
    return fill(
        "index.html",
        max_question_chars=str(max_question_chars),
        max_history_turns=str(max_history_turns),
    )


def article_page(article: Article, start: int = 0, end: int = 0) -> str:
    """Return an article's page with `[start, end)` of its text marked, in code points.

    The text stands in the page as it is, so that a marked quote is the quote to the character.
    """
    text = article.text
    quote = f'<mark id="quote" tabindex="-1" autofocus>{_text(text[start:end])}</mark>'
    return fill(
        "article.html",
        title=escape(article.title or "Untitled"),
        language=escape(article.language or "und"),
        facts=_facts(article),
        text=_text(text[:start]) + (quote if start < end else "") + _text(text[end:]),
    )


def error_page(status: int, title: str, detail: str) -> str:
    """Return the page shown in place of one that cannot be."""
    return fill("error.html", status=str(status), title=escape(title), detail=escape(detail))


def _text(text: str) -> str:
    # A browser would make a line feed of a bare carriage return and drop NUL: then what it
    # shows would no longer be the quote.
    return escape(text).replace("\r", "&#13;").replace("\0", "\ufffd")


def _facts(article: Article) -> str:
    """Return outlet, authors, day and original of an article as HTML list items."""
    items = [escape(fact) for fact in (article.source, ", ".join(article.authors)) if fact]
    if article.published:
        items.append(
            f'<time datetime="{escape(article.published)}">{escape(article.published[:10])}</time>'
        )
    if article.url and _is_web(article.url):
        items.append(
            f'<a href="{escape(article.url)}" rel="noopener noreferrer external">'
            "Original article</a>"
        )
    return "".join(f"<li>{item}</li>" for item in items)


def _is_web(url: str) -> bool:
    """Tell whether a link to `url` leads to the web, and not to a script or a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
