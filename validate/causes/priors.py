"""How often respondents slip, and in which way: the weights that explanations of failed controls compete with.

Costs are nats, −ln of a probability: a slip that happens on one form in a hundred costs 4.6, its place among sixty
filled cells another 4.1. Nobody has counted the slips on this form. The rates are orders of magnitude, in the ranking
that editors of business surveys report (sums first, then figures beside their place and left out, then units), and
only their ratios matter: a slip that fits exactly where another would have to fit by chance wins by far more than the
rates differ. `docs/evidence/causes.md` says what comes of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal


def nats(share: float) -> float:
    """What something of this probability costs.

    >>> round(nats(0.01), 1)
    4.6
    """
    return -math.log(share)


@dataclass(frozen=True, slots=True)
class Priors:
    """Share of forms with such a slip, and what follows from it."""

    arithmetic: float = 0.05  # a sum worked out wrongly, a digit written wrongly
    carried: float = 0.01  # a wrong sum that the total above it was worked out with
    transposed: float = 0.01
    digit_lost: float = 0.003  # a digit left out or written twice
    rounding: float = 0.05  # each figure rounded on its own
    unit_cell: float = 0.005
    unit_group: float = 0.01  # a line or a column in another unit
    mark_lost: float = 0.005  # written without its decimal mark
    moved: float = 0.01  # a figure one row or column off
    swapped: float = 0.003  # two figures in each other's place
    shifted: float = 0.01  # a run of lines, or the figures of a line, one off
    missing_total: float = 0.01
    missing_totals: float = 0.005  # all totals of a line, of a column, or of a section
    left_out: float = 0.002  # a part that is not there while its total is
    stray: float = 0.002  # a figure where none should stand
    percent: float = 0.02
    sign: float = 0.01

    filled: float = 60.0  # cells a slip may stand in, of an ordinary form
    sums: float = 20.0  # totals among them
    rows: float = 22.0  # lines
    strips: float = 6.0  # columns
    worked_out: float = 1.0  # nats by which the cell that is a sum is likelier to be wrong than its terms
    nothing_located: float = 2.0  # nats more for a failure that no cell of it explains by itself
    unlisted: float = 0.02  # share of doubtful cells that hold none of their readings, but one digit away from one
    uneven_tenge: float = 0.3  # share of figures in tenge that do not end in three noughts
    round_amounts: float = 0.002  # share of amounts that end in three noughts by chance, against those in tenge
    octaves: float = 28.0  # 2 ln 10⁶: a difference of d units of the last digit has the density 1 / (28 d)


def amount(value: Decimal, last: Decimal, priors: Priors) -> float:
    """What it costs that an amount is just this one, small ones being likelier, in nats.

    >>> round(amount(Decimal(301), Decimal(1), Priors()), 1)
    9.0
    """
    return math.log(priors.octaves * max(1.0, float(abs(value) / last)))


def difference(shift: Decimal, written: Decimal, last: Decimal, priors: Priors) -> float:
    """What it costs that a figure is off by just this much, in nats.

    Half of the slips are in one digit (any of nine differences, either way, at any digit of the figure), the others of
    any size, small ones being likelier.

    >>> round(difference(Decimal(300), Decimal(12345), Decimal(1), Priors()), 1)
    5.2
    >>> round(difference(Decimal(301), Decimal(12345), Decimal(1), Priors()), 1)
    9.7
    """
    units = abs(shift) / last
    anyhow = 0.5 * math.exp(-amount(shift, last, priors))
    digits = max(1, len(str(int(max(abs(written), abs(written - shift)) / last))))
    one_digit = 0.5 / (18 * digits) if _one_digit(units) else 0.0
    return nats(max(anyhow, one_digit))


def _one_digit(units: Decimal) -> bool:
    """Whether a number is one digit with noughts behind it."""
    return len(units.normalize().as_tuple().digits) == 1
