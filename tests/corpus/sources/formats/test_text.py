import pytest

from corpus.sources.formats.wrapping import unwrapped
from tests.corpus.sources.reading import STORY, only_article, only_skip

YAML = f"""---
title: "Ferry sinks: nine saved"   # working title
date: 2024-03-05
authors:
  - Ana Ruiz
  - 'Dov Pruett'
outlet: Harbour Post
lang: en
url: https://harbourpost.example/ferry
tags: [sea, rescue]
---

# Ferry sinks: nine saved

{STORY}
"""
TOML = f"""+++
title = "Ferry sinks: nine saved"
date = 2024-03-05
author = ["Ana Ruiz", "Dov Pruett"]
publisher = "Harbour Post"
language = "en"
link = "https://harbourpost.example/ferry"
+++
{STORY}
"""


@pytest.mark.parametrize("raw", [YAML, TOML])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_says_the_facts(raw: str, newline: str) -> None:
    article = only_article(raw.replace("\n", newline).encode(), "ferry.md")
    assert (article.title, article.text) == ("Ferry sinks: nine saved", STORY)
    assert article.published == "2024-03-05" and article.authors == ("Ana Ruiz", "Dov Pruett")
    assert article.source == "Harbour Post" and article.language == "en"
    assert article.url == "https://harbourpost.example/ferry"


def test_markdown_loses_its_marks() -> None:
    raw = (
        "# Ferry *sinks*\n\nThe **Sula** [sank](https://a.example) in 2 * 3 minutes.\n\n"
        "> “We had minutes,” she said.\n\n* Nine were `rescued`.\n\n---\n\n"
        "![Sea](sea.jpg)\n\nEnd_of_it."
    )
    article = only_article(raw.encode(), "a.md")
    assert article.text == (
        "The Sula sank in 2 * 3 minutes.\n\n“We had minutes,” she said.\n\nNine were rescued.\n\n"
        "End_of_it."
    )


def test_markdown_loses_escapes_and_the_targets_of_links() -> None:
    raw = (
        "# Fares\n\nIt costs \\$5, \\*not\\* [four][1] (10*20*30 cm).\n\n"
        "[1]: https://a.example/fares\n\nThe [mayor]: “No.”"
    )
    article = only_article(raw.encode(), "a.md")
    assert article.text == "It costs $5, *not* four (10*20*30 cm).\n\nThe [mayor]: “No.”"


def test_the_first_line_is_the_title() -> None:
    article = only_article(f"\n\nFerry sinks\n===========\n{STORY}".encode())
    assert (article.title, article.text) == ("Ferry sinks", STORY)
    assert "no text after it" in only_skip(b"only a title").reason


def test_wrapped_lines_become_paragraphs() -> None:
    wrapped = (
        "Ferry sinks\n\nThe ferry Sula sank off Norhavn on Tuesday after its\n"
        "hull had cracked in a storm that nobody had fore-\nseen, the coast guard said. Nine\n"
        "people were rescued by a trawler.\n\nThe captain said that she had\nonly minutes.\n"
    )
    assert only_article(wrapped.encode()).text == (
        "The ferry Sula sank off Norhavn on Tuesday after its hull had cracked in a storm that "
        "nobody had foreseen, the coast guard said. Nine people were rescued by a trawler.\n\n"
        "The captain said that she had only minutes."
    )


def test_lines_that_are_paragraphs_stay() -> None:
    for text in ("It rained.\nIt stopped.\nThe sun came out.\nIt set.", "One\n\nTwo\n\nThree", ""):
        assert unwrapped(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_each_encoding_reads_the_same(encoding: str) -> None:
    article = only_article("Café\n\nŒuvres “rares” à 5 €, sold by the city.".encode(encoding))
    assert (article.title, article.text) == ("Café", "Œuvres “rares” à 5 €, sold by the city.")


def test_one_bad_byte_does_not_spoil_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = "Café\n\nŒuvres “rares” à 5 €.".encode() + b" It\x92s caf\xe9."
    assert only_article(raw).text == "Œuvres “rares” à 5 €. It’s café."
    monkeypatch.setattr("corpus.sources.decoding._MAX_MIXED_BYTES", 100)
    long = only_article(raw + b"\n\n" + b"It rained.\n\n" * 400)
    assert long.title == "Café" and long.text.endswith("It rained.")


def test_a_stray_nul_is_dropped() -> None:
    assert only_article(b"Ferry sinks\n" + STORY.replace("sank", "sa\0nk").encode()).text == STORY
