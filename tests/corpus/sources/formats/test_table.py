import csv
import io

import pytest

from corpus.sources import ReadArticle
from tests.corpus.sources.reading import STORY, articles_in, only_skip, read_bytes, skips_in

NAMES = ["headline", "body", "date", "author", "outlet", "url"]
ROW = ["Ferry, sinks", STORY, "2024-03-05", "Ana Ruiz", "Harbour Post", "https://a.example/1"]


def table(rows: list[list[str]], delimiter: str = ",", names: list[str] = NAMES) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([names, *rows])
    return out.getvalue().encode()


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_table_of_any_delimiter_round_trips(delimiter: str) -> None:
    story = 'She said: "No; never, ever|again."\n\nThe second paragraph\tgoes on.'
    row = [*ROW[:1], story, *ROW[2:]]
    for name in ("a.csv", "a.tsv", "a"):
        first, second = articles_in(read_bytes(table([row, ROW], delimiter), name))
        assert (first.title, first.authors, first.source) == (ROW[0], ("Ana Ruiz",), "Harbour Post")
        assert first.published == "2024-03-05" and first.url == "https://a.example/1"
        assert first.text == story.replace("\t", " ") and second.text == STORY


def test_one_bad_row_in_a_thousand_costs_itself_only() -> None:
    rows = [[*ROW[:5], f"https://a.example/{i}"] for i in range(1000)]
    rows[498][1] = ""
    rows[498][0] = "Ferry"
    records = read_bytes(table(rows))
    assert len(articles_in(records)) == 999
    (skip,) = skips_in(records)
    assert skip.line == 499 and "'text'" in skip.reason


def test_one_bad_date_in_a_thousand_costs_the_date_only() -> None:
    rows = [[*ROW[:5], f"https://a.example/{i}"] for i in range(1000)]
    rows[498][2] = "soon"
    found = read_bytes(table(rows))
    assert len(articles_in(found)) == 1000
    (bad,) = [one for one in found if isinstance(one, ReadArticle) and one.unread]
    assert bad.line == 499 and bad.article.published is None
    assert [str(one) for one in bad.unread] == ["published 'soon': it is not a date"]


def test_a_quote_that_is_not_closed_costs_its_row_only() -> None:
    lines = table([[*ROW[:5], f"https://a.example/{i}"] for i in range(50)]).splitlines()
    lines[20] = b'"Ferry,text that began with a quote,2024-03-05,Ana,Post,https://a.example/x'
    records = read_bytes(b"\r\n".join(lines))
    assert len(articles_in(records)) == 49
    assert "quote" in skips_in(records)[0].reason


def test_columns_that_are_not_known_are_named() -> None:
    raw = table([["Ferry sinks", STORY]], names=["kop", "tekst"])
    assert "(kop, tekst): use --map" in only_skip(raw, "a.csv").reason
    (found,) = articles_in(read_bytes(raw, "a.csv", naming={"title": "kop", "text": "tekst"}))
    assert (found.title, found.text) == ("Ferry sinks", STORY)


def test_a_row_with_too_many_cells_is_told() -> None:
    assert "7 cells" in only_skip(table([[*ROW, "more"]])).reason


def test_nul_bytes_and_western_text_are_read() -> None:
    raw = table([["Café", "Œuvres “rares” à 5 €.", "2024-03-05"]], names=["title", "text", "date"])
    western = raw.decode().encode("cp1252").replace(b"rares", b"ra\0res")
    for variant in (raw, western, raw.decode().encode("utf-16")):
        (found,) = articles_in(read_bytes(variant, "a.csv"))
        assert (found.title, found.text) == ("Café", "Œuvres “rares” à 5 €.")
