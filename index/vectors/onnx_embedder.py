"""The embedder that an index carries with it, run by onnxruntime."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.splitting import Limit
from index.vectors.embedder import EmbedderManifest
from index.vectors.onnx_model import OnnxModel, pad
from index.vectors.pieces import piece_counter
from index.vectors.types import Vectors

__all__ = ["OnnxEmbedder"]

# A question is searched for again when it is repeated, paged through or asked with other filters;
# this many vectors take some 1.5 MB.
_KEPT_QUERIES = 1024


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
