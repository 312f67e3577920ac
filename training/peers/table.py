"""The comparison as a Markdown document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.peers.judge import TARGET, Accepted, Verdict, least_shown
from training.peers.readers import ONLY_WAY
from training.peers.samples import LeftOut

ABOUT = """\
Every reader was asked about the same crops, as the ink stage cuts them out of pages (*clean*: rulings erased, paper
white; *raw*: as scanned). Each reader but our own was asked with every setting that `training/peers/engines.py` lists
for it on some of the crops, and then measured with the one that read most of them exactly, in its favour. A reading is
exact if it is the text that stands there; the kind of a dash, spaces and apostrophes between thousands, and a decimal
point for a comma do not count. Its interval (95 %) is Wilson's, widened for cells of a form that fail together.

**At the target of {target:g} wrong per 1000 accepted.** For every reader alike: on one half of the forms the lowest of
its own confidences from which on no more than that are wrong is taken as the threshold; *accepted* and *wrong* are what
that threshold does on the other half, with Wilson's 95 % interval. *Bound shown*: likewise with a threshold from which
on the exact one-sided 95 % bound (Clopper–Pearson) is within the target; that takes {least:,} cells without an error in
the half that chooses, so it is mostly beyond a single kind's crops. *ms*: processor time a crop on one core, one
thread, whatever else the machine did."""
HEADS = ("reader", "exact, %", "character errors, %", "accepted, %", "wrong per 1000 accepted", "bound shown", "ms")
DASH = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One reader on one kind, or on several together."""

    reader: str
    setting: str
    milliseconds: float
    verdict: Verdict


def document(
    rows: Mapping[str, Sequence[Row]],
    pools: Mapping[str, Sequence[Row]],
    *,
    missing: Sequence[str],
    left: Sequence[LeftOut],
) -> str:
    """The whole comparison: `rows` by kind of crop, `pools` of several kinds, what was missing, what was left out."""
    about = ABOUT.format(target=TARGET * 1000, least=least_shown(TARGET))
    parts = ["# The figure reader beside others", about, "## Exact match, %", _overview(rows)]
    for kind, each in [*rows.items(), *pools.items()]:
        parts += [f"## {kind}", _table(each)]
    tried = [(kind, row) for kind, each in rows.items() for row in each if row.setting != ONLY_WAY]
    settings = [f"- {kind}, {row.reader}: {row.setting}" for kind, row in tried]
    parts += ["## Settings found best", "\n".join(settings)]
    parts += ["## Left out", "\n".join([*map(_left, left), *(f"- Not installed: {name}" for name in missing)])]
    return "\n\n".join(parts) + "\n"


def _overview(rows: Mapping[str, Sequence[Row]]) -> str:
    """Readers down, kinds across."""
    readers = list(dict.fromkeys(row.reader for each in rows.values() for row in each))
    found = {(row.reader, kind): row.verdict for kind, each in rows.items() for row in each}
    lines = [["reader", *rows]]
    for reader in readers:
        verdicts = [found.get((reader, kind)) for kind in rows]
        lines.append([reader, *(f"{v.exact.share * 100:.1f}" if v else DASH for v in verdicts)])
    cells = [str(next(iter(each)).verdict.exact.total) if each else DASH for each in rows.values()]
    lines.append(["crops", *cells])
    return _markdown(lines)


def _table(rows: Sequence[Row]) -> str:
    return _markdown([list(HEADS), *(_line(row) for row in rows)])


def _line(row: Row) -> list[str]:
    verdict = row.verdict
    exact = verdict.exact
    estimated = verdict.estimated
    return [
        row.reader,
        f"{exact.share * 100:.2f} ({exact.low * 100:.1f}–{exact.high * 100:.1f})",
        f"{verdict.character_errors * 100:.2f}",
        f"{estimated.share * 100:.1f}" if estimated else "0",
        _errors(estimated) if estimated else DASH,
        _shown(verdict),
        f"{row.milliseconds:.1f}" if row.milliseconds else DASH,
    ]


def _errors(accepted: Accepted) -> str:
    if not accepted.accepted:
        return DASH
    low, high = accepted.interval
    rate = accepted.wrong / accepted.accepted
    return f"{rate * 1000:.1f} ({low * 1000:.1f}–{high * 1000:.1f}; {accepted.wrong} of {accepted.accepted})"


def _shown(verdict: Verdict) -> str:
    shown = verdict.shown
    if shown is None:
        return "cannot be shown"
    return f"{shown.share * 100:.1f} % accepted, {shown.wrong} of {shown.accepted} wrong"


def _left(left: LeftOut) -> str:
    told = {
        "blank": left.blank,
        "with words beside the figure": left.worded,
        "struck out, in several lines or of a doubtful row or column": left.untold,
        "written, but not cut out by the ink stage": left.not_cut,
    }
    return f"- {left.kind}: " + "; ".join(f"{count} {why}" for why, count in told.items())


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    head, *body = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *body])
