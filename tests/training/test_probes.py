"""The shipped reader, asked what a passage answers and what it only seems to answer."""

import pytest

from service.reader.onnx_reader import BUNDLED_READER, load_reader
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for
from tests.training.probes import PROBES

pytestmark = pytest.mark.e2e

# Of 24; the model card tells which are not.
MIN_REFUSED = 18


@pytest.fixture(scope="module")
def spans() -> list[tuple[Span, Span]]:
    """Return the best span of each probe's question and of its look-alike."""
    reader = load_reader(BUNDLED_READER, threads=1)
    best = []
    for probe in PROBES:
        hits = [hit_for("a", probe.passage, 0)]
        (asked,) = reader.read(probe.question, hits, max_spans=1)
        (lookalike,) = reader.read(probe.lookalike, hits, max_spans=1)
        best.append((asked, lookalike))
    return best


def test_what_the_passage_tells_is_answered(spans: list[tuple[Span, Span]]) -> None:
    for probe, (asked, _) in zip(PROBES, spans, strict=True):
        assert probe.passage[asked.start : asked.end] == probe.answer
        assert asked.score > asked.null_score, probe.question


def test_lookalikes_score_lower(spans: list[tuple[Span, Span]]) -> None:
    for probe, (asked, lookalike) in zip(PROBES, spans, strict=True):
        margin = lookalike.score - lookalike.null_score
        assert margin < asked.score - asked.null_score, probe.lookalike


def test_most_lookalikes_score_below_no_answer(spans: list[tuple[Span, Span]]) -> None:
    refused = [lookalike.score < lookalike.null_score for _, lookalike in spans]
    assert sum(refused) >= MIN_REFUSED
    # The president of another country.
    assert refused[0]
