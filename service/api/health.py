"""`/health/live` and `/health/ready`: what a supervisor asks before it restarts or sends work."""

from litestar import get

from service.api.context import Api

__all__ = ["live", "ready"]


@get("/health/live", tags=["Health"], summary="Is the process alive?")
async def live() -> dict[str, str]:
    """Answer, which shows that the process does."""
    return {"status": "live"}


@get("/health/ready", tags=["Health"], summary="Can questions be answered?")
async def ready(api: Api) -> dict[str, str | int]:
    """Tell which snapshot is served; 503 with the reason when the archive cannot be read."""
    snapshot = await api.reading.start(api.archive.current)
    return {"status": "ready", "snapshot": snapshot.status.snapshot}
