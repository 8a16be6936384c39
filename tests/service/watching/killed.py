"""What test_kills.py starts and kills: `python -m tests.service.watching.killed FOLDER`."""

import sys
from pathlib import Path

from tests.service.watching.conftest import Desk
from tests.service.watching.fakes import answer


def main(folder: Path) -> None:
    """Ask all watches of the second snapshot, telling each on a line of its own."""
    desk = Desk(folder)
    desk.archive.number = 2
    desk.asker.answers = {watch.question: answer("Jon Lund") for _, watch in desk.watches.all()}
    desk.asker.on_ask = lambda: print("asked", flush=True)  # noqa: T201 - the test counts
    desk.runner.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
