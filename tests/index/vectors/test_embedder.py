"""The embedder that an index carries with it."""

from pathlib import Path

import numpy as np
import pytest

from index.engines.local.folder import IndexFolder
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.onnx_model import OnnxModel

pytestmark = pytest.mark.e2e


def test_a_question_is_embedded_once(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = OnnxEmbedder(IndexFolder(sample_index).embedder, threads=1)
    first = embedder.embed_query("Where did the ferry sink?")
    (passage,) = embedder.embed_passages(["Where did the ferry sink?"])
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert first @ passage == pytest.approx(1, abs=1e-5)
    monkeypatch.setattr(OnnxModel, "run", lambda *_: pytest.fail("the model ran again"))
    assert embedder.embed_query("Where did the ferry sink?") is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0
