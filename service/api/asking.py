"""Questions answered off the event loop: the outcome at once, or step by step."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from litestar.types import Receive

from corpus.errors import IndexStateError
from index.search.hit import Hit
from service.answering.answer import AskResult, Question
from service.api.bodies.problem import ProblemBody
from service.api.context import Context
from service.api.errors import problem_of
from service.api.guards.deadline import Deadline, wait_for
from service.api.guards.limits import OverloadedError
from service.api.observing import tell_answer
from service.api.rendering.answers import answer_id
from service.following.freshness import Freshness

__all__ = ["Failed", "Found", "Step", "Waiting", "answer", "follow", "fresh", "work_off"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing happened for a while; something is still to come."""


@dataclass(frozen=True, slots=True)
class Found:
    """These passages will be read."""

    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no outcome."""

    problem: ProblemBody


Step = Waiting | Found | AskResult | Failed


async def answer(api: Context, question: Question, receive: Receive) -> AskResult:
    """Return the outcome of a question to the call that `receive` belongs to.

    Raises:
        OverloadedError: there is no place left in the queue.
        DeadlineError: it takes too long.
        ClientGoneError: nobody waits for it any more.
    """
    return await work_off(
        api, lambda raise_if_cancelled: _ask(api, question, raise_if_cancelled), receive
    )


async def work_off(api: Context, work: Callable[[Callable[[], None]], T], receive: Receive) -> T:
    """Return what `work` does among the questions; it is given what to call between its parts.

    Raises:
        OverloadedError: there is no place left in the queue.
        DeadlineError: it takes too long.
        ClientGoneError: nobody waits for it any more.
    """
    deadline = Deadline(api.settings.deadline_s)
    job = api.asking.submit(lambda: work(deadline.check))
    return await wait_for(job, deadline, receive)


async def fresh(api: Context) -> Freshness:
    """Return how fresh the archive is that answers; an answer is not lost for want of that."""
    try:
        return await api.reading.run(lambda: api.freshness.read(api.archive.current()))
    except (IndexStateError, OverloadedError):
        return Freshness()


def follow(api: Context, question: Question) -> AsyncIterator[Step]:
    """Return the steps of a question: the passages, then its outcome; or a failure.

    Raises:
        OverloadedError: there is no place left in the queue; it is raised at once, so that the
            caller can still get a status.
    """
    deadline = Deadline(api.settings.deadline_s)
    steps = _Steps(deadline, api.settings.keep_alive_s)

    def work() -> None:
        try:
            steps.put(_ask(api, question, deadline.check, lambda hits: steps.put(Found(hits))))
        except Exception as error:  # the stream has begun: it is the only way left to tell
            steps.put(Failed(problem_of(error).body))

    job = api.asking.submit(work)
    job.add_done_callback(lambda _: steps.put(None))
    return steps.until_closed(job)


def _ask(
    api: Context,
    question: Question,
    raise_if_cancelled: Callable[[], None],
    on_hits: Callable[[Sequence[Hit]], None] | None = None,
) -> AskResult:
    """Answer a question, in a worker's thread, and tell whoever watches the server."""
    result = api.answerer.ask(question, on_hits=on_hits, raise_if_cancelled=raise_if_cancelled)
    tell_answer(api, question, result, answer_id(result))
    return result


class _Steps:
    """Steps put in from a worker's thread and taken out on the event loop."""

    def __init__(self, deadline: Deadline, keep_alive_s: float) -> None:
        self._deadline = deadline
        self._keep_alive_s = keep_alive_s
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Step | None] = asyncio.Queue()

    def put(self, step: Step | None) -> None:
        # The loop is gone when the server stopped meanwhile: then nobody listens either.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._queue.put_nowait, step)

    async def until_closed(self, job: "Future[None]") -> AsyncIterator[Step]:
        try:
            while step := await self._next():
                yield step
                if isinstance(step, Failed):
                    return
        finally:
            # Who went away must not keep a thread busy: neither now nor later.
            self._deadline.give_up()
            job.cancel()

    async def _next(self) -> Step | None:
        left_s = self._deadline.left_s
        patience_s = self._keep_alive_s if left_s is None else min(self._keep_alive_s, left_s)
        try:
            return await asyncio.wait_for(self._queue.get(), patience_s)
        except TimeoutError:
            if self._deadline.left_s == 0:
                # The thread may be in the middle of a batch, or the question in the queue.
                return Failed(problem_of(self._deadline.error()).body)
            return Waiting()
