"""A client of a Dateline server."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError

from corpus.closable import Closable
from corpus.errors import DatelineError, FetchError, RequestError
from corpus.remote.http import HttpClient, Reply, Transport
from service.api.bodies.answers import AskResponse, SearchResponse
from service.api.bodies.archive import (
    ArchiveBody,
    ArchiveQuestionsBody,
    ArticleBody,
    ArticleListBody,
)
from service.api.bodies.feedback import FeedbackResponse
from service.api.bodies.holds import HoldRequest, HoldsBody, ReleaseRequest
from service.api.bodies.jobs import JobBody
from service.api.bodies.problem import ProblemBody
from service.api.bodies.requests import (
    AskRequest,
    Body,
    FeedbackRequest,
    FiltersBody,
    SearchRequest,
)
from service.api.bodies.suggestions import FollowUpsBody, FollowUpsRequest
from service.api.bodies.versions import VersionsBody
from service.links import article_path

__all__ = ["Client", "ServerError", "UnreachableError"]

B = TypeVar("B", bound=Body)

# A first question may wait for the server to open its index.
_TIMEOUT_S = 60.0
_LOOK_AGAIN_S = 0.2


class UnreachableError(DatelineError):
    """The server cannot be reached, or what answers there is none of ours."""


class ServerError(DatelineError):
    """The server refused or failed. `problem` is what it said.

    `retry_after_s` is how long to wait before trying again; None when that would not help.
    """

    def __init__(self, problem: ProblemBody, retry_after_s: int | None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.retry_after_s = retry_after_s


class Client(Closable):
    """Asks the server at `url`, with `key` if it needs one; to be closed, or used with `with`.

    All methods raise `UnreachableError`, `ServerError`, and `RequestError` for what cannot be sent.
    `transport` stands in for the network.

    >>> with Client("http://localhost:8000") as client:  # doctest: +SKIP
    ...     client.ask("How many people were rescued?").answer
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        timeout_s: float = _TIMEOUT_S,
        transport: Transport | None = None,
    ) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = HttpClient(url, headers, timeout_s, transport)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[tuple[str, str | None]] = (),
        filters: FiltersBody | None = None,
        as_of: date | None = None,
        max_answers: int = 5,
    ) -> AskResponse:
        """Return the answer, or the reason why there is none.

        `history` has a question and its answer, None when refused, for each earlier turn.
        """
        asked = _checked(
            AskRequest,
            question=question,
            history=[{"question": before, "answer": answer} for before, answer in history],
            filters=filters or FiltersBody(),
            as_of=as_of,
            max_answers=max_answers,
        )
        return self._post("/v1/ask", asked, AskResponse)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        filters: FiltersBody | None = None,
        as_of: date | None = None,
    ) -> SearchResponse:
        """Return passages, best first."""
        asked = _checked(
            SearchRequest, query=query, k=k, filters=filters or FiltersBody(), as_of=as_of
        )
        return self._post("/v1/search", asked, SearchResponse)

    def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        return self._send("GET", _article_path(article_id), ArticleBody)

    def versions(self, article_id: str) -> VersionsBody:
        """Return the versions of an article that are kept, the current one first."""
        return self._send("GET", f"{_article_path(article_id)}/versions", VersionsBody)

    def articles(
        self,
        text: str = "",
        *,
        sources: Sequence[str] = (),
        month: str | None = None,
        language: str | None = None,
        cursor: str | None = None,
        limit: int = 20,
    ) -> ArticleListBody:
        """Return one page of articles, the newest first; see `GET /v1/articles`.

        `month` is `2024-03`; `cursor` is the `next` of the page before.
        """
        given: list[tuple[str, str]] = [("source", source) for source in sources]
        options = {"q": text, "month": month, "language": language, "cursor": cursor}
        given += [(name, value) for name, value in options.items() if value]
        asked = urlencode([*given, ("limit", str(limit))])
        return self._send("GET", f"/v1/articles?{asked}", ArticleListBody)

    def archive(self) -> ArchiveBody:
        """Return facts about the archive."""
        return self._send("GET", "/v1/archive", ArchiveBody)

    def questions(self) -> ArchiveQuestionsBody:
        """Return questions to begin with."""
        return self._send("GET", "/v1/archive/questions", ArchiveQuestionsBody)

    def follow_ups(self, outcome: AskResponse, asked: Sequence[str] = ()) -> FollowUpsBody:
        """Return questions to go on with after an answer, each found to be answered."""
        cited = outcome.answer.citations if outcome.answer else ()
        read = list(dict.fromkeys(one.article_id for one in cited))[:5]
        if not read:
            return FollowUpsBody(questions=())
        request = _checked(
            FollowUpsRequest,
            article_ids=read,
            asked=[*asked, outcome.question],
            answers=[outcome.answer.text] if outcome.answer else [],
        )
        return self._post("/v1/followups", request, FollowUpsBody)

    def give_feedback(
        self,
        outcome: AskResponse,
        *,
        right: bool,
        right_answers: Sequence[str] | None = None,
        note: str | None = None,
    ) -> FeedbackResponse:
        """Say whether an outcome was right."""
        said = _checked(
            FeedbackRequest,
            answer_id=outcome.id,
            question=outcome.question,
            answer=outcome.answer.text if outcome.answer else None,
            right=right,
            right_answers=None if right_answers is None else list(right_answers),
            note=note,
        )
        return self._post("/v1/feedback", said, FeedbackResponse)

    def add(self, lines: Iterable[str]) -> JobBody:
        """Begin to add articles, each a line of JSON; needs a key that may write."""
        return self._send(
            "POST",
            "/v1/articles",
            JobBody,
            content="\n".join(lines).encode(),
            headers={"Content-Type": "application/x-ndjson"},
        )

    def remove(self, article_id: str) -> JobBody:
        """Begin to remove an article; needs a key that may write."""
        return self._send("DELETE", _article_path(article_id), JobBody)

    def hold(self, ids: Sequence[str], why: str) -> JobBody:
        """Begin to take articles out of the answers; needs a key that may write."""
        return self._post("/v1/holds", _checked(HoldRequest, ids=ids, why=why), JobBody)

    def release(self, ids: Sequence[str]) -> JobBody:
        """Begin to put articles back into the answers; needs a key that may write."""
        return self._post("/v1/holds/release", _checked(ReleaseRequest, ids=ids), JobBody)

    def holds(self) -> HoldsBody:
        """Return the log of holds; needs a key that may write."""
        return self._send("GET", "/v1/holds", HoldsBody)

    def job(self, job_id: str) -> JobBody:
        """Return a job as far as it is."""
        return self._send("GET", f"/v1/jobs/{job_id}", JobBody)

    def wait(self, job: JobBody, look_again_s: float = _LOOK_AGAIN_S) -> JobBody:
        """Return a job when it is done or has failed."""
        while job.state == "running":
            time.sleep(look_again_s)
            job = self.job(job.id)
        return job

    def _post(self, path: str, body: Body, kind: type[B]) -> B:
        return self._send(
            "POST",
            path,
            kind,
            content=body.model_dump_json().encode(),
            headers={"Content-Type": "application/json"},
        )

    def _send(
        self,
        method: str,
        path: str,
        kind: type[B],
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> B:
        try:
            reply = self._http.send(method, path, content, headers)
        except FetchError as error:
            raise UnreachableError(
                f"{self._url} cannot be reached ({error}): is `dateline serve` running there?"
            ) from error
        if not 200 <= reply.status < 300:
            raise self._error(reply)
        return self._read(reply, kind)

    def _error(self, reply: Reply) -> ServerError:
        problem = self._read(reply, ProblemBody)
        retry_after = reply.headers.get("retry-after", "")
        return ServerError(problem, int(retry_after) if retry_after.isdecimal() else None)

    def _read(self, reply: Reply, kind: type[B]) -> B:
        try:
            # A newer server may say more than this client knows.
            return kind.model_validate_json(reply.content, extra="ignore")
        except ValidationError as error:
            raise UnreachableError(
                f"What answers at {self._url} ({reply.status}) is no Dateline server, or "
                "an older one."
            ) from error


def _article_path(article_id: str) -> str:
    return f"/v1/articles/{article_path(article_id)}"


def _checked(kind: type[B], **fields: Any) -> B:  # noqa: ANN401 - checked right here
    try:
        return kind(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        raise RequestError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from error
