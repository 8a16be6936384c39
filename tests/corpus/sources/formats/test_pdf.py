import pytest

from tests.corpus.sources.reading import only_article, only_skip

LINES = [
    "Ferry sinks off Norhavn",
    "The ferry Sula sank off Norhavn on Tuesday after its hull had cracked",
    "in a storm that nobody had fore-",
    "seen, the coast guard said in the evening. All of the nine people aboard",
    "were rescued.",
    "The captain said that there had been only minutes to leave the ship, and",
    "that she was the last to do so.",
    "- 1 -",
]


def pdf(lines: list[str], about: str = "", extra: str = "") -> bytes:
    """Write a PDF of one page by hand, its lines one under the other."""
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return drawn(f"BT /F1 12 Tf 14 TL 72 720 Td\n{shown}ET", about, extra)


def drawn(content: str, about: str = "", extra: str = "") -> bytes:
    """Write a PDF of one page by hand: a catalogue, a page, a font and what is drawn."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {about} >>",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info 6 0 R {extra} >>\n"
    return f"{out}startxref\n{out.index('xref')}\n%%EOF\n".encode("latin-1")


ABOUT = "/Title (Nine saved) /Author (Ana Ruiz) /CreationDate (D:20240305083000+01'00')"


def test_a_pdf_is_one_article_of_whole_paragraphs() -> None:
    article = only_article(pdf(LINES, ABOUT))
    assert article.title == "Nine saved" and article.authors == ("Ana Ruiz",)
    assert article.published == "2024-03-05T08:30:00+01:00"
    assert article.text.split("\n\n")[-1] == (
        "The captain said that there had been only minutes to leave the ship, and that she was "
        "the last to do so."
    )
    assert "nobody had foreseen, the coast" in " ".join(article.text.split())


def test_without_a_title_of_its_own_the_first_line_is_it() -> None:
    for about in ("", "/Title (Microsoft Word - ferry.doc)", "/CreationDate (yesterday)"):
        article = only_article(pdf(LINES, about))
        assert article.title == LINES[0] and LINES[0] not in article.text
        assert article.published is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (pdf([]), "holds no text"),
        (pdf(LINES, extra="/Encrypt << /Filter /Standard /V 9 /R 9 /O (x) /U (x) /P 1 >>"), ""),
        (b"%PDF-1.7\nnothing else", ""),
        (pdf(LINES)[:300], ""),
    ],
)
def test_what_cannot_be_read_is_told(raw: bytes, reason: str) -> None:
    assert reason in only_skip(raw).reason
