"""Questions to go on with."""

from typing import Annotated

from pydantic import Field

from service.api.bodies.requests import Asked, AsOf, Body, FiltersBody, Text

__all__ = ["FollowUpsBody", "FollowUpsRequest"]

_MAX_ARTICLES = 5
_MAX_ASKED = 100


class FollowUpsRequest(Body):
    """What somebody has read, and asked already."""

    article_ids: Annotated[list[Text], Field(min_length=1, max_length=_MAX_ARTICLES)] = Field(
        examples=[["ferry"]]
    )
    """The articles of the answer, the most important first."""
    asked: Annotated[list[Asked], Field(max_length=_MAX_ASKED)] = Field(
        default=[], examples=[["How many people were rescued from the ferry?"]]
    )
    """The questions asked so far, which are not suggested again."""
    answers: Annotated[list[Text], Field(max_length=_MAX_ASKED)] = Field(
        default=[], examples=[["Nine"]]
    )
    """The answers they got: what asks for one of them is not suggested."""
    filters: FiltersBody = FiltersBody()
    """Which articles may be searched."""
    as_of: AsOf = None


class FollowUpsBody(Body):
    """Questions to go on with."""

    questions: tuple[str, ...]
    """At most three; none where nothing in the articles fits, or the server is busy."""
