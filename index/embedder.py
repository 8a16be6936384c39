"""Text becomes vectors: the protocol, and the embedder that an index carries with it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import ModelError
from corpus.splitting import Limit
from index.onnx_model import OnnxModel, pad

__all__ = ["Embedder", "EmbedderManifest", "OnnxEmbedder", "Precision", "Vectors"]

Vectors = npt.NDArray[np.float32]
Precision = Literal["fp32", "int8"]

# Small batches of texts of like length keep the activations in the cache (measured: 4 is best).
_BATCH = 4
# A question is searched for again when it is repeated, paged through or asked with other filters;
# this many vectors take some 1.5 MB.
_KEPT_QUERIES = 1024


class Embedder(Protocol):
    """Maps texts to unit vectors whose inner product is their likeness."""

    @property
    def id(self) -> str:
        """Names the model, its weights and precision; vectors of two ids do not compare."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def limit(self) -> Limit:
        """The longest text that is not cut short, in word pieces."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return (n, dim) float32, L2-normalised, in the order of `texts`."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return (dim,) float32, L2-normalised."""
        ...


class EmbedderManifest(BaseModel):
    """`embedder.json`: what an exported embedder is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    precision: Precision
    dim: int
    max_pieces: int
    query_prompt: str = ""
    passage_prompt: str = ""
    sha256: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "EmbedderManifest":
        """Read the manifest of an embedder's folder.

        Raises:
            ModelError: it is missing or not a manifest.
        """
        path = folder / "embedder.json"
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. Delete {folder}; the next build makes it again."
            ) from error


class OnnxEmbedder:
    """An embedder exported to `folder` by `index.export`; needs no torch.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self._manifest = EmbedderManifest.read(folder)
        self._model = OnnxModel(folder, self._manifest.sha256, threads)
        self._query_vector = lru_cache(_KEPT_QUERIES)(self._embed_query)

    @property
    def id(self) -> str:
        """See `Embedder.id`."""
        return self._manifest.id

    @property
    def dim(self) -> int:
        """See `Embedder.dim`."""
        return self._manifest.dim

    @property
    def limit(self) -> Limit:
        """See `Embedder.limit`; leaves room for the prompt and the two special tokens."""
        prompt = self._count([self._manifest.passage_prompt])[0]
        return Limit(self._manifest.max_pieces - prompt - 2, self._count)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        return self._embed([self._manifest.passage_prompt + text for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """See `Embedder.embed_query`; read-only, because it is kept for the next time."""
        return self._query_vector(text)

    def _embed_query(self, text: str) -> Vectors:
        row: Vectors = self._embed([self._manifest.query_prompt + text])[0]
        row.setflags(write=False)
        return row

    def _count(self, texts: Sequence[str]) -> list[int]:
        encodings = self._model.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def _embed(self, texts: Sequence[str]) -> Vectors:
        encodings = self._model.tokenizer.encode_batch(list(texts))
        for encoding in encodings:
            encoding.truncate(self._manifest.max_pieces)
        # (n, dim); rows are filled by length, shortest first, so that batches need little padding
        vectors = np.empty((len(texts), self.dim), np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(encodings[row].ids))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            vectors[rows] = self._model.run(pad([encodings[row] for row in rows]))[0]
        return vectors
