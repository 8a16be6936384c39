"""A process that does what it is asked, dying included."""

import os
import sys
import time

from corpus.processes import answer_requests

__all__ = ["main"]


def _answer(request: str) -> object:
    if request == "die":
        os._exit(7)
    if request == "hang":
        time.sleep(600)
    return {"pid": os.getpid(), "arguments": sys.argv[2:]}.get(request)


def main() -> None:
    answer_requests(_answer)
