"""An evaluation as one HTML file without scripts: figures, two plots and every question."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from corpus.errors import RequestError
from service.evaluation.metrics import risk_coverage
from service.evaluation.row import Row
from service.evaluation.summary import Report

__all__ = ["render_report", "write_report"]

_SIDE = 260
_EVEN = ((0.0, 0.0), (1.0, 1.0))  # as often right as it is sure
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .2rem .6rem; text-align: left;
vertical-align: top; border-bottom: 1px solid #8884 } pre { overflow-x: auto }
.right { color: #197a3b } .wrong, .error { color: #b3261e } mark { background: #fd08 }
figure { display: inline-block; margin: 0 3rem 2rem 0 } svg { border: 1px solid #8884;
overflow: visible; margin: 1.2rem } polyline { fill: none; stroke: currentColor; stroke-width: 2 }
polyline.ideal { stroke-width: 1; stroke-dasharray: 4 } svg text { font-size: 11px }
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
    reliability = _reliability(report.rows)
    rows = "".join(map(_row, report.rows))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dateline: evaluation</title>'
        f"<style>{_STYLE}</style><h1>Evaluation</h1><pre>{escape(report.summary())}</pre>"
        "<h2>Knowing when to answer</h2>"
        f"{_plot('Precision by coverage', 'share of questions answered', 'share right', curve)}"
        f"{_plot('Calibration', 'confidence', 'share right', reliability, ideal=_EVEN)}"
        "<h2>Questions</h2><table><tr><th>Question<th>Right answers<th>Answer<th>Proof"
        f"<th>Verdict<th>Confidence<th>EM<th>F1</tr>{rows}</table></html>"
    )


def _reliability(rows: Sequence[Row], n_bins: int = 10) -> list[tuple[float, float]]:
    """Return the mean confidence and the share right of each tenth of the confidence range.

    A reliability diagram (Guo et al. 2017, section 2) of the best candidates, refused or not.
    """
    points = []
    judged = [row for row in rows if row.best is not None]
    for number in range(n_bins):
        some = [row for row in judged if int(min(row.confidence, 0.999999) * n_bins) == number]
        if some:
            mean = sum(row.confidence for row in some) / len(some)
            points.append((mean, sum(row.best_em for row in some) / len(some)))
    return points


def _plot(
    title: str,
    x_label: str,
    y_label: str,
    points: Sequence[tuple[float, float]],
    ideal: Sequence[tuple[float, float]] = (),
) -> str:
    """Draw points of the unit square as a line with dots, and an ideal to compare it with."""
    dots = "".join(
        f'<circle cx="{x * _SIDE:.1f}" cy="{(1 - y) * _SIDE:.1f}" r="2"/>' for x, y in points
    )
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg width="{_SIDE}" height="{_SIDE}" role="img" aria-label="{escape(title)}">'
        f'<polyline points="{_path(ideal)}" class="ideal"/>'
        f'<polyline points="{_path(points)}"/>{dots}'
        f'<text x="4" y="-4">1: {escape(y_label)}</text><text x="-10" y="{_SIDE + 14}">0</text>'
        f'<text x="{_SIDE}" y="{_SIDE + 14}" text-anchor="end">{escape(x_label)}: 1</text></svg>'
        "</figure>"
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x * _SIDE:.1f},{(1 - y) * _SIDE:.1f}" for x, y in points)


def _row(row: Row) -> str:
    verdict = _verdict(row)
    refused = f"(refused; best was {row.best})" if row.best else "(refused)"
    answer = row.answer if row.answered else refused
    return (
        f"<tr><td>{escape(row.question)}<td>{escape('; '.join(row.golds) or '(none)')}"
        f"<td>{escape(row.error or answer or '')}<td>{_proof(row)}"
        f'<td class="{verdict.split()[0]}">{verdict}'
        f"<td>{row.confidence:.2f}<td>{row.em:.0f}<td>{row.f1:.2f}</tr>"
    )


def _verdict(row: Row) -> str:
    if row.error is not None:
        return "error"
    return "right" if row.em == 1.0 else "in the quote" if row.gold_in_quote else "wrong"


def _proof(row: Row) -> str:
    if row.citation is None:
        return ""
    quote, offset = row.citation["quote"], row.citation["quote_start"]
    start, end = row.citation["answer_start"] - offset, row.citation["answer_end"] - offset
    return (
        f"{escape(quote[:start])}<mark>{escape(quote[start:end])}</mark>{escape(quote[end:])} "
        f"<i>{escape(row.citation['title'])}, {escape(row.citation['published'] or '')}</i>"
    )
