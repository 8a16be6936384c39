"""What pages made to do harm do to the process that reads them."""

import os
import time
from pathlib import Path

from corpus.sources import SkippedRecord

__all__ = ["die", "fill_memory", "hang", "leave_file", "say", "tell_process"]


def say(word: str) -> list[SkippedRecord]:
    return [SkippedRecord("file", None, word)]


def tell_process(word: str) -> list[SkippedRecord]:
    return say(str(os.getpid()))


def leave_file(path: str) -> list[SkippedRecord]:
    Path(path).touch()
    return say(path)


def hang(word: str) -> list[SkippedRecord]:
    time.sleep(600)
    return say(word)


def die(word: str) -> list[SkippedRecord]:
    os._exit(7)


def fill_memory(word: str) -> list[SkippedRecord]:
    held = bytearray(3 * 2**30)
    return say(f"{word} {len(held)}")
