"""The only door to prometheus_client: what is counted and timed."""

from datetime import UTC, datetime
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from index.engines.archive import ArchiveStatus
from service.answering.answer import AskResult
from service.api.guards.limits import Workers
from service.following.freshness import Freshness

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# The methods that are counted by name: whoever calls can make up any number of others.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# In seconds: a search takes milliseconds, reading on a slow machine seconds.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters, times and gauges of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._stages = Histogram(
            "dateline_stage_seconds",
            "Time of each stage of a question.",
            ["stage"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._answers = Counter(
            "dateline_answers",
            "Questions by outcome: answered or refused.",
            ["outcome"],
            registry=self._registry,
        )
        # Both from the start, so that the rate of refusals is known before the first of them.
        for outcome in ("answered", "refused"):
            self._answers.labels(outcome)
        self._calls = Counter(
            "dateline_calls",
            "HTTP calls by method, path and status.",
            ["method", "path", "status"],
            registry=self._registry,
        )
        self._call_times = Histogram(
            "dateline_call_seconds",
            "Time of HTTP calls, from the first look at them until all is sent.",
            ["path"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._snapshot = _Snapshot(self._registry)
        self._freshness = _Freshness(self._registry)

    def watch_queue(self, kind: str, workers: Workers) -> None:
        """Tell, whenever it is asked, how many calls of a kind wait and are worked on."""
        for name, text, count in (
            (f"dateline_{kind}_queue_depth", "Calls that wait for a thread.", "n_waiting"),
            (f"dateline_{kind}_working", "Calls that threads work on.", "n_working"),
        ):
            gauge = Gauge(name, text, registry=self._registry)
            gauge.set_function(partial(getattr, workers, count))

    def answered(self, result: AskResult) -> None:
        """Count the outcome of a question, and the time of its stages."""
        self._answers.labels("answered" if result.answer else "refused").inc()
        for stage, time_ms in result.timings_ms.items():
            self._stages.labels(stage).observe(time_ms / 1000)

    def called(self, method: str, path: str, status: int, time_s: float | None) -> None:
        """Count a call; `path` is that of the route, with its parameters as names."""
        known = method if method in _METHODS else "other"
        self._calls.labels(known, path, str(status)).inc()
        if time_s is not None:
            self._call_times.labels(path).observe(time_s)

    def text(self, status: ArchiveStatus | None, freshness: Freshness) -> bytes:
        """Return everything as Prometheus reads it; `status` is None when no archive is there."""
        self._snapshot.set(status)
        self._freshness.set(freshness)
        return generate_latest(self._registry)


class _Snapshot:
    """Gauges about the snapshot that is served."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ready = Gauge(
            "dateline_archive_ready", "1 while questions can be answered.", registry=registry
        )
        self._is_behind = Gauge(
            "dateline_archive_behind",
            "1 while an older snapshot is served because the newest cannot be read.",
            registry=registry,
        )
        self._number = Gauge(
            "dateline_snapshot", "Number of the snapshot that is served.", registry=registry
        )
        self._age = Gauge(
            "dateline_snapshot_age_seconds",
            "Time since the snapshot that is served was published.",
            registry=registry,
        )
        self._articles = Gauge(
            "dateline_articles", "Articles in the snapshot that is served.", registry=registry
        )

    def set(self, status: ArchiveStatus | None) -> None:
        self._ready.set(status is not None)
        if status is None:
            return
        self._is_behind.set(status.trouble is not None)
        self._number.set(status.snapshot)
        self._articles.set(status.n_articles)
        if status.published_at:
            age = datetime.now(UTC) - datetime.fromisoformat(status.published_at)
            self._age.set(age.total_seconds())


class _Freshness:
    """Gauges about the newest article, and about the sources that are followed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._newest = Gauge(
            "dateline_newest_article_timestamp_seconds",
            "When the newest article was published; a day by its beginning in UTC.",
            registry=registry,
        )
        self._checked = Gauge(
            "dateline_source_checked_timestamp_seconds",
            "When a followed source was last looked at with success.",
            ["source"],
            registry=registry,
        )
        self._gave = Gauge(
            "dateline_source_newest_timestamp_seconds",
            "When a followed source last had something new.",
            ["source"],
            registry=registry,
        )
        self._usual = Gauge(
            "dateline_source_usual_interval_seconds",
            "Usual time between two articles of a followed source.",
            ["source"],
            registry=registry,
        )
        self._failures = Gauge(
            "dateline_source_failures",
            "Looks at a followed source that failed, one after the other.",
            ["source"],
            registry=registry,
        )
        self._late = Gauge(
            "dateline_source_late",
            "1 while a followed source is silent for far longer than usual, or cannot be read.",
            ["source"],
            registry=registry,
        )

    def set(self, freshness: Freshness) -> None:
        if freshness.newest_at is not None:
            self._newest.set(freshness.newest_at)
        # Sources come and go.
        for gauge in (self._checked, self._gave, self._usual, self._failures, self._late):
            gauge.clear()
        for source in freshness.sources:
            name = source.name
            if source.checked:
                self._checked.labels(name).set(source.checked.timestamp())
            if source.newest:
                self._gave.labels(name).set(source.newest.timestamp())
            if source.usual_s is not None:
                self._usual.labels(name).set(source.usual_s)
            self._failures.labels(name).set(source.n_failures)
            self._late.labels(name).set(source.late is not None)
