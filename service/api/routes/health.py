"""Probes, and facts about the archive."""

from litestar import get

from service.api.asking import fresh
from service.api.bodies.archive import ArchiveBody
from service.api.bodies.requests import Body
from service.api.bodies.responses import problems
from service.api.context import Api
from service.api.guards.access import PUBLIC
from service.api.rendering.archive import archive_body

__all__ = ["HealthBody", "archive_facts", "live", "ready"]


class HealthBody(Body):
    """The state of the server."""

    status: str
    snapshot: int | None = None
    """Number of the snapshot of the archive that is served."""
    problem: str | None = None
    """Why a newer snapshot, which was published, is not served."""
    warnings: tuple[str, ...] = ()
    """Followed sources that are late, each with the reason; the server answers all the same."""


@get("/health/live", summary="Is the process up?", opt=PUBLIC, sync_to_thread=False)
def live() -> HealthBody:
    """Tell that the process answers at all."""
    return HealthBody(status="live")


@get(
    "/health/ready",
    summary="Can it answer questions?",
    description=(
        "503 with the reason while there is no archive to ask. Where the newest snapshot cannot be "
        "read, the one before is served, and `problem` says so. Followed sources that are silent "
        "for far longer than usual, or cannot be read, are in `warnings`."
    ),
    responses=problems(503, guarded=False),
    opt=PUBLIC,
)
async def ready(api: Api) -> HealthBody:
    """Tell whether there is an archive to ask."""
    status = (await api.reading.run(api.archive.current)).status
    late = (await fresh(api)).late
    warnings = tuple(f"{source.name} is late: {source.late}" for source in late)
    return HealthBody(
        status="ready", snapshot=status.snapshot, problem=status.trouble, warnings=warnings
    )


@get("/v1/archive", summary="Facts about the archive", responses=problems())
async def archive_facts(api: Api) -> ArchiveBody:
    """Tell what the archive holds."""
    status = (await api.reading.run(api.archive.current)).status
    return archive_body(status, await fresh(api))
