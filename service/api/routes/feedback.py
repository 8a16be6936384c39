"""`POST /v1/feedback`: whether an answer was right."""

from http import HTTPStatus
from typing import Any

from litestar import Request, post
from litestar.exceptions import HTTPException
from litestar.params import JSONBody

from service.api.bodies.feedback import FeedbackResponse
from service.api.bodies.requests import FeedbackRequest
from service.api.bodies.responses import problems
from service.api.context import Api
from service.api.routes.ask import check_length

__all__ = ["give_feedback"]

# Room for a question, a few turns of conversation and a note.
_MAX_BYTES = 32_768


@post(
    "/v1/feedback",
    summary="Say whether an answer was right",
    description=(
        "Kept beside the archive, for whoever runs it: `dateline feedback export` makes questions "
        "of it that `dateline eval` can ask again. The same feedback twice is kept once."
    ),
    request_max_body_size=_MAX_BYTES,
    responses=problems(413, 415),
)
async def give_feedback(
    api: Api, data: JSONBody[FeedbackRequest], request: Request[Any, Any, Any]
) -> FeedbackResponse:
    """Keep feedback about an answer."""
    # A page of another site can make a browser send anything but this without asking first.
    if request.content_type[0] != "application/json":
        raise HTTPException(
            "Send the feedback with Content-Type: application/json.",
            status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    check_length("question", data.question, api.settings)
    body = data.model_dump_json(exclude_defaults=True)
    number = await api.reading.run(lambda: api.feedback.keep(data.answer_id, body))
    return FeedbackResponse(id=number)
