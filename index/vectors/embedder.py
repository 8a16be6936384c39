"""Text becomes vectors: the protocol, and the embedder that an index carries with it."""

from collections.abc import Generator, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import ModelError
from corpus.splitting import Limit
from index.vectors.onnx_model import OnnxModel, pad
from index.vectors.pieces import piece_counter

__all__ = [
    "Embedder",
    "EmbedderManifest",
    "EmbeddingPool",
    "OnnxEmbedder",
    "Precision",
    "Vectors",
]

Vectors = npt.NDArray[np.float32]
Precision = Literal["fp32", "int8"]

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


class EmbeddingPool(Protocol):
    """Embeds elsewhere, several batches at once: in other processes, on other machines."""

    def embed(self, batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        """Yield what `Embedder.embed_passages` returns for each batch, in their order.

        A bounded number of batches is taken ahead. Closing the generator ends the work.

        Raises:
            WorkerError: the processes or machines cannot be used any more.
        """
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
    """An embedder exported to `folder` by `index.vectors.export`; needs no torch.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder = folder
        self._manifest = EmbedderManifest.read(folder)
        self._model = OnnxModel(folder, self._manifest.sha256, threads)
        self._count = piece_counter(self._model.tokenizer)
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

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for row, encoding in enumerate(self._model.tokenizer.encode_batch(list(texts))):
            encoding.truncate(self._manifest.max_pieces)
            # One at a time, which is as fast here: int8 scales the activations of a batch together,
            # and the vector of a text must not depend on which others it came with.
            vectors[row] = self._model.run(pad([encoding]))[0][0]
        return vectors
