"""Questions to suggest: to begin with, and to go on with."""

import asyncio
from typing import Any

from litestar import Request, get, post
from litestar.params import JSONBody

from service.api.asking import work_off
from service.api.bodies.archive import ArchiveQuestionsBody
from service.api.bodies.responses import problems
from service.api.bodies.suggestions import FollowUpsBody, FollowUpsRequest
from service.api.context import Api
from service.suggestions import follow_ups

__all__ = ["archive_questions", "suggest_follow_ups"]


@get(
    "/v1/archive/questions",
    summary="Questions to begin with",
    description=(
        "Made of words of the newest articles. Each was asked once for the snapshot that is "
        "served, and likely answered with what its article says. `build` does that; where it was "
        "not done, the first call waits for it."
    ),
    responses=problems(503),
)
async def archive_questions(api: Api) -> ArchiveQuestionsBody:
    """Return some questions that the archive answers."""
    known = await api.reading.run(api.first_questions.known)
    if known is None:
        # Others may wait for the same: who goes away must not end it.
        finding = api.first_questions.begin(api.asking.submit)
        known = await asyncio.shield(asyncio.wrap_future(finding))
    return ArchiveQuestionsBody(questions=known)


@post(
    "/v1/followups",
    status_code=200,
    summary="Questions to go on with",
    description=(
        "Made of words of the articles that an answer cites. Each is asked, and returned only if "
        "it is likely answered with what its article says. While others wait, there are none."
    ),
    responses=problems(413, 504),
)
async def suggest_follow_ups(
    api: Api, data: JSONBody[FollowUpsRequest], request: Request[Any, Any, Any]
) -> FollowUpsBody:
    """Return some questions that the articles answer."""
    # Each suggestion costs as much as a question: people who ask come first.
    if api.asking.n_working >= api.settings.max_concurrent_asks:
        return FollowUpsBody(questions=())
    found = await work_off(
        api,
        lambda raise_if_cancelled: follow_ups(
            data.article_ids,
            [*data.asked, *data.answers],
            api.answerer,
            api.archive,
            raise_if_cancelled,
            data.filters.to_filters(),
            data.as_of,
            is_busy=lambda: api.asking.n_waiting > 0,
        ),
        request.receive,
    )
    return FollowUpsBody(questions=tuple(found))
