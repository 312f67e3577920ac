"""One difference between two runs, and the kinds of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is different, the most dangerous first; a figure that differs in several ways has the first that fits."""

    ACCEPTED_OTHER = "accepted-other"  # accepted before and after, with another value
    NOW_ACCEPTED = "now-accepted"
    NOW_REVIEW = "now-review"
    VALUE = "value"  # in review before and after
    FIELD = "field"  # value or writing of a field in review, or a country cell's
    WRITTEN = "written"  # what stands there is read otherwise and comes to the same
    REASON = "reason"
    CONFIDENCE = "confidence"
    MOVED = "moved"  # only where it stands: page or box
    READER = "reader"  # only by whom it was read, or what kind of ink it is
    FINDING_NEW = "finding-new"
    FINDING_GONE = "finding-gone"
    FINDING_CAUSE = "finding-cause"  # the same rule at the same places: its outcome, cause or amounts
    FORM_STATUS = "form-status"
    LAYOUT = "layout"
    FORM_REASON = "form-reason"
    FORM_HEAD = "form-head"  # pages, copies: what else is said of a form as a whole
    FORM_NEW = "form-new"
    FORM_GONE = "form-gone"
    PAPER_NEW = "paper-new"
    PAPER_GONE = "paper-gone"


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the runs says; bare where it says nothing."""

    written: str = ""
    value: str = ""
    confidence: float | None = None
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it stands on the paper, in stored coordinates."""

    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: Kind
    source: str
    file: str
    form: int
    place: str  # s2/1.7/1, bin, a finding's rule and places; "" for a form or paper
    before: Side
    after: Side
    spot: Spot = Spot()
    turn: int = 0  # degrees clockwise that make the page's lines run from left to right


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of both runs, or of one of them: "" is the name where it is not there."""

    source: str
    before: str
    after: str

    @property
    def file(self) -> str:
        """What it is called, in the later run if it is there."""
        return self.after or self.before

    @property
    def renamed(self) -> bool:
        """Whether it lies in both under different names."""
        return bool(self.before and self.after) and self.before != self.after
