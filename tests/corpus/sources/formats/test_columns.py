import pytest

from corpus.sources import ReadArticle
from corpus.sources.formats.columns import in_columns, may_have_columns
from corpus.sources.formats.wrapping import joined, vocabulary
from tests.corpus.sources.formats.test_pdf import drawn
from tests.corpus.sources.reading import only_article, read_bytes

LEFT = [
    "The council of Norhavn voted to close the",
    "swimming pool for two years. The renova-",
    "tion will cost 14 million, said Alma Rist.",
    "The state-owned builder won the ten-",
    "der, and the renovation begins in May.",
]
RIGHT = [
    "A well-known diver called it a disgrace,",
    "and said 1,200 members of the club will",
    "lose their place. The club's well-",
    "known chair will gather signatures at the",
    "quay until Friday.",
]
THIRD = [
    "Swimmers will be taken by bus to the pool",
    "in Lower Tarn every Tuesday and Friday,",
    "the council said in a letter to all its",
    "members, who may come along for free and",
    "need not book a seat.",
]


def pdf(columns: list[list[str]], *, is_rowwise: bool) -> bytes:
    """Write a PDF of one page whose columns are drawn across, or one after the other."""
    width = 560 // len(columns)
    size = 10 if len(columns) < 3 else 8
    places = [
        (20 + width * column, 700 - 14 * row, line)
        for column, lines in enumerate(columns)
        for row, line in enumerate(lines)
    ]
    if is_rowwise:
        places.sort(key=lambda place: (-place[1], place[0]))
    shown = "".join(f"BT /F1 {size} Tf {x} {y} Td ({line}) Tj ET\n" for x, y, line in places)
    return drawn(f"BT /F1 20 Tf 20 740 Td (Pool to close) Tj ET\n{shown}")


@pytest.mark.parametrize("is_rowwise", [True, False])
@pytest.mark.parametrize("columns", [[LEFT, RIGHT], [LEFT, RIGHT, THIRD]])
def test_columns_are_read_one_after_the_other(columns: list[list[str]], is_rowwise: bool) -> None:
    article = only_article(pdf(columns, is_rowwise=is_rowwise))
    assert article.title == "Pool to close"
    text = article.text.replace("\n\n", " ")
    assert "close the swimming pool for two years. The renovation will cost" in text
    assert "won the tender, and" in text and "club’s well-known chair" in text
    order = [text.index(lines[0]) for lines in columns]
    assert order == sorted(order)
    assert text.index(LEFT[-1][5:]) < text.index(RIGHT[0])


def test_one_column_stays_as_it_is() -> None:
    assert in_columns([line for line in LEFT]) is None
    assert not may_have_columns([(20.0, 700.0 - n) for n in range(40)], 612.0)


def test_a_table_is_no_columns() -> None:
    assert (
        in_columns(["Norhavn    12    7", "Tarn       15    9", "Pell       11    3"] * 4) is None
    )


def test_a_line_across_the_columns_parts_what_is_above_from_what_is_below() -> None:
    above = ["one left words here      one right words here"] * 4
    below = ["two left words here      two right words here"] * 4
    across = "A headline that goes across the whole of the page"
    ordered = in_columns([*above, across, *below])
    assert ordered is not None
    assert [line.split()[0] for line in ordered] == ["one"] * 8 + ["A"] + ["two"] * 8
    assert [line.split()[1] for line in ordered[:8]] == ["left"] * 4 + ["right"] * 4


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["the renova-", "tion of it", "a renovation"], "the renovation of it"),
        (["a state-", "owned mill", "the state-owned one"], "a state-owned mill"),
        (["a well-", "known diver", "he is well and she known here"], "a well-known diver"),
        (["the car-", "rying of it", "a car"], "the carrying of it"),
        (["the Fjord-", "Entreprise firm"], "the Fjord-Entreprise firm"),
        (["of 2023-", "24 and on"], "of 2023- 24 and on"),
    ],
)
def test_words_are_joined_as_the_document_writes_them(lines: list[str], whole: str) -> None:
    assert joined(lines[:2], vocabulary(lines)) == whole


def pages(n: int, bad: int) -> bytes:
    """Write a PDF of several pages, of which one is damaged."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(n))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {n} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(n):
        content = (
            f"BT /F1 12 Tf 14 TL 72 720 Td (Ferry) Tj T* (It sank on day {page} of May.) Tj ET"
        )
        if page == bad:
            content = "BT /F1 12 Tf ((( << [ Tj BI ID \xff\xfe EI stream"
        packed = "/Filter /FlateDecode " if page == bad else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * page} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< {packed}/Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{out}startxref\n{out.index('xref')}\n%%EOF\n".encode("latin-1")


@pytest.mark.parametrize("bad", range(4))
def test_a_damaged_page_costs_itself_only(bad: int) -> None:
    (record,) = [one for one in read_bytes(pages(4, bad), "a.pdf") if isinstance(one, ReadArticle)]
    told = {n for n in range(4) if f"day {n} of May" in record.article.text}
    assert told == set(range(4)) - {bad}
