"""What is told about calls and questions: metrics, and lines of a log."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from corpus.errors import IndexStateError
from index.engines.archive import ArchiveStatus
from service.answering.answer import AskResult, Question
from service.api.bodies.responses import problems
from service.api.context import Api, Context
from service.api.guards.access import Caller, Connection
from service.api.metrics import CONTENT_TYPE, Metrics
from service.following.freshness import Freshness
from service.tracing import Tracing

__all__ = ["CallObserver", "show_metrics", "tell_answer"]

_BEGAN = "dateline_began_s"
_STATUS = "dateline_status"
_END = "dateline_end"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CallObserver:
    """Times calls from the first guard until all of the response is sent."""

    metrics: Metrics
    tracing: Tracing

    async def begin(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Note when a call began; the first of the guards."""
        state = connection.scope["state"]
        state[_BEGAN] = time.perf_counter()
        state[_END] = self.tracing.begin(connection.headers)

    async def watch(self, message: Message, scope: Scope) -> None:
        """Note the status of a response, and tell of the call when all of it was sent."""
        if message["type"] == "http.response.start":
            scope["state"][_STATUS] = message["status"]
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            self._tell(scope)

    def _tell(self, scope: Scope) -> None:
        began_s = scope["state"].get(_BEGAN)
        time_s = time.perf_counter() - began_s if began_s is not None else None
        # That of the route: a path as it came may hold anything, and there is no end of them.
        path = scope.get("path_template") or "unknown"
        method, status = str(scope.get("method")), int(scope["state"].get(_STATUS, 0))
        self.metrics.called(method, path, status, time_s)
        if end := scope["state"].get(_END):
            end(method, path, status)
        caller = scope.get("auth")
        fields = {
            "method": method,
            "path": path,
            "status": status,
            "time_ms": round(1000 * time_s, 1) if time_s is not None else None,
            "key": caller.key_id if isinstance(caller, Caller) else None,
        }
        _log.info("call", extra={"fields": fields})


def tell_answer(api: Context, question: Question, result: AskResult, answer_id: str) -> None:
    """Count the outcome of a question, and log it: without its words, unless a setting asks."""
    api.metrics.answered(result)
    api.tracing.note_stages(result.timings_ms)
    fields: dict[str, Any] = {
        "answer_id": answer_id,
        "answered": result.answer is not None,
        "confidence": round(result.answer.confidence, 3) if result.answer else None,
        "snapshot": result.snapshot,
        "timings_ms": result.timings_ms,
    }
    if api.settings.log_questions:
        fields["question"] = question.text
        fields["answer"] = result.answer.text if result.answer else None
    _log.info("answer", extra={"fields": fields})


@get(
    "/metrics",
    summary="Figures for Prometheus",
    description="Times by stage, refusals, queues, calls, and the age of the snapshot.",
    media_type="text/plain",
    responses=problems(),
)
async def show_metrics(api: Api) -> Response[bytes]:
    """Return all figures as Prometheus reads them."""

    def work() -> bytes:
        status, freshness = _status(api)
        return api.metrics.text(status, freshness)

    return Response(await api.reading.run(work), media_type=CONTENT_TYPE)


def _status(api: Context) -> tuple[ArchiveStatus | None, Freshness]:
    try:
        snapshot = api.archive.current()
        return snapshot.status, api.freshness.read(snapshot)
    except IndexStateError:
        return None, api.freshness.read_sources()
