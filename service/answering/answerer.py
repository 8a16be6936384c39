"""The way from a question to an answer."""

from collections.abc import Callable, Sequence
from typing import Protocol

from index.search.hit import Hit
from service.answering.answer import AskResult, Question

__all__ = ["Answerer"]


class Answerer(Protocol):
    """Answers questions. Safe to call from several threads."""

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        """Answer, or refuse with a reason.

        `on_hits` is called once, with the passages that will be read, before they are read.
        `raise_if_cancelled` is called wherever the work can be broken off; what it raises ends it.

        Raises:
            RequestError: the question is empty or too long.
        """
        ...
