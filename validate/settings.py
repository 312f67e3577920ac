"""The thresholds of every decision, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from validate.priors import Priors


def _next_year() -> int:
    return datetime.now(tz=UTC).year + 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes a reading certain and a figure suspicious; results carry a hash of it."""

    # Reading. Confidences are those of the whole figure, held against the calibration (validate.trust).
    max_error: float = 0.001  # wrong among accepted inked cells; the calibration says from which confidence it holds
    vouch_confidence: float = 0.90  # two readers agree so surely: the cell may vouch for the others of its sum
    certain_confidence: float = 0.99  # typed, two readers: a failed rule is the respondent's, not the reading's
    field_confidence: float = 0.95  # fields outside the tables, read by two readers or under a check digit
    mark_confidence: float = 0.85  # circled options and signatures: one look at the ink, no second reader
    control_margin: float = 4.6  # nats, 1 : 100; readings less likely than that do not count as rivals

    # Suspected unit, in the form's unit.
    huge: Decimal = Decimal(100_000_000)  # nine digits: in thousand tenge a respondent's cell has one to seven
    huge_unsound: int = 4  # figures so large, each doubtful by itself, that together are no misreading
    round_by: Decimal = Decimal(1000)  # tenge figures made from thousands end in three zeros …
    round_figures: int = 6  # … and so many different ones do not by chance, …
    round_largest: Decimal = Decimal(1_000_000)  # … where the largest has at least seven digits
    round_section: int = 2  # different ones of one section suffice where the other sections have …
    uneven_figures: int = 3  # … so many different ones, …
    uneven_share: float = 0.34  # … of which no more end so

    # Percent in "of which" lines.
    percent_most: Decimal = Decimal(100)
    percent_parent: Decimal = Decimal(1000)  # form's unit; under a smaller parent a value up to 100 is ordinary

    rounding_share: Decimal = Decimal("0.5")  # of the last digit written, a term: what rounding can add up to
    priors: Priors = field(
        default_factory=Priors
    )  # how often respondents slip, and how: explanations of failures compete by them
    cause_share: float = 0.7  # of all that may have happened: below it the cause of a failure is unknown
    latest_year: int = field(default_factory=_next_year)  # a reporting year after it is a slip
