"""What every call of the API works with."""

from dataclasses import dataclass, field
from typing import TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from index.engines.archive import BrowsableArchive
from service.answering.answerer import Answerer
from service.api.guards.limits import Workers
from service.api.jobs import Jobs
from service.api.metrics import Metrics
from service.feedback import FeedbackFile
from service.first_questions import FirstQuestions
from service.following.freshness import FreshnessReader
from service.settings import Settings
from service.tracing import NoTracing, Tracing
from service.watching.database import WatchDatabase
from service.watching.entries import Entries
from service.watching.watches import Watches
from service.writing import Writer

__all__ = ["Api", "Context"]

# Reading an article takes well under a millisecond; these bounds only stop a flood.
_MAX_CONCURRENT_READS = 4
_MAX_QUEUED_READS = 256


@dataclass(frozen=True, slots=True)
class Context:
    """The answerer, the archive, the feedback, what writes, and the threads they are used in.

    `asking` runs models and is tightly bound; `reading` looks things up, so that an article opens
    and a probe is answered while many questions wait.
    """

    answerer: Answerer
    archive: BrowsableArchive
    settings: Settings
    feedback: FeedbackFile
    writer: Writer | None = None
    tracing: Tracing = field(default_factory=NoTracing)
    jobs: Jobs = field(default_factory=Jobs)
    metrics: Metrics = field(default_factory=Metrics)
    asking: Workers = field(init=False)
    first_questions: FirstQuestions = field(init=False)
    freshness: FreshnessReader = field(init=False)
    reading: Workers = field(init=False)
    watches: Watches = field(init=False)
    entries: Entries = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        asking = Workers("ask", settings.max_concurrent_asks, settings.max_queued_asks)
        object.__setattr__(self, "asking", asking)
        watched = WatchDatabase(settings.index_dir)
        object.__setattr__(self, "watches", Watches(watched, settings.max_watches))
        object.__setattr__(self, "entries", Entries(watched))
        first = FirstQuestions.open(settings, self.answerer, self.archive)
        object.__setattr__(self, "first_questions", first)
        object.__setattr__(self, "freshness", FreshnessReader(settings.index_dir))
        object.__setattr__(
            self, "reading", Workers("read", _MAX_CONCURRENT_READS, _MAX_QUEUED_READS)
        )
        for kind, workers in (
            ("ask", self.asking),
            ("read", self.reading),
            ("write", self.jobs.workers),
        ):
            self.metrics.watch_queue(kind, workers)

    def close(self) -> None:
        """Let the threads go."""
        # First what takes longest to stop.
        self.jobs.close()
        self.asking.close()
        self.reading.close()
        self.tracing.close()


Api: TypeAlias = NamedDependency[SkipValidation[Context]]
