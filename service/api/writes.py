"""Calls that change the archive, and the jobs that they begin."""

import dataclasses
from datetime import datetime
from typing import Any, Self

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from corpus.errors import IndexStateError
from index.builder import BuildReport
from service.api.access import WRITE
from service.api.articles import find_article
from service.api.context import Api, Context
from service.api.errors import ProblemBody
from service.api.jobs import Job, JobKind, JobState
from service.api.requests import Body
from service.api.responses import problems
from service.api.uploads import UploadOperation, read_upload
from service.writing import Writer

__all__ = ["JobBody", "add_articles", "read_job", "remove_article"]

_SECURITY: list[dict[str, list[str]]] = [{"key": []}]


class SkippedBody(Body):
    """An article that could not be added."""

    line: int | None
    """Line of the body, from 1."""
    reason: str
    """What is wrong with it."""


class ReportBody(Body):
    """What a job did."""

    snapshot: int
    """Number of the snapshot that has it."""
    added: int
    replaced: int
    unchanged: int
    """Articles that the archive had already, word for word."""
    removed: int
    embedded: int
    """Passages whose meaning can now be searched."""
    skipped: tuple[SkippedBody, ...]
    """Articles that could not be added."""

    @classmethod
    def of(cls, report: BuildReport) -> Self:
        """Return the report as it is sent."""
        counts = dataclasses.asdict(report)
        del counts["skips"]
        skipped = tuple(SkippedBody(line=one.line, reason=one.reason) for one in report.skips)
        return cls(**counts, skipped=skipped)


class JobBody(Body):
    """A change to the archive, as far as it is."""

    id: str
    kind: JobKind
    state: JobState
    created: datetime
    stage: str
    """What is being done, in words."""
    n_done: int
    n_total: int | None
    """How much of the stage is done; null when it is not known how much there is."""
    result: ReportBody | None
    """What was done; null until the state is `done`."""
    problem: ProblemBody | None
    """Why it failed; null unless the state is `failed`."""

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the job as it is sent."""
        # The state first, once: a thread goes on with the job meanwhile.
        state = job.state
        return cls(
            id=job.id,
            kind=job.kind,
            state=state,
            created=job.created,
            stage=job.stage,
            n_done=job.n_done,
            n_total=job.n_total,
            result=ReportBody.of(job.report) if state == "done" and job.report else None,
            problem=job.problem if state == "failed" else None,
        )


@post(
    "/v1/articles",
    status_code=202,
    summary="Add or replace articles",
    description=(
        "One article as JSON, or one on each line as `application/x-ndjson`. An article takes the "
        "place of one with the same `id`; one that is there already, word for word, stays as it "
        "is. The articles are found by their words first and a little later by meaning. Returns a "
        "job to ask about; while it runs no other change is taken."
    ),
    operation_class=UploadOperation,
    security=_SECURITY,
    opt=WRITE,
    responses=problems(409, 413),
)
async def add_articles(api: Api, request: Request[Any, Any, Any]) -> Response[JobBody]:
    """Begin to add articles."""
    writer = await _free_writer(api)
    raw, media_type = await request.body(), request.content_type[0]
    records = await api.reading.run(lambda: read_upload(raw, media_type))
    return _accepted(api.jobs.start("add", lambda progress: writer.add(records, progress)))


@delete(
    "/v1/articles/{article_id:str}",
    status_code=202,
    summary="Remove an article",
    description=(
        "Returns a job to ask about; when it is done the article's text is in no file of the index."
    ),
    security=_SECURITY,
    opt=WRITE,
    responses=problems(404, 409),
)
async def remove_article(api: Api, article_id: FromPath[str]) -> Response[JobBody]:
    """Begin to remove an article."""
    await find_article(api, article_id)
    writer = await _free_writer(api)
    job = api.jobs.start("remove", lambda progress: writer.remove([article_id], progress))
    return _accepted(job)


@get(
    "/v1/jobs/{job_id:str}",
    summary="Ask about a change to the archive",
    description="Jobs are forgotten when the server ends; the changes they made are not.",
    security=_SECURITY,
    opt=WRITE,
    responses=problems(404),
)
async def read_job(api: Api, job_id: FromPath[str]) -> JobBody:
    """Return a job."""
    return JobBody.of(api.jobs.find(job_id))


async def _free_writer(api: Context) -> Writer:
    """Return the writer, when nobody else writes: better now than in the middle of a job."""
    if api.writer is None:
        raise IndexStateError("This server was started without a way to change the archive.")
    # First our own job: looking whether another process writes would get in its way.
    api.jobs.check_free()
    await api.reading.run(api.writer.check_free)
    return api.writer


def _accepted(job: Job) -> Response[JobBody]:
    return Response(JobBody.of(job), headers={"Location": f"/v1/jobs/{job.id}"})
