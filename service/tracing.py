"""The only door to OpenTelemetry: a trace of each call, when the environment asks for one.

The variables are the standard's own: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_TRACES_EXPORTER`)
turns traces on, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER` and the rest
mean what they mean everywhere. Without them nothing of it is imported.
"""

import os
import time
from collections.abc import Callable, Mapping
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from corpus.errors import RequestError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

__all__ = ["EndCall", "NoTracing", "OtelTracing", "Tracing", "open_tracing"]

EndCall = Callable[[str, str, int], None]
"""Ends the trace of a call, given its method, the path of its route, and its status."""

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
# A server that is told to end must not wait for a collector that is not there.
_MAX_FLUSH_S = 1.0
_SERVER_ERROR = 500


class Tracing(Protocol):
    """Notes when calls and the stages of questions began and ended."""

    def begin(self, headers: Mapping[str, str]) -> EndCall:
        """Begin the trace of a call, which the caller's own trace may hold, and return its end."""
        ...

    def note_stages(self, timings_ms: Mapping[str, float]) -> None:
        """Note stages, one after the other, the last of which has just ended."""
        ...

    def close(self) -> None:
        """Send what is noted."""
        ...


class NoTracing:
    """Notes nothing; see `Tracing`."""

    def begin(self, headers: Mapping[str, str]) -> EndCall:
        """See `Tracing.begin`."""
        return lambda _method, _path, _status: None

    def note_stages(self, timings_ms: Mapping[str, float]) -> None:
        """See `Tracing.note_stages`."""

    def close(self) -> None:
        """See `Tracing.close`."""


class OtelTracing:
    """Notes calls and stages as spans, sent in batches by a thread of its own; see `Tracing`."""

    def __init__(self, exporter: "SpanExporter") -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        # The name counts only where the environment gives none.
        named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "dateline"}
        self._provider: TracerProvider = TracerProvider(
            resource=Resource.create(named), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("dateline")

    def begin(self, headers: Mapping[str, str]) -> EndCall:
        """See `Tracing.begin`."""
        from opentelemetry import context, trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        parent = TraceContextTextMapPropagator().extract(carrier)
        span = self._tracer.start_span("call", parent, trace.SpanKind.SERVER)
        # Until the end of the call's task, whose context is its own.
        context.attach(trace.set_span_in_context(span))

        def end(method: str, path: str, status: int) -> None:
            span.update_name(f"{method} {path}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": path,
                    "http.response.status_code": status,
                }
            )
            if status >= _SERVER_ERROR:
                span.set_status(trace.StatusCode.ERROR)
            span.end()

        return end

    def note_stages(self, timings_ms: Mapping[str, float]) -> None:
        """See `Tracing.note_stages`."""
        at_ns = time.time_ns() - int(1e6 * sum(timings_ms.values()))
        for stage, time_ms in timings_ms.items():
            span = self._tracer.start_span(stage, start_time=at_ns)
            at_ns += int(1e6 * time_ms)
            span.end(at_ns)

    def close(self) -> None:
        """See `Tracing.close`."""
        # Its own limits are not kept while a batch is on its way.
        ending = Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_MAX_FLUSH_S)


def open_tracing(environment: Mapping[str, str] = os.environ) -> Tracing:
    """Return what notes traces, as the environment's `OTEL_*` variables say.

    Raises:
        RequestError: they ask for what is not installed, or not known here.
    """
    endpoint = next((name for name in _ENDPOINTS if environment.get(name)), None)
    kind = environment.get("OTEL_TRACES_EXPORTER") or ("otlp" if endpoint else "none")
    if kind == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return NoTracing()
    try:
        return OtelTracing(_exporter(kind))
    except ImportError as error:
        raise RequestError(
            f"{endpoint or 'OTEL_TRACES_EXPORTER'} asks for traces, and what sends them is not "
            "installed: `pip install 'dateline[otel]'`, or unset it."
        ) from error


def _exporter(kind: str) -> "SpanExporter":
    if kind == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if kind != "otlp":
        raise RequestError(f"OTEL_TRACES_EXPORTER is {kind!r}: otlp, console and none are known.")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
