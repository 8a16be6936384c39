"""Passages that look right for a question and do not hold its answer."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.lexical.bm25 import LexicalIndex, LexicalPassage
from index.search.query import Filters
from service.evaluation.metrics import contains_answer
from training.example import Context, Example

__all__ = ["PassagePool", "answer_texts", "passage_pool"]

_DEPTH = 20


class PassagePool:
    """The passages of many examples, searched by words (BM25) with an index in `folder`."""

    def __init__(self, examples: Iterable[Example], folder: Path) -> None:
        texts = {context.text for example in examples for context in example.contexts}
        # Sorted: a set's order differs from run to run.
        self._texts = sorted(texts)
        LexicalIndex.build(
            folder / "lexical",
            (LexicalPassage(key, text, None, 0) for key, text in enumerate(self._texts)),
        )
        self._index = LexicalIndex(folder / "lexical")

    def hard_negatives(self, example: Example, n: int) -> list[Context]:
        """Return at most `n` other passages that rank high for the question but lack its answer."""
        golds = answer_texts(example)
        own = {context.text for context in example.contexts}
        found = []
        for key in self._index.search(example.question, _DEPTH, Filters(), None):
            text = self._texts[key]
            if text not in own and not contains_answer(text, golds):
                found.append(Context(text=text))
                if len(found) == n:
                    break
        return found


@contextmanager
def passage_pool(examples: Iterable[Example]) -> Iterator[PassagePool]:
    """Open a pool of the examples' passages, its index in a temporary folder."""
    # The index may still be merging its files when the folder is deleted.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield PassagePool(examples, Path(folder))


def answer_texts(example: Example) -> Sequence[str]:
    """Return the answers of an example, each wording once."""
    texts = (
        context.text[start:end] for context in example.contexts for start, end in context.answers
    )
    return list(dict.fromkeys(texts))
