"""Changes to the archive that are done while calls go on: one at a time, to be asked about."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from corpus.errors import DatelineError, IndexBusyError
from corpus.sources import Unread
from index.building.builder import BuildReport, Progress
from service.api.bodies.jobs import JobKind, JobState
from service.api.bodies.problem import ProblemBody
from service.api.errors import JobNotFoundError, problem_of
from service.api.guards.limits import Workers

__all__ = ["Job", "Jobs", "Told"]

# Jobs that are remembered; the oldest are forgotten.
_MAX_JOBS = 1000


class _StoppedError(DatelineError):
    """The server ends while a job runs."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a job when it begins: its articles' ids, and fields left unread, by line."""

    ids: tuple[str, ...] = ()
    unread: tuple[tuple[int | None, Unread], ...] = ()


@dataclass(slots=True)
class Job:
    """One change: what it is at now, and what became of it.

    `n_done` of `n_total` units of the `stage` are done; `n_total` is None when unknown. `report`
    is there when it is done, `problem` when it failed. One thread writes, others look.
    """

    id: str
    kind: JobKind
    created: datetime
    state: JobState = "running"
    stage: str = ""
    n_done: int = 0
    n_total: int | None = None
    report: BuildReport | None = None
    problem: ProblemBody | None = None
    told: Told = field(default_factory=Told)


@dataclass(slots=True)
class Jobs:
    """Runs jobs one at a time and remembers them; started and looked at on one thread."""

    # With a place to wait: a job that is done may take a moment to leave its thread.
    workers: Workers = field(default_factory=lambda: Workers("write", 1, 1))
    _jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    _is_stopping: bool = False

    def check_free(self) -> None:
        """Tell whether a job could begin now.

        Raises:
            IndexBusyError: there is one that runs.
        """
        last = next(reversed(self._jobs.values()), None)
        if last and last.state == "running":
            raise IndexBusyError(
                f"The archive is being changed by the job {last.id}: try again when that is done."
            )

    def start(
        self, kind: JobKind, work: Callable[[Progress], BuildReport], told: Told | None = None
    ) -> Job:
        """Begin a job; `work` is given what to tell its progress.

        Raises:
            IndexBusyError: there is one already.
        """
        self.check_free()
        job = Job(uuid4().hex, kind, datetime.now(UTC), told=told or Told())
        self.workers.submit(lambda: self._run(job, work))
        self._jobs[job.id] = job
        if len(self._jobs) > _MAX_JOBS:
            self._jobs.popitem(last=False)
        return job

    def find(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            JobNotFoundError: there is none with this id, or it was long ago.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise JobNotFoundError(job_id)
        return job

    def close(self) -> None:
        """Break off what is being done and wait until it has stopped."""
        self._is_stopping = True
        self.workers.close()

    def _run(self, job: Job, work: Callable[[Progress], BuildReport]) -> None:
        try:
            job.report = work(_JobProgress(job, self._check))
            job.state = "done"
        except Exception as error:  # there is nobody else to tell
            job.problem = problem_of(error).body
            job.state = "failed"

    def _check(self) -> None:
        if self._is_stopping:
            raise _StoppedError("The server ended before this was done: send it again.")


@dataclass(frozen=True, slots=True)
class _JobProgress:
    """Notes in a job how far it is; see `index.building.builder.Progress`."""

    job: Job
    check: Callable[[], None]

    def start(self, stage: str, total: int | None) -> None:
        """See `Progress.start`."""
        self.check()
        self.job.stage, self.job.n_done, self.job.n_total = stage, 0, total

    def advance(self, n: int) -> None:
        """See `Progress.advance`."""
        self.check()
        self.job.n_done += n
