import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from corpus.errors import RequestError
from service.api.app import create_app
from service.settings import Settings
from service.tracing import NoTracing, OtelTracing, open_tracing
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(spans: InMemorySpanExporter) -> TestClient[Litestar]:
    """Return a client that is not opened yet: spans are sent when it is closed."""
    app = create_app(
        answerer=FakeAnswerer(),
        archive=FakeArchive(),
        settings=Settings(),
        tracing=OtelTracing(spans),
    )
    return TestClient(app, raise_server_exceptions=False)


def named(spans: Sequence[ReadableSpan]) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_the_stages_of_a_question_are_part_of_its_call(
    client: TestClient[Litestar], spans: InMemorySpanExporter, accept: str
) -> None:
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with client:
        client.post(
            "/v1/ask",
            json={"question": "How many were rescued?"},
            headers={"traceparent": caller, "Accept": accept},
        )
    found = named(spans.get_finished_spans())
    call, search = found["POST /v1/ask"], found["search"]
    assert call.parent and f"{call.parent.trace_id:032x}" in caller
    assert call.attributes and call.attributes["http.response.status_code"] == 200
    assert search.parent == call.context
    assert search.start_time and search.end_time
    assert search.end_time - search.start_time == 1_500_000
    assert call.resource.attributes["service.name"] == "dateline"
    told = str([span.to_json() for span in found.values()])
    assert "rescued" not in told, "what is asked is nobody's business"


def test_calls_do_not_get_into_each_others_traces(
    client: TestClient[Litestar], spans: InMemorySpanExporter
) -> None:
    with client:
        for _ in range(2):
            ask(client, question="nothing")
    calls = [span for span in spans.get_finished_spans() if span.name.startswith("POST")]
    assert len({span.context.trace_id for span in calls if span.context}) == 2
    assert all(span.parent is None for span in calls)


def test_a_collector_that_hangs_holds_nobody_up() -> None:
    class Hanging(InMemorySpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            time.sleep(60)
            return SpanExportResult.FAILURE

    tracing = OtelTracing(Hanging())
    tracing.begin({})("GET", "/", 200)
    tracing.close()  # comes back, though nothing was sent


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_traces_are_off_unless_asked_for(environment: dict[str, str]) -> None:
    assert isinstance(open_tracing(environment), NoTracing)


def test_traces_are_on_where_there_is_a_collector() -> None:
    tracing = open_tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    assert isinstance(tracing, OtelTracing)
    tracing.close()
    with pytest.raises(RequestError, match="zipkin"):
        open_tracing({"OTEL_TRACES_EXPORTER": "zipkin"})


def test_without_them_nothing_is_imported() -> None:
    code = (
        "import sys, service.cli.serving, service.tracing; service.tracing.open_tracing({}); "
        "sys.exit('opentelemetry.sdk' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
