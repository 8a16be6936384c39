"""The default reader: an exported span model, run without torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from tokenizers import Encoding

from corpus.errors import ModelError
from index.hit import Hit
from index.onnx_model import OnnxModel, pad
from service.reader.decoding import Logits, Window, cut_window, decode
from service.reader.reader import Reader, Span, sentence_starts, to_spans

__all__ = ["BUNDLED_READER", "OnnxReader", "ReaderManifest", "load_reader"]

BUNDLED_READER = Path(__file__).parent / "model"

_MAX_QUESTION_PIECES = 64
# Passages read at once; small batches of like length waste little on padding.
_BATCH = 4


class ReaderManifest(BaseModel):
    """`reader.json`: what an exported reader is. `window` and `stride` are in word pieces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    precision: Literal["fp32", "int8"]
    window: int
    stride: int
    sha256: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "ReaderManifest":
        """Read the manifest of a reader's folder.

        Raises:
            ModelError: it is missing or not a manifest.
        """
        path = folder / "reader.json"
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. Name a folder that `python -m training.export` "
                "made, or leave the setting out for the bundled reader."
            ) from error


class OnnxReader:
    """Reads with the model in `folder`; see `Reader`.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self._manifest = ReaderManifest.read(folder)
        self._model = OnnxModel(folder, self._manifest.sha256, threads)

    def read(self, question: str, hits: Sequence[Hit], max_spans: int = 5) -> list[Span]:
        """See `Reader.read`."""
        inputs = self._encode(question, [hit.text for hit in hits])
        windows: list[list[Window]] = [[] for _ in hits]
        for number, encoding, start, end in self._run(inputs):
            windows[number].append(_window(hits[number], encoding, start, end))
        spans = []
        for number, hit in enumerate(hits):
            if windows[number]:
                spans += to_spans(number, hit, *decode(hit.text, windows[number], max_spans))
        return sorted(spans, key=lambda span: span.null_score - span.score)

    def _encode(self, question: str, texts: Sequence[str]) -> list[tuple[int, Encoding]]:
        """Return the windows of each passage, with its number."""
        tokenizer = self._model.tokenizer
        head = tokenizer.encode(question, add_special_tokens=False)
        if len(head.ids) > _MAX_QUESTION_PIECES:
            question = question[: head.offsets[_MAX_QUESTION_PIECES - 1][1]]
        tokenizer.enable_truncation(
            self._manifest.window, stride=self._manifest.stride, strategy="only_second"
        )
        pairs = [(question, text) for text in texts]
        encodings = tokenizer.encode_batch(pairs)
        return [
            (number, window)
            for number, encoding in enumerate(encodings)
            for window in (encoding, *encoding.overflowing)
        ]

    def _run(
        self, inputs: Sequence[tuple[int, Encoding]]
    ) -> list[tuple[int, Encoding, Logits, Logits]]:
        """Return each window with its (n,) start and end logits."""
        ordered = sorted(inputs, key=lambda item: len(item[1].ids))
        results = []
        for first in range(0, len(ordered), _BATCH):
            some = ordered[first : first + _BATCH]
            starts, ends = self._model.run(pad([encoding for _, encoding in some]))
            for row, (number, encoding) in enumerate(some):
                length = len(encoding.ids)
                results.append((number, encoding, starts[row, :length], ends[row, :length]))
        return results


def _window(hit: Hit, encoding: Encoding, start: Logits, end: Logits) -> Window:
    return cut_window(
        start,
        end,
        np.array(encoding.offsets, np.int64),
        np.array([sequence == 1 for sequence in encoding.sequence_ids]),
        sentence_starts(hit),
    )


def load_reader(path: Path | None, threads: int) -> Reader:
    """Return the bundled reader, or the one at `path`.

    `path` is a folder made by `training.export`, or a Hugging Face extractive QA checkpoint (run
    by torch, slower).

    Raises:
        ModelError: it cannot be loaded.
    """
    folder = path or BUNDLED_READER
    if path and not (path / "reader.json").exists() and (path / "config.json").exists():
        # Here, not at the top: this way in brings torch.
        from service.reader.transformers_reader import TransformersReader

        return TransformersReader(path, threads)
    return OnnxReader(folder, threads)
