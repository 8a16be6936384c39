import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from corpus.processes import Process, ProcessEndedError, Processes

# Starts a process that never answers, tells its number, and waits for it. What a shell runs in the
# background ignores an interrupt, and so would all that is started from there.
_PARENT = """
import signal
from corpus.processes import Process
signal.signal(signal.SIGINT, signal.default_int_handler)
process = Process("tests.corpus.odd_processes")
process.begin()
print(process.pid, flush=True)
process.ask("hang")
"""


def start() -> Process:
    return Process("tests.corpus.odd_processes", "one", "two")


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes(1, start) as some:
        yield some


def test_a_process_answers_one_request_after_the_other(processes: Processes) -> None:
    assert processes.submit(lambda one: one.ask("arguments")).result() == ["one", "two"]
    pids = {processes.submit(lambda one: one.ask("pid")).result() for _ in range(3)}
    assert len(pids) == 1 and pids != {os.getpid()}


def test_work_is_done_again_with_a_new_process_when_one_ends(processes: Processes) -> None:
    pids = []

    def die_once(process: Process) -> int:
        pids.append(process.pid)
        if len(pids) == 1:
            os.kill(process.pid, signal.SIGKILL)
        answer: int = process.ask("pid")
        return answer

    assert processes.submit(die_once, tries=2).result() == pids[1] != pids[0]


def test_a_process_that_was_ended_while_it_waited_is_replaced(processes: Processes) -> None:
    first = processes.submit(lambda one: one).result()
    os.kill(first.pid, signal.SIGKILL)
    while not first.has_ended:
        time.sleep(0.01)
    assert processes.submit(lambda one: one.ask("pid")).result() != first.pid


def test_work_that_ends_each_process_is_given_up(processes: Processes) -> None:
    with pytest.raises(ProcessEndedError) as raised:
        processes.submit(lambda one: one.ask("die"), tries=3).result()
    assert raised.value.code == 7
    assert processes.submit(lambda one: one.ask("pid")).result()


def test_work_that_takes_too_long_ends_its_process_only(processes: Processes) -> None:
    with pytest.raises(TimeoutError):
        processes.submit(lambda one: one.ask("hang", max_s=0.1)).result()
    assert processes.submit(lambda one: one.ask("pid")).result()


def test_leaving_ends_what_is_under_way() -> None:
    with Processes(2, start) as processes:
        pid = processes.submit(lambda one: one.ask("pid")).result()
        hanging = [processes.submit(lambda one: one.ask("hang"), tries=3) for _ in range(5)]
    assert all(one.cancelled() or one.exception() for one in hanging)
    assert not is_alive(pid)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_process_ends_with_the_one_that_started_it(how: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.send_signal(how)
    while is_alive(pid):
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
            # What has ended and is not yet waited for is a zombie.
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
