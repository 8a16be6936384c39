import gzip
import io
import json
import os
import threading
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.errors import SourceError
from corpus.sources import ReadArticle, Reading, Record, SkippedRecord, find_records, read_sources


def read(*paths: Path) -> list[Record]:
    return list(read_sources(paths))


def articles(records: list[Record]) -> list[Article]:
    return [record for record in records if isinstance(record, Article)]


def skips(records: list[Record]) -> list[SkippedRecord]:
    return [record for record in records if isinstance(record, SkippedRecord)]


def lines(*objects: object) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in objects)


STORY = {"id": "a1", "title": "T", "text": "It rained.", "published": "2024-03-05", "source": "X"}


def test_jsonl_plain_gzip_and_zstd_read_the_same(tmp_path: Path) -> None:
    raw = lines(STORY)
    (tmp_path / "a.jsonl").write_bytes(raw)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(raw))
    (tmp_path / "c.jsonl.zst").write_bytes(zstandard.compress(raw))
    assert (
        read(*sorted(tmp_path.iterdir()))
        == [Article("a1", "T", "It rained.", source="X", published="2024-03-05")] * 3
    )


def test_one_bad_record_in_a_thousand_is_named_and_skipped(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    stories = [STORY | {"id": f"a{i}"} for i in range(1000)]
    stories[498] = {"id": "broken", "title": "no text"}
    path.write_bytes(lines(*stories))
    records = read(path)
    assert len(articles(records)) == 999
    (skip,) = skips(records)
    assert str(skip) == "news.jsonl:499: field 'text': it is missing"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "not a line of JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"text": "a" "b"}', "not a line of JSON"),
        (b'{"text": " \\u0000 "}', "nothing is left of it"),
        (b'{"text": 5}', "field 'text'"),
        (b"[" * 100_000, "not a line of JSON"),
    ],
)
def test_each_bad_line_says_what_is_wrong(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(line + b"\n" + lines(STORY))
    records = read(path)
    assert reason in skips(records)[0].reason
    assert len(articles(records)) == 1


def test_a_truncated_gzip_yields_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    stories = lines(*(STORY | {"id": f"a{i}", "text": os.urandom(64).hex()} for i in range(500)))
    path.write_bytes(gzip.compress(stories)[:-2000])
    records = read(path)
    assert len(articles(records)) > 10
    assert "cannot be read on from here" in skips(records)[-1].reason


def test_a_folder_of_text_and_markdown(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "one.txt").write_text("Title one\n\nIt rained.", encoding="utf-8")
    (tmp_path / "two.md").write_text("# Title two\nIt stopped.", encoding="utf-8")
    (tmp_path / "old.txt").write_bytes("Café\nIt “rained”.".encode("cp1252"))
    (tmp_path / "empty.txt").write_text("only a title", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("a\nb", encoding="utf-8")
    records = read(tmp_path)
    assert {(a.title, a.text) for a in articles(records)} == {
        ("Title one", "It rained."),
        ("Title two", "It stopped."),
        ("Café", "It “rained”."),
    }
    assert {skip.file for skip in skips(records)} == {"empty.txt", "picture.png"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("Secret\ntext", encoding="utf-8")
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    (skip,) = read(folder)
    assert isinstance(skip, SkippedRecord)
    assert "leads out" in skip.reason


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (skip,) = read(tmp_path)
    assert isinstance(skip, SkippedRecord)
    assert "not a regular file" in skip.reason


def test_patterns_standard_input_and_several_sources_mix(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_bytes(lines(STORY | {"id": "a"}))
    (tmp_path / "two.jsonl").write_bytes(lines(STORY | {"id": "b"}))
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "three.txt").write_text("Three\nIt rained.", encoding="utf-8")
    stdin = io.BytesIO(gzip.compress(lines(STORY | {"id": "d"})))
    sources = [tmp_path / "*.jsonl", tmp_path / "stories", Path("-")]
    found = list(find_records(sources, stdin=stdin))
    assert [record.file for record in found] == ["one.jsonl", "two.jsonl", "three.txt", "-"]
    assert all(isinstance(record, ReadArticle) for record in found)
    with pytest.raises(SourceError, match="does not exist"):
        find_records([tmp_path / "*.csv"])


def test_standard_input_can_be_a_pipe() -> None:
    read_end, write_end = os.pipe()

    def write() -> None:
        with os.fdopen(write_end, "wb") as out:
            out.write(lines(*(STORY | {"id": i} for i in range(3000))))

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(read_end, "rb") as stdin:
        assert len(list(find_records([Path("-")], stdin=stdin))) == 3000
    writer.join()


def test_two_files_of_one_name_are_two_articles(tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "1.txt").write_text(f"News of {year}\nIt rained.", encoding="utf-8")
    found = articles(read(tmp_path / "2023", tmp_path / "2024"))
    assert len({article.id for article in found}) == 2


def test_a_pattern_picks_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "c.txt"):
        (tmp_path / name).write_text(f"{name}\nIt rained.", encoding="utf-8")
    found = find_records([tmp_path], Reading(glob="*.txt"))
    assert [record.file for record in found] == ["a.txt", "c.txt"]


def test_odd_files_cost_themselves_only(tmp_path: Path) -> None:
    story = "Ferry\nIt sank."
    (tmp_path / ("n" * 251 + ".txt")).write_text(story, encoding="utf-8")
    (tmp_path / os.fsdecode(b"caf\xe9\n\x1b.txt")).write_text(story, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    (tmp_path / "up").symlink_to(tmp_path.parent)
    (tmp_path / "empty").mkdir()
    records = read(tmp_path)
    assert len(articles(records)) == 2
    assert {skip.file for skip in skips(records)} == {"loop", "gone.txt", "up"}
    shown = "".join(f"{skip}" for skip in skips(records))
    assert shown.isprintable() and shown.encode()


def test_a_name_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path / ("n" * 300))


def test_html_gives_the_story_and_its_facts(tmp_path: Path) -> None:
    story = "".join(f"<p>The ferry Sula sank on Tuesday, witness {i} said.</p>" for i in range(9))
    (tmp_path / "page.html").write_text(
        "<html><head><title>Ferry sinks</title>"
        '<meta property="article:published_time" content="2024-03-05T08:30:00Z">'
        '<meta property="og:site_name" content="Harbour Post"></head><body>'
        f"<nav>Menu</nav><article><h1>Ferry sinks</h1>{story}</article></body></html>",
        encoding="utf-8",
    )
    (article,) = articles(read(tmp_path))
    assert article.title == "Ferry sinks"
    assert article.day is not None and article.day.isoformat() == "2024-03-05"
    assert article.source == "Harbour Post"
    assert "witness 8 said." in article.text and "Menu" not in article.text


def test_named_paths_must_exist_and_be_known(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0 an old document")
    with pytest.raises(SourceError, match=r"\.jsonl"):
        read(tmp_path / "a.docx")


def test_ids_stay_as_they_are_and_numbers_go_after_their_outlet(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        lines(STORY | {"id": "https://x.example/a b"}, {"text": "No id."}, STORY | {"id": 7})
    )
    ids = [article.id for article in articles(read(path))]
    assert (ids[0], ids[2]) == ("https://x.example/a b", "X/7")
    assert len(ids[1]) == 16 and ids[1].isalnum()


def test_a_file_is_called_by_its_place_however_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for site in ("one", "two"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "index.txt").write_text(f"Site {site}\nIt rained.", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "one")
    ways = [
        [tmp_path / "one"],
        [Path()],
        [Path("../one/")],
        [Path("index.txt")],
        [tmp_path / "one" / ".." / "one" / "index.txt"],
        [tmp_path / "*" / "index.txt"],
        [tmp_path / "two", tmp_path / "one"],
    ]
    for way in ways:
        ids = {article.title: article.id for article in articles(read(*way))}
        assert ids["Site one"] == "one/index.txt", way
        assert ids.get("Site two", "two/index.txt") == "two/index.txt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.binary(max_size=80), max_size=8))
def test_any_bytes_give_records_and_never_an_exception(tmp_path: Path, chunks: list[bytes]) -> None:
    (tmp_path / "any.jsonl").write_bytes(b"\n".join(chunks))
    for record in read(tmp_path):
        assert isinstance(record, Article | SkippedRecord)
