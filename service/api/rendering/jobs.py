"""Jobs as they are sent."""

from collections.abc import Sequence

from corpus.sources import Unread
from index.building.builder import BuildReport
from service.api.bodies.jobs import ConflictBody, JobBody, ReportBody, SkippedBody, UnreadBody
from service.api.jobs import Job

__all__ = ["job_body"]

_MAX_IDS = 10_000


def report_body(report: BuildReport, unread: Sequence[tuple[int | None, Unread]]) -> ReportBody:
    """Return the report as it is sent."""
    names = ("snapshot", "added", "replaced", "unchanged", "removed", "embedded", "kept")
    return ReportBody(
        **{name: getattr(report, name) for name in names},
        skipped=tuple(SkippedBody(line=one.line, reason=one.reason) for one in report.skips),
        unread=tuple(
            UnreadBody(line=line, field=one.field, value=one.value, why=one.why)
            for line, one in unread
        ),
        conflicts=tuple(
            ConflictBody(id=one.id, old=one.old, new=one.new, kept=one.kept)
            for one in report.conflicts
        ),
    )


def job_body(job: Job) -> JobBody:
    """Return the job as it is sent."""
    # The state first, once: a thread goes on with the job meanwhile.
    state = job.state
    return JobBody(
        id=job.id,
        kind=job.kind,
        state=state,
        created=job.created,
        stage=job.stage,
        n_done=job.n_done,
        n_total=job.n_total,
        ids=job.told.ids[:_MAX_IDS],
        result=report_body(job.report, job.told.unread) if state == "done" and job.report else None,
        problem=job.problem if state == "failed" else None,
    )
