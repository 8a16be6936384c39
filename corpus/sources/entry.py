"""What a format's reader is given: the bytes of one file, wherever they come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from corpus.sources.containers.streams import Stream
from corpus.sources.fields import Naming
from corpus.sources.policy import Policy
from corpus.sources.record import ReadArticle, SkippedRecord
from corpus.sources.task import Task

__all__ = ["Entry", "Read"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: on disk, in a ZIP or TAR, or standard input.

    `name` is what reports call it, `path` its own name where it lies, `section` the folder it lies
    in where that names a subject. `depth` counts the archives it lies in, and `glob` says which
    files are wanted of one. `place` is where it lies under the root that a person named: what an
    article is called that has no other name; None where that says nothing, as of standard input.
    """

    name: str
    stream: Stream
    path: str = ""
    section: str | None = None
    glob: str | None = None
    naming: Naming = field(default_factory=Naming)
    depth: int = 0
    place: str | None = None
    policy: Policy = field(default_factory=Policy)


Read = Callable[[Entry], Iterator[ReadArticle | SkippedRecord | Task]]
