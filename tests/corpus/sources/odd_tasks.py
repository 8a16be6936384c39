"""What pages made to do harm do to the process that reads them."""

import os
import time

from corpus.sources import Skip

__all__ = ["die", "fill_memory", "hang", "say"]


def say(word: str) -> list[Skip]:
    return [Skip("file", None, word)]


def hang(word: str) -> list[Skip]:
    time.sleep(600)
    return say(word)


def die(word: str) -> list[Skip]:
    os._exit(7)


def fill_memory(word: str) -> list[Skip]:
    held = bytearray(3 * 2**30)
    return say(f"{word} {len(held)}")
