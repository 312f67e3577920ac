"""Differences in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from layouts.words import Language
from qagaz.diff.records import Change, Kind, Side
from qagaz.speech import reason_in_words, worded
from review.station.words import number

LONGEST = 400  # characters of what somebody wrote that are shown
FINDINGS = frozenset({Kind.FINDING_NEW, Kind.FINDING_GONE, Kind.FINDING_CAUSE})
TOPS = frozenset({Kind.FORM_STATUS, Kind.FORM_REASON, Kind.FORM_NEW, Kind.FORM_GONE})


@dataclass(frozen=True, slots=True)
class Face:
    """One side of a difference, ready to be shown: the figure large, all else small."""

    figure: str
    written: str = ""
    status: str = ""  # accepted, review, …: how it is coloured
    notes: tuple[str, ...] = ()


def title(kind: Kind, language: Language) -> str:
    """What a kind of difference is called."""
    return worded(f"diff-kind.{kind}", {}, language)


def about(kind: Kind, language: Language) -> str:
    """What it means to whoever sees it."""
    return worded(f"diff-about.{kind}", {}, language)


def faces(change: Change, language: Language) -> tuple[Face, Face]:
    """Both sides of a difference."""
    return _face(change, change.before, language), _face(change, change.after, language)


def _face(change: Change, side: Side, language: Language) -> Face:
    if change.kind in FINDINGS:
        return _finding(side, language)
    status = worded(f"status.{side.status}", {}, language) if side.status else ""
    reasons = tuple(reason_in_words(code, language) for code in side.reason.split(";") if code)
    if change.kind in TOPS or not change.place:
        return Face(_shortened(side.value) if change.kind is Kind.FORM_HEAD else status, "", side.status, reasons)
    figure = number(side.value, language) if change.place.startswith("s") else side.value
    blank = worded("diff.blank", {}, language) if side.status else "–"
    sure = (
        () if side.confidence is None else (worded("diff.confidence", {"share": f"{side.confidence:.4f}"}, language),)
    )
    written = _shortened(side.written) if side.written != side.value else ""
    return Face(_shortened(figure) or blank, written, side.status, (*filter(None, (status,)), *sure, *reasons))


def _confidence(confidence: float, language: Language) -> str:
    return worded("diff.confidence", {"share": number(f"{confidence:.4f}", language)}, language)


def _finding(side: Side, language: Language) -> Face:
    if not side.status:
        return Face("–")
    cause, _, blamed = side.reason.partition(";")
    told = [worded(f"cause.{cause}", {}, language)] if cause else []
    told += [blamed] if blamed else []
    outcome = worded(f"diff.outcome-{side.status}", {}, language)
    return Face(number(side.value, language) if side.value else outcome, side.written, "", (outcome, *told))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
