"""Questions answered off the event loop: the outcome at once, or step by step."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from index.hit import Hit
from service.answering.answer import AskResult, Question
from service.api.context import Context
from service.api.errors import ProblemBody, problem_of
from service.api.observing import tell_answer
from service.api.schemas import answer_id

__all__ = ["Failed", "Found", "Step", "answer", "follow"]


@dataclass(frozen=True, slots=True)
class Found:
    """These passages will be read."""

    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no outcome."""

    problem: ProblemBody


Step = Found | AskResult | Failed


async def answer(api: Context, question: Question) -> AskResult:
    """Return the outcome of a question.

    Raises:
        OverloadedError: there is no place left in the queue.
    """
    result = await api.asking.run(lambda: api.answerer.ask(question))
    tell_answer(api, question, result, answer_id(result))
    return result


def follow(api: Context, question: Question) -> AsyncIterator[Step]:
    """Return the steps of a question: the passages, then its outcome; or a failure.

    Raises:
        OverloadedError: there is no place left in the queue; it is raised at once, so that the
            caller can still get a status.
    """
    steps = _Steps()

    def work() -> None:
        try:
            result = api.answerer.ask(question, on_hits=lambda hits: steps.put(Found(hits)))
            tell_answer(api, question, result, answer_id(result))
            steps.put(result)
        except Exception as error:  # the stream has begun: it is the only way left to tell
            steps.put(Failed(problem_of(error).body))

    job = api.asking.submit(work)
    job.add_done_callback(lambda _: steps.put(None))
    return steps.until_closed(job)


class _Steps:
    """Steps put in from a worker's thread and taken out on the event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Step | None] = asyncio.Queue()

    def put(self, step: Step | None) -> None:
        # The loop is gone when the server stopped meanwhile: then nobody listens either.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._queue.put_nowait, step)

    async def until_closed(self, job: "Future[None]") -> AsyncIterator[Step]:
        try:
            while step := await self._queue.get():
                yield step
        finally:
            # Who went away while still in the queue must not keep a thread busy later.
            job.cancel()
