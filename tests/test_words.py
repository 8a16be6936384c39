"""What people read is written plainly."""

import pytest

from benchmarks.words import PLAIN, found_in, reading_ease, texts


def test_no_hard_phrase_is_left() -> None:
    left = [(name, found) for name, text in texts() if (found := found_in(text))]
    assert left == []


@pytest.mark.parametrize("phrase", PLAIN)
def test_phrases_are_found_however_lines_are_broken(phrase: str) -> None:
    assert found_in(f"So {phrase.replace(' ', chr(10) + '    ', 1)} it is.") == [phrase]
    assert found_in("Nothing is wrong here: 21 articles, 1 article.") == []


def test_short_words_and_sentences_are_easier() -> None:
    easy = "The ship sank. Nine were saved. It was cold."
    hard = "Notwithstanding considerable meteorological adversity, nine individuals were recovered."
    assert reading_ease(easy) > 90 > 30 > reading_ease(hard)
    assert reading_ease(f"# Notwithstanding\n\n{easy}\n\n```\nadversity\n```\n| table |") > 90
