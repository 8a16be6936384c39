"""The piece that a browser marks is the quote, whatever the text is made of."""

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from corpus.article import Article
from service.web.pages import article_page

pytestmark = pytest.mark.e2e

_PIECES = (
    *(
        "word",
        "Zürich",
        "e\u0301",
        "a\u0308\u0323",
        "ก็",
        "क्षि",
        "한글",
        "\u1112\u1161\u11ab",
        "漢字",
        "𠮷",
    ),
    *("😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "❤️", "🧑🏿‍🚀", "\U0001f9ff", "𝒳"),
    *(
        "שלום",
        "مرحبا",
        "\u202bعربي\u202c",
        "\u200f",
        "\u2067abc\u2069",
        "\u200d",
        "\ufeff",
        "\u00ad",
    ),
    *(
        "\r\n",
        "\n",
        "\r",
        "\n\n",
        "\t",
        " ",
        "  ",
        "\u00a0",
        "\u2028",
        "\u2029",
        "\u0085",
        "\x0b",
        "\x0c",
    ),
    *(
        "<b>",
        "&amp;",
        "&",
        "</mark>",
        '"',
        "'",
        "“",
        "’",
        "—",
        "\x01",
        "\ufffd",
        "$text",
        "\\u0041",
    ),
)


def articles(n: int) -> Iterator[tuple[Article, int, int]]:
    """Yield articles with the bounds of a quote in each, in code points."""
    draw = random.Random(8)
    for number in range(n):
        text = "".join(draw.choices(_PIECES, k=draw.randint(1, 30)))
        start = draw.randrange(len(text))
        yield Article(f"x{number}", "T", text), start, draw.randint(start + 1, len(text))


def test_5000_quotes_are_marked_to_the_character(page: Page) -> None:
    cases = [
        {
            "text": article.text,
            "start": start,
            "end": end,
            "quote": article.text[start:end],
            "page": article_page(article, start, end),
        }
        for article, start, end in articles(5000)
    ]
    assert sum(len(str(case["quote"])) > 20 for case in cases) > 500
    mismatches = page.evaluate(
        """async (cases) => {
          const { articleText } = await import("/static/proof.js");
          const { figure } = await import("/static/citation.js");
          const counts = { panel: 0, page: 0, answer: 0, texts: 0 };
          const parser = new DOMParser();
          for (const { text, start, end, quote, page } of cases) {
            const panel = articleText({ text }, { start, end });
            counts.panel += panel.querySelector("mark").textContent !== quote;
            const main = parser.parseFromString(page, "text/html").querySelector(".text");
            counts.page += main.querySelector("mark").textContent !== quote;
            const bounds = { quote_start: 5, answer_start: 5 + start, answer_end: 5 + end };
            const shownQuote = figure({ quote: text, ...bounds, permalink: "/", title: "T" }, "");
            counts.answer += shownQuote.querySelector("mark").textContent !== quote;
            const shown = [panel, main, shownQuote.firstChild];
            counts.texts += shown.some((one) => one.textContent !== text);
          }
          return counts;
        }""",
        cases,
    )
    assert mismatches == {"panel": 0, "page": 0, "answer": 0, "texts": 0}
