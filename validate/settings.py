"""The thresholds of every decision, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from layouts.model import RuleSet
from validate.causes.priors import Priors


def _next_year() -> int:
    return datetime.now(tz=UTC).year + 1


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes a reading certain and a figure suspicious; results carry a hash of it."""

    # Reading. Confidences are those of the whole figure, held against the calibration (validate.trust).
    max_error: float = 0.001  # wrong among accepted inked cells; the calibration says from which confidence it holds
    certain_confidence: float = 0.99  # typed, two readers: a failed rule is the respondent's, not the reading's
    field_confidence: float = 0.95  # fields outside the tables, read by two readers or under a check digit
    mark_confidence: float = 0.85  # circled options and signatures: one look at the ink, no second reader
    control_margin: float = 4.6  # nats, 1 : 100; readings less likely than that do not count as rivals

    # Deciding by the controls (validate.joint): what explanations cost follows from how often they are true.
    joint_readings: int = 12  # readings a cell
    unlisted_share: float = 0.3  # of wrong readings, those whose right one is not among the alternatives
    respondent_error: float = 0.15  # of forms, those with an arithmetical slip somewhere
    rounding_error: float = 0.02  # of forms, those whose figures were each rounded on its own
    slip_values: float = 60.0  # amounts that one slip may as well have come to
    reach: float = 9.0  # nats; a larger margin is not measured
    switch_margin: float = 3.0  # nats from which a cell takes another of its readings than its readers' first

    # Suspected unit, in the form's unit.
    huge: Decimal = Decimal(100_000_000)  # nine digits: in thousand tenge a respondent's cell has one to seven
    huge_unsound: int = 4  # figures so large, each doubtful by itself, that together are no misreading
    round_by: Decimal = Decimal(1000)  # tenge figures made from thousands end in three zeros …
    round_figures: int = 6  # … and so many different ones do not by chance, …
    round_largest: Decimal = Decimal(1_000_000)  # … where the largest has at least seven digits
    round_section: int = 2  # different ones of one section suffice where the other sections have …
    uneven_figures: int = 3  # … so many different ones, …
    uneven_share: float = 0.34  # … of which no more end so

    # Against last year's figures of the same respondent and place (validate.outside.shift, validate.outside.growth).
    year_ratio: Decimal = Decimal(100)  # times as large or as small: a person is asked
    year_ratio_most: Decimal = Decimal(10_000)  # beyond it a thousand times and ordinary growth do not reach
    unit_near_low: float = 400.0  # the middle ratio of figures in another unit lies from here …
    unit_near_high: float = 3000.0  # … to here, as respondents' growth does around 1
    unit_spread: float = 0.7  # powers of ten around the middle ratio within which lines and columns grow
    unit_share: float = 0.65  # of the figures compared that must say so
    unit_facts: int = 2  # different figures of a line or column that must say so, where no sum does
    large: Decimal = Decimal(10_000_000)  # form's unit; eight digits are one more than most respondents reach
    tenge_least: Decimal = Decimal(1000)  # no service is sold for less than a thousand tenge …
    tenge_odd: float = 0.15  # … and no more than this share of figures may look as if one were

    # Percent in "of which" lines.
    percent_most: Decimal = Decimal(100)
    percent_parent: Decimal = Decimal(1000)  # form's unit; under a smaller parent a value up to 100 is ordinary

    rounding_share: Decimal = Decimal("0.5")  # of the last digit written, a term: what rounding can add up to
    rules: RuleSet = RuleSet.TABLE  # the set that decides a form's status; cells follow from the table alone
    priors: Priors = field(default_factory=Priors)  # how often respondents slip, and how: causes compete by them
    cause_share: float = 0.7  # of all that may have happened: below it the cause of a failure is unknown
    latest_year: int = field(default_factory=_next_year)  # a reporting year after it is a slip
