import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.service.watching.conftest import Desk
from tests.service.watching.fakes import answer

ROOT = Path(__file__).parents[3]


@pytest.mark.e2e
def test_processes_that_are_killed_lose_no_change_and_tell_none_twice(tmp_path: Path) -> None:
    questions = [f"Who is the captain of ship {n}?" for n in range(40)]
    desk, rng = Desk(tmp_path), random.Random(7)
    for question in questions:
        desk.asker.answers[question] = answer("Marta Holt")
        desk.add(question)
    desk.runner.run()
    n_kills = 0
    while n_kills < 8:
        command = [sys.executable, "-m", "tests.service.watching.killed", str(tmp_path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(rng.randint(1, 4)):
                process.stdout.readline()
            process.kill()
        n_kills += 1
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.returncode == 0
    told = Counter(entry.question for entry in desk.entries.list())
    assert told == Counter(questions)
    assert not any(watch.is_due for _, watch in desk.watches.all())
