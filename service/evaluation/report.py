"""An evaluation as one HTML file without scripts: figures, two plots and every question."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from corpus.errors import RequestError
from service.evaluation.metrics import risk_coverage
from service.evaluation.summary import Report, Row

__all__ = ["render_report", "write_report"]

_SIDE = 260
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .2rem .6rem; text-align: left;
vertical-align: top; border-bottom: 1px solid #8884 } pre { overflow-x: auto }
.right { color: #197a3b } .wrong { color: #b3261e } mark { background: #fd08 }
svg { border: 1px solid #8884; overflow: visible; margin: 0 3rem 2rem 0 }
"""


def write_report(report: Report, path: Path) -> None:
    """Write the report to a file.

    Raises:
        RequestError: the file cannot be written.
    """
    try:
        path.write_text(render_report(report), encoding="utf-8")
    except OSError as error:
        raise RequestError(f"the report cannot be written to {path}: {error}.") from error


def render_report(report: Report) -> str:
    """Return the report as an HTML document."""
    curve = risk_coverage(
        [row.confidence for row in report.rows], [row.best_em for row in report.rows]
    )
    rows = "".join(map(_row, report.rows))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dateline: evaluation</title>'
        f"<style>{_STYLE}</style><h1>Evaluation</h1><pre>{escape(report.summary())}</pre>"
        "<h2>Knowing when to answer</h2>"
        f"{_plot('Precision by share of questions answered', curve)}"
        f"{_plot('Share right by confidence', _reliability(report.rows))}"
        "<h2>Questions</h2><table><tr><th>Question<th>Right answers<th>Answer<th>Proof"
        f"<th>Confidence<th>EM<th>F1</tr>{rows}</table></html>"
    )


def _reliability(rows: Sequence[Row], n_bins: int = 10) -> list[tuple[float, float]]:
    """Return the mean confidence and the share right of each tenth of the confidence range."""
    points = []
    for number in range(n_bins):
        some = [row for row in rows if int(min(row.confidence, 0.999999) * n_bins) == number]
        if some:
            mean = sum(row.confidence for row in some) / len(some)
            points.append((mean, sum(row.best_em for row in some) / len(some)))
    return points


def _plot(title: str, points: Sequence[tuple[float, float]]) -> str:
    """Draw points of the unit square as a line."""
    path = " ".join(f"{x * _SIDE:.1f},{(1 - y) * _SIDE:.1f}" for x, y in points)
    return (
        f'<figure style="display:inline-block"><figcaption>{escape(title)}</figcaption>'
        f'<svg width="{_SIDE}" height="{_SIDE}" role="img"><polyline points="{path}" fill="none" '
        'stroke="currentColor" stroke-width="2"/><text x="0" y="-4" font-size="11">1</text>'
        f'<text x="{_SIDE}" y="{_SIDE + 14}" font-size="11" text-anchor="end">1</text></svg>'
        "</figure>"
    )


def _row(row: Row) -> str:
    verdict = "right" if row.em == 1.0 else "wrong"
    answer = row.answer if row.answered else f"(refused; best was {row.best})"
    return (
        f"<tr><td>{escape(row.question)}<td>{escape('; '.join(row.golds) or '(none)')}"
        f'<td class="{verdict}">{escape(row.error or answer or "")}<td>{_proof(row)}'
        f"<td>{row.confidence:.2f}<td>{row.em:.0f}<td>{row.f1:.2f}</tr>"
    )


def _proof(row: Row) -> str:
    if row.citation is None:
        return ""
    quote, offset = row.citation["quote"], row.citation["quote_start"]
    start, end = row.citation["answer_start"] - offset, row.citation["answer_end"] - offset
    return (
        f"{escape(quote[:start])}<mark>{escape(quote[start:end])}</mark>{escape(quote[end:])} "
        f"<i>{escape(row.citation['title'])}, {escape(row.citation['published'] or '')}</i>"
    )
