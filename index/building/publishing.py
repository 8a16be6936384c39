"""Where the generations of archive.db are published: as files, or in another engine."""

from typing import Protocol

from index.store.store import Store
from index.vectors.dense import DenseKind

__all__ = ["Publisher"]


class Publisher(Protocol):
    """Makes what is searched from archive.db, and publishes it under a number in one step."""

    @property
    def words_first(self) -> bool:
        """Whether a generation whose vectors are still missing can be published too."""
        ...

    def open_store(self) -> Store:
        """Open archive.db to write the generation after the published one; the caller closes it.

        Raises:
            IndexStateError: archive.db cannot be opened, or is not that of the published archive.
        """
        ...

    def is_whole(self, embedder: str, n_missing: int) -> bool:
        """Whether what is published is sound, of this embedder, and lacks `n_missing` vectors."""
        ...

    def publish(
        self,
        store: Store,
        embedder: str,
        dim: int,
        max_tokens: int,
        overlap_sentences: int,
        *,
        dense_kind: DenseKind | None = None,
        anew: bool = False,
    ) -> int:
        """Publish the store's generation, have it go on to the next, and return the number.

        All is made `anew` if asked for, otherwise what did not change is taken over. The number
        of vectors chooses the `dense_kind` that is not given.

        Raises:
            IndexStateError: the engine does not answer; what was published before still is.
        """
        ...
