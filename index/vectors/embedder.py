"""Text becomes vectors: what an embedder is, and what is known of an exported one."""

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import ModelError
from corpus.splitting import Limit
from index.vectors.kinds import Precision
from index.vectors.types import Vectors

__all__ = ["Embedder", "EmbedderManifest", "EmbeddingPool"]


class Embedder(Protocol):
    """Maps texts to unit vectors whose inner product is their similarity."""

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
