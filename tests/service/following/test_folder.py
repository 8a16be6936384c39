import json
import os
from pathlib import Path

import pytest

from service.following.source import Source
from tests.corpus.sources.formats.test_html import page
from tests.corpus.sources.reading import STORY
from tests.service.following.conftest import OpenDesk


def write(path: Path, **texts: str) -> None:
    lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines))
    # As if it was written a while ago: a younger file is read twice.
    os.utime(path, (1e9 + len(path.read_bytes()), 1e9 + len(path.read_bytes())))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


def test_files_appear_change_and_go(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "a.jsonl", a1="Nine people died.", a2="It rained.")
    write(folder / "b.jsonl", b1="It snowed.")
    with open_desk(Source(str(folder))) as desk:
        desk.follower.round()
        assert desk.texts().keys() == {"a1", "a2", "b1"}
        assert desk.follower.round().published == []

        write(folder / "a.jsonl", a1="Ten people died.")
        write(folder / "c.jsonl", c1="The sun shone.")
        desk.follower.round()
        assert desk.texts() == {
            "a1": "Ten people died.",
            "b1": "It snowed.",
            "c1": "The sun shone.",
        }
        (folder / "b.jsonl").unlink()
        desk.follower.round()
        assert desk.texts().keys() == {"a1", "c1"}
        assert desk.writer.removed == [["a2"], ["b1"]]
        assert desk.follower.round().published == []


def test_pages_of_a_folder_are_read(folder: Path, open_desk: OpenDesk) -> None:
    for n in range(5):
        (folder / f"{n}.html").write_bytes(page("", f"<p>{n} {STORY}</p>"))
    with open_desk(Source(str(folder))) as desk:
        assert desk.follower.round().n_new == 5
        assert {text[:2] for text in desk.texts().values()} == {f"{n} " for n in range(5)}


def test_an_article_that_moves_to_another_file_stays(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "b.jsonl", one="Nine people died.")
    with open_desk(Source(str(folder))) as desk:
        desk.follower.round()
        (folder / "b.jsonl").rename(folder / "a.jsonl")
        desk.follower.round()

        assert desk.texts() == {"one": "Nine people died."}
        assert desk.writer.removed == []


def test_an_article_in_two_files_goes_with_the_last(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "a.jsonl", one="Nine people died.", other="It rained.")
    write(folder / "b.jsonl", one="Nine people died.")
    with open_desk(Source(str(folder))) as desk:
        desk.follower.round()
        (folder / "b.jsonl").unlink()
        desk.follower.round()
        assert desk.texts().keys() == {"one", "other"}
        (folder / "a.jsonl").unlink()
        desk.follower.round()
        assert desk.texts() == {}


def test_a_file_that_is_half_written_removes_nothing(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "a.jsonl", a1="Nine people died.", a2="It rained.")
    with open_desk(Source(str(folder))) as desk:
        desk.follower.round()
        whole = (folder / "a.jsonl").read_text()
        (folder / "a.jsonl").write_text(whole[: len(whole) - 10])
        desk.follower.round()
        assert desk.texts().keys() == {"a1", "a2"}
        (folder / "a.jsonl").write_text(whole.splitlines()[0])
        desk.follower.round()
        assert desk.texts().keys() == {"a1"}


def test_a_disk_that_is_not_mounted_removes_nothing(folder: Path, open_desk: OpenDesk) -> None:
    for number in range(12):
        write(folder / f"{number}.jsonl", **{f"n{number}": f"It rained {number} times."})
    with open_desk(Source(str(folder), "News")) as desk:
        desk.follower.round()
        for path in folder.iterdir():
            path.unlink()
        assert desk.follower.round().n_failed == 1
        folder.rmdir()
        desk.clock.at += 3600
        assert desk.follower.round().n_failed == 1

        assert len(desk.texts()) == 12
        assert "is its disk mounted?" in desk.told[1]
        assert "does not exist" in desk.told[2]


def test_what_comes_back_before_it_is_removed_stays(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "a.jsonl", a1="Nine people died.")
    write(folder / "b.jsonl", b1="It snowed.")
    with open_desk(Source(str(folder))) as desk:
        desk.follower.round()
        (folder / "b.jsonl").unlink()
        desk.follower.looker.look(desk.follower.sources[0], desk.state.followed()[0])
        assert desk.state.items.n_waiting("remove") == 1
        write(folder / "b.jsonl", b1="It snowed.")
        desk.follower.round()

        assert desk.texts().keys() == {"a1", "b1"}
        assert desk.writer.removed == []


def test_patterns_and_pages_are_followed_too(folder: Path, open_desk: OpenDesk) -> None:
    write(folder / "a.jsonl", a1="Nine people died.")
    (folder / "notes.txt").write_text("Not wanted.")
    with open_desk(Source(str(folder / "*.jsonl"))) as desk:
        desk.follower.round()
        write(folder / "b.jsonl", b1="It snowed.")
        desk.follower.round()

        assert desk.texts().keys() == {"a1", "b1"}
