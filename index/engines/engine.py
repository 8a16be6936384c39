"""What an engine is: where an archive is published and searched, as files or in a server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from index.building.progress import Progress
from index.engines.archive import BrowsableArchive
from index.lexical.draft import Draft
from index.store.store import Store
from index.vectors.kinds import DenseKind, kind_for

__all__ = ["Engine", "IndexSpec", "Publisher", "ServedArchive"]


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """What an index is made with: its embedder and dimensions, and the longest passage in tokens.

    Without a `dense_kind` the number of vectors chooses.
    """

    embedder: str
    dim: int
    max_tokens: int
    dense_kind: DenseKind | None = None

    def kind(self, n_vectors: int) -> DenseKind:
        """Return the kind of the dense index of so many vectors."""
        return self.dense_kind or kind_for(n_vectors)


class ServedArchive(BrowsableArchive, Protocol):
    """An archive that is served while it may be written."""

    def forget_removed(self, raise_if_cancelled: Callable[[], None]) -> None:
        """Have what was removed leave the files that this process serves, as far as it has any."""
        ...


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

    def begin(self, store: Store) -> "tuple[Publisher, Draft | None]":
        """Begin a run that adds articles; return who publishes it, and its draft if it has one.

        The draft is the caller's to drop.
        """
        ...

    def is_whole(self, embedder: str, n_missing: int) -> bool:
        """Whether what is published is sound, of this embedder, and lacks `n_missing` vectors."""
        ...

    def publish(self, store: Store, spec: IndexSpec, *, rebuild: bool = False) -> int:
        """Publish the store's generation, have it go on to the next, and return the number.

        What did not change is taken over, unless all is to be rebuilt.

        Raises:
            IndexStateError: the engine does not answer; what was published before still is.
        """
        ...


class Engine(Protocol):
    """Opens an archive to be read, publishes what an index directory holds, and checks it."""

    def open(self, threads: int) -> ServedArchive:
        """Return the archive; nothing is read before it is used. `threads` embed a question."""
        ...

    def publisher(self, progress: Progress) -> Publisher:
        """Return what publishes the generations of the index directory."""
        ...

    def verify(self, progress: Progress) -> str:
        """Check all that is published; return one line that says what was checked.

        Raises:
            IndexStateError: something is missing, damaged, or does not fit the rest.
            ModelError: the embedder's manifest is missing or damaged.
        """
        ...
