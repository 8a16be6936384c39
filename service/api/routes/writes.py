"""Calls that change the archive, and the jobs that they begin."""

from pathlib import Path
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, FromQuery

from corpus.errors import IndexStateError
from corpus.sources import DateOrder, Policy
from index.building.builder import BuildReport, OnConflict, Progress
from service.api.bodies.jobs import JobBody
from service.api.bodies.responses import problems
from service.api.context import Api, Context
from service.api.guards.access import KEY_SECURITY, WRITE
from service.api.jobs import Job, Told
from service.api.rendering.jobs import job_body
from service.api.routes.articles import find_article, id_in_path
from service.api.routes.uploads import UploadOperation, read_upload
from service.writing import Writer

__all__ = ["accepted", "add_articles", "free_writer", "read_job", "remove_article"]


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
    security=KEY_SECURITY,
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
    security=KEY_SECURITY,
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
    security=KEY_SECURITY,
    opt=WRITE,
    responses=problems(404),
)
async def read_job(api: Api, job_id: FromPath[str]) -> JobBody:
    """Return a job."""
    return job_body(api.jobs.find(job_id))


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
    return Response(job_body(job), headers={"Location": f"/v1/jobs/{job.id}"})
