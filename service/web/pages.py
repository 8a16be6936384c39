"""The pages as text: templates filled in with escaped values."""

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from corpus.article import Article
from service.web.markup import Html, element, joined
from service.words import day

__all__ = ["article_facts", "article_page", "chip", "error_page", "laid_out", "static_files"]

_STATIC = (".css", ".js", ".svg")
_HERE = ' aria-current="page"'


def static_files() -> dict[str, bytes]:
    """Return the files that pages load, by name."""
    return {
        file.name: file.read_bytes()
        for file in files("service.web").iterdir()
        if file.name.endswith(_STATIC)
    }


def laid_out(
    template: str, *, page_title: str, script: str = "", here: str = "", **values: str
) -> str:
    """Return the page `template`, with what all pages share around it.

    `page_title` is plain text; `values`, which are put in, are HTML already. `script` names a
    module to load, `here` the entry of the navigation that leads to this page.
    """
    loaded = f'<script type="module" src="/static/{script}"></script>' if script else ""
    return _fill(
        "layout.html",
        title=escape(page_title),
        script=loaded,
        kind=template.removesuffix(".html"),
        body=_fill(template, **values),
        **{name: _HERE if name == here else "" for name in ("ask", "browse", "api")},
    )


def _fill(template: str, **values: str) -> str:
    text = files("service.web").joinpath(template).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def article_page(
    article: Article, start: int = 0, end: int = 0, notes: str = "", versions: str = ""
) -> str:
    """Return an article's page with `[start, end)` of its text marked, in code points.

    `notes` stand above the article and `versions` under its title; both are HTML already.
    The text stands in the page as it is, so that a marked quote is the quote to the character.
    """
    text = article.text
    quote = element("mark", text[start:end], id="quote", tabindex="-1", autofocus=True)
    title = article.title or "Untitled"
    return laid_out(
        "article.html",
        page_title=f"{title} · Dateline",
        script="article.js",
        title=escape(title),
        language=escape(article.language or "und"),
        facts=article_facts(article),
        notes=notes,
        versions=versions,
        text=joined([text[:start], quote if start < end else None, text[end:]]),
    )


def error_page(status: int, title: str, detail: str) -> str:
    """Return the page shown in place of one that cannot be."""
    return laid_out(
        "error.html",
        page_title=f"{title} · Dateline",
        status=str(status),
        title=escape(title),
        detail=escape(detail),
    )


def chip(label: str, address: str) -> Html:
    """Return a filter in use, as an item of a list whose link leads to `address` without it."""
    cross = element("span", "×", aria_hidden="true")
    name = f"{label}: remove this filter"
    link = element("a", element("bdi", label), cross, class_="chip", href=address, aria_label=name)
    return element("li", link)


def article_facts(article: Article) -> Html:
    """Return outlet, day, authors and original of an article, as one line."""
    outlet = element("bdi", article.source, class_="outlet") if article.source else None
    time = element("time", day(article.published), datetime=article.published)
    authors = element("bdi", ", ".join(article.authors)) if article.authors else None
    original = None
    if article.url and _is_web(article.url):
        rel = "noopener noreferrer external"
        original = element("a", "Original article", href=article.url, rel=rel)
    shown = [fact for fact in (outlet, time, authors, original) if fact]
    return Html(" · ".join(shown))


def _is_web(url: str) -> bool:
    """Tell whether a link to `url` leads to the web, and not to a script or a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
