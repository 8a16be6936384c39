from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelError
from service.reader.calibration import Calibration

CALIBRATION = Calibration(
    bias=1.0, log_share_weight=2.0, margin_weight=0.5, coverage_weight=4.0, abstain_below=0.3
)


def test_the_confidence_is_the_logistic_of_its_inputs() -> None:
    assert CALIBRATION.confidence(share=1.0, margin=-6.0, coverage=0.5) == pytest.approx(0.5)


@given(st.floats(0, 1), st.floats(-1e6, 1e6), st.floats(0, 1))
def test_a_confidence_is_a_probability(share: float, margin: float, coverage: float) -> None:
    assert 0.0 <= CALIBRATION.confidence(share, margin, coverage) <= 1.0


@given(st.floats(0.01, 0.5), st.floats(-10, 10), st.floats(0, 0.9))
def test_more_evidence_is_more_confidence(share: float, margin: float, coverage: float) -> None:
    confidence = CALIBRATION.confidence(share, margin, coverage)
    assert CALIBRATION.confidence(2 * share, margin, coverage) > confidence
    assert CALIBRATION.confidence(share, margin, coverage + 0.1) > confidence


def test_a_file_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(CALIBRATION.model_dump_json())
    assert Calibration.read(path) == CALIBRATION


@pytest.mark.parametrize("content", ["", "{}", '{"bias": "x"}'])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content)
    with pytest.raises(ModelError, match=r"calibration\.json"):
        Calibration.read(path)
