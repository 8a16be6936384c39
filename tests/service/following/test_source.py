from pathlib import Path

import pytest

from corpus.errors import RequestError
from service.following.source import Source, read_duration, read_list, read_named


def test_a_list_names_sources_with_what_they_are_called(tmp_path: Path) -> None:
    path = tmp_path / "sources.txt"
    path.write_text(
        "# The papers\n"
        'https://Post.example/feed.xml#top name="Post, news" outlet="Harbour Post" full-text\n'
        "\n"
        "http://cms.example/feed private every=5m\n"
        "stories/*.jsonl outlet='Our Own'\n"
        "https://post.example/feed.xml name=Again\n"
    )

    assert read_list(path) == [
        Source("https://post.example/feed.xml", "Post, news", "Harbour Post", full_text=True),
        Source("http://cms.example/feed", is_private=True, every_s=300.0),
        Source(str(tmp_path / "stories/*.jsonl"), "stories/*.jsonl", "Our Own"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ftp://post.example/feed", ":1: 'ftp://post.example/feed' cannot be followed"),
        ("https://user:pw@post.example/", "user name or password"),
        ("https://post.example/ nam=x", "'nam=x' is none of these: full-text, private"),
        ("https://post.example/ name=", "'name=' is none of these"),
        ("https://post.example/ every=5", "'5' must be a time such as 15m"),
        ("https://post.example/ name='x", "No closing quotation"),
        ("# nothing", "has no sources"),
        ("\udcff", "cannot be read as a list"),
    ],
)
def test_a_wrong_line_is_told(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "sources.txt"
    path.write_bytes(line.encode("utf-8", "surrogateescape"))

    with pytest.raises(RequestError, match=why):
        read_list(path)


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read as a list"):
        read_list(tmp_path / "none.txt")


def test_a_file_named_is_a_list_or_a_source(tmp_path: Path) -> None:
    stories, listed = tmp_path / "a.jsonl", tmp_path / "list.txt"
    stories.write_text('{"text": "It rained."}')
    listed.write_text("# own\na.jsonl\nhttps://post.example/feed\n")

    named = read_named([str(stories), str(listed), "https://other.example"], full_text=True)

    assert [(one.key, one.full_text) for one in named] == [
        (str(stories), True),
        ("https://post.example/feed", True),
        ("https://other.example/", True),
    ]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="does not exist"):
        read_named([str(tmp_path / "none")])
    assert read_named([str(tmp_path / "*.jsonl")])


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("15m", 900), ("2h", 7200), ("1d", 86400)]
)
def test_times_are_read(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "9s", "-5m", "1w", "1.5h"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(RequestError, match="must be a time"):
        read_duration(text)
