"""What pages made to do harm do to the process that reads them."""

import os
import time

from corpus.sources import SkippedRecord

__all__ = ["die", "fill_memory", "hang", "say"]


def say(word: str) -> list[SkippedRecord]:
    return [SkippedRecord("file", None, word)]


def hang(word: str) -> list[SkippedRecord]:
    time.sleep(600)
    return say(word)


def die(word: str) -> list[SkippedRecord]:
    os._exit(7)


def fill_memory(word: str) -> list[SkippedRecord]:
    held = bytearray(3 * 2**30)
    return say(f"{word} {len(held)}")
