import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.processes import Process, Processes
from corpus.sources import ReadArticle, SkippedRecord, find_records
from corpus.sources.task import Task
from corpus.sources.workers import in_order
from tests.corpus.sources import odd_tasks
from tests.corpus.sources.formats.test_html import page


def task(
    read: Callable[[str], list[SkippedRecord]], word: str = "done", max_s: float = 60.0
) -> Task:
    return Task("file", None, read, word, 1, max_s)


def reasons(*records: SkippedRecord | Task) -> list[str]:
    found = list(in_order(records))
    assert all(isinstance(record, SkippedRecord) for record in found)
    return [record.reason for record in found if isinstance(record, SkippedRecord)]


def test_records_come_in_order_whatever_a_page_does() -> None:
    said = reasons(
        task(odd_tasks.say, "first"),
        SkippedRecord("file", 1, "second"),
        task(odd_tasks.hang, max_s=0.3),
        task(odd_tasks.die),
        task(odd_tasks.fill_memory),
        *(task(odd_tasks.say, str(n)) for n in range(100)),
        SkippedRecord("file", 2, "last"),
    )
    assert said[:2] == ["first", "second"]
    assert "takes longer than" in said[2] and "died of it" in said[3] and "memory" in said[4]
    assert said[5:] == [*map(str, range(100)), "last"]


def test_records_without_tasks_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert reasons(SkippedRecord("file", 1, "one"), SkippedRecord("file", 2, "two")) == [
        "one",
        "two",
    ]


def test_no_more_is_taken_than_waits() -> None:
    taken = []

    def endless() -> Iterator[Task]:
        for n in range(10_000):
            taken.append(n)
            yield task(odd_tasks.say, str(n))

    records = in_order(endless())
    for n in range(3):
        assert next(records) == SkippedRecord("file", None, str(n))
    records.close()  # type: ignore[attr-defined]
    assert len(taken) < 200


@pytest.fixture
def one_process() -> Iterator[Processes]:
    with Processes(1, lambda: Process("corpus.sources.worker")) as processes:
        yield processes


def test_processes_that_are_given_are_used_again(one_process: Processes) -> None:
    tasks = [task(odd_tasks.tell_process) for _ in range(3)]
    first = list(in_order(tasks, one_process))
    broken_off = in_order(tasks, one_process)
    assert next(broken_off) == first[0]
    broken_off.close()  # type: ignore[attr-defined]
    assert list(in_order(tasks, one_process)) == first == first[:1] * 3


def test_tasks_that_nobody_waits_for_any_more_are_not_begun(
    one_process: Processes, tmp_path: Path
) -> None:
    def broken() -> Iterator[Task]:
        for n in range(3):
            yield task(odd_tasks.leave_file, str(tmp_path / str(n)))
        raise OSError("broken")

    may_go_on = threading.Event()
    one_process.submit(lambda _: may_go_on.wait())
    with pytest.raises(OSError, match="broken"):
        list(in_order(broken(), one_process))
    may_go_on.set()
    assert len(list(in_order([task(odd_tasks.say)], one_process))) == 1
    assert not list(tmp_path.iterdir())


def test_a_python_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(SourceError, match="no process"):
        reasons(task(odd_tasks.say))


def test_pages_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f"{n:02}.html").write_bytes(page(f"<title>Page {n}</title>"))
        (tmp_path / f"{n:02}.txt").write_text(f"Title {n}\n\nIt rained.", encoding="utf-8")
    found = list(find_records([tmp_path]))
    assert all(isinstance(record, ReadArticle) for record in found)
    names = [f"{n:02}.{kind}" for n in range(20) for kind in ("html", "txt")]
    assert [record.file for record in found] == names
