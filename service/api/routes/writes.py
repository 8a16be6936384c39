"""Calls that change the archive, and the jobs that they begin."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, FromQuery

from corpus.errors import IndexStateError
from corpus.sources import DateOrder, Policy, Unread
from index.building.builder import BuildReport, OnConflict, Progress
from service.api.bodies.requests import Body
from service.api.bodies.responses import problems
from service.api.context import Api, Context
from service.api.errors import ProblemBody
from service.api.guards.access import WRITE
from service.api.jobs import Job, JobKind, JobState, Told
from service.api.routes.articles import find_article, id_in_path
from service.api.routes.uploads import UploadOperation, read_upload
from service.writing import Writer

__all__ = ["JobBody", "accepted", "add_articles", "free_writer", "read_job", "remove_article"]

_MAX_IDS = 10_000
_SECURITY: list[dict[str, list[str]]] = [{"key": []}]


class SkippedBody(Body):
    """An article that could not be added."""

    line: int | None
    """Line of the body, from 1."""
    reason: str
    """What is wrong with it."""


class UnreadBody(Body):
    """A field that could not be read; the article was added without it."""

    line: int | None
    """Line of the body, from 1."""
    field: str
    value: str
    why: str


class ConflictBody(Body):
    """An article whose id was another's, by its outlet, title, day and words."""

    id: str
    old: str
    """The article that had the id, in words."""
    new: str
    """The article that came."""
    kept: bool
    """Whether the old one stayed."""


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
    kept: int = 0
    """Articles that stayed, as `on_conflict` says, when what looks like another came."""
    unread: tuple[UnreadBody, ...] = ()
    """Fields that could not be read, of articles that were added without them."""
    conflicts: tuple[ConflictBody, ...] = ()
    """The first articles that came under another's id."""

    @classmethod
    def of(cls, report: BuildReport, unread: Sequence[tuple[int | None, Unread]]) -> Self:
        """Return the report as it is sent."""
        names = ("snapshot", "added", "replaced", "unchanged", "removed", "embedded", "kept")
        return cls(
            **{name: getattr(report, name) for name in names},
            skipped=tuple(SkippedBody(line=one.line, reason=one.reason) for one in report.skips),
            unread=tuple(
                UnreadBody(line=line, field=one.field, value=one.value, why=one.why)
                for line, one in unread
            ),
            conflicts=tuple(
                ConflictBody(id=one.id, old=one.old, new=one.new, kept=one.kept)
                for one in report.conflicts
            ),
        )


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
    ids: tuple[str, ...] = ()
    """The ids of the articles that are added or removed, in their order; the first 10,000."""

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
            ids=job.told.ids[:_MAX_IDS],
            result=ReportBody.of(job.report, job.told.unread)
            if state == "done" and job.report
            else None,
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
        "job to ask about, which tells the ids; while it runs no other change is taken. An id that "
        "can only be unique in its outlet, a number, is put after that: `Harbour Post/17`. "
        "`on_conflict` says what happens to an article whose id is taken by one that looks like "
        "another: it is replaced, kept, or the job fails. `dates` is the order in 03/04/2024, left "
        "unread without it; with `include_unpublished` drafts and the like are added too."
    ),
    operation_class=UploadOperation,
    security=_SECURITY,
    opt=WRITE,
    responses=problems(409, 413),
)
async def add_articles(
    api: Api,
    request: Request[Any, Any, Any],
    on_conflict: FromQuery[OnConflict | None] = None,
    dates: FromQuery[DateOrder | None] = None,
    include_unpublished: FromQuery[bool | None] = None,
) -> Response[JobBody]:
    """Begin to add articles."""
    writer = await free_writer(api)
    raw, media_type = await request.body(), request.content_type[0]
    policy = Policy(dates, include_unpublished=bool(include_unpublished))
    upload = await api.reading.run(lambda: read_upload(raw, media_type, policy))
    told = Told(upload.ids, upload.unread)

    def work(progress: Progress) -> BuildReport:
        return writer.add(upload.records, progress, on_conflict or "replace")

    return accepted(api.jobs.start("add", work, told))


@delete(
    "/v1/articles/{article_id:path}",
    status_code=202,
    summary="Remove an article",
    description=(
        "Returns a job to ask about; when it is done the article's text is in no file of the index."
    ),
    security=_SECURITY,
    opt=WRITE,
    responses=problems(404, 409),
)
async def remove_article(
    api: Api, request: Request[Any, Any, Any], article_id: FromPath[Path]
) -> Response[JobBody]:
    """Begin to remove an article."""
    found = (await find_article(api, id_in_path(request), hidden=True)).id
    writer = await free_writer(api)
    job = api.jobs.start(
        "remove", lambda progress: writer.remove([found], progress), Told((found,))
    )
    return accepted(job)


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


async def free_writer(api: Context) -> Writer:
    """Return the writer, when nobody else writes: better now than in the middle of a job."""
    if api.writer is None:
        raise IndexStateError("This server was started without a way to change the archive.")
    # First our own job: looking whether another process writes would get in its way.
    api.jobs.check_free()
    await api.reading.run(api.writer.check_free)
    return api.writer


def accepted(job: Job) -> Response[JobBody]:
    """Return the answer to a call that began a job."""
    return Response(JobBody.of(job), headers={"Location": f"/v1/jobs/{job.id}"})
