"""How likely each party is to say one thing where the paper says another: what the question who is wrong is weighed by.

Rates are orders of magnitude. A person who keys figures once errs in 0.4 (double data entry study, PLoS ONE 2012,
10.1371/journal.pone.0035087) to some 5 of 1000 cells; how the errors divide among digits exchanged, lost and doubled is
not published for amounts, so their shares only rank them. What decides most cases is far stronger than any of these:
whether sums hold, and whether the pixels support a figure at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from compare.records import MachineCell, Slip
from compare.slips import plain, slip_of

Alternatives = Mapping[Decimal | None, float]  # what else was read in a cell → its log-probability, nats


@dataclass(frozen=True, slots=True)
class Rates:
    """Probabilities; a documented setting, not an estimate of anybody's diligence."""

    person: float = 0.003  # of a filled cell
    edited: float = 0.05  # of a sum that fails: whoever keys it puts it right instead
    converted: float = 0.2  # of a form in tenge: whoever keys it writes thousands
    sure: float = 1e-5  # of an accepted cell: whatever its confidence, it may be wrong by so much
    equal: float = 1e-4  # of a sum of the paper that does not hold, for this very difference
    at_least: float = 1e-3  # of a part that is larger than its whole


NOTHING = Decimal(0)
UNSEEN = 0.02  # of wrong readings: the right one is not among the best that were kept
UNTOLD = 0.5  # the same where no second reading is known
DOUBTFUL_UNSEEN = 0.8  # the same of cells that await review: 72 of 91 on read forms (docs/evidence/compare.md)
LIKELY = 1e-2  # of a respondent's mistakes: this very difference, where it is like one that people make
_MISTYPED = {  # of a person's slips; the rest of a figure's digits are as they should be
    Slip.SUBSTITUTED: 0.35, Slip.LOST: 0.15, Slip.DOUBLED: 0.08, Slip.ADDED: 0.05, Slip.TRANSPOSED: 0.12,
    Slip.MARK: 0.06, Slip.UNIT: 0.03, Slip.SIGN: 0.01, Slip.LEFT_OUT: 0.06, Slip.FILLED_IN: 0.02, Slip.OTHER: 0.03,
}  # fmt: skip
_MISREAD = {  # of a reader's, who takes digits for others, splits and joins them, and exchanges none
    Slip.SUBSTITUTED: 0.6, Slip.LOST: 0.1, Slip.DOUBLED: 0.08, Slip.ADDED: 0.08, Slip.TRANSPOSED: 0.001,
    Slip.MARK: 0.06, Slip.UNIT: 0.005, Slip.SIGN: 0.01, Slip.LEFT_OUT: 0.03, Slip.FILLED_IN: 0.03, Slip.OTHER: 0.01,
}  # fmt: skip
_DOUBTED = {  # the same of cells that await review, as they came on read forms: rows lost, ink of others, scrawls
    Slip.SUBSTITUTED: 0.04, Slip.LOST: 0.03, Slip.DOUBLED: 0.01, Slip.ADDED: 0.03, Slip.TRANSPOSED: 0.002,
    Slip.MARK: 0.05, Slip.UNIT: 0.005, Slip.SIGN: 0.003, Slip.LEFT_OUT: 0.28, Slip.FILLED_IN: 0.33, Slip.OTHER: 0.22,
}  # fmt: skip
_GROUP_PERSON = {Slip.UNIT: 1e-3, Slip.ROW: 2e-3, Slip.COLUMN: 1e-3, Slip.OTHER_FORM: 5e-4}  # of forms
_GROUP_MACHINE = {Slip.UNIT: 1e-4, Slip.ROW: 1e-5, Slip.COLUMN: 1e-5, Slip.OTHER_FORM: 1e-7}


def person_says(said: Decimal | None, meant: Decimal | None, rates: Rates) -> float:
    """Log-probability that somebody who keys `meant` writes `said`, nats."""
    if (said or None) == (meant or None):
        return math.log1p(-rates.person)
    slip = slip_of(meant, said)
    return math.log(rates.person * _MISTYPED[slip] * _ways(slip, said, meant))


def _ways(slip: Slip, said: Decimal | None, meant: Decimal | None) -> float:
    """The share of one outcome among all that a slip may have: of one digit of so many, or of any figure at all."""
    match slip:
        case Slip.SUBSTITUTED | Slip.ADDED:
            return 1 / (9 * _digits(meant))
        case Slip.LOST | Slip.DOUBLED | Slip.TRANSPOSED:
            return 1 / _digits(meant)
        case Slip.OTHER | Slip.FILLED_IN:
            return 0.1 ** _digits(said)
        case _:
            return 0.5


def _digits(value: Decimal | None) -> int:
    return len(plain(value or NOTHING).replace(".", ""))


def machine_sees(cell: MachineCell | None, value: Decimal | None, others: Alternatives, rates: Rates) -> float:
    """Log-likelihood of the pixels where the paper says `value`, up to a constant of the cell, nats.

    `cell` is None where the machine accepted a blank without ink.
    """
    own = cell.value if cell else None
    sure = min(1 - rates.sure, max(0.05, cell.confidence)) if cell else 1 - rates.sure
    if (own or None) == (value or None):
        return math.log(sure)
    rest = {other: logp for other, logp in others.items() if (other or None) != (own or None)}
    total = sum(math.exp(logp) for logp in rest.values())
    doubtful = cell is not None and not cell.accepted
    share = DOUBTFUL_UNSEEN if doubtful else UNSEEN
    slip = slip_of(value, own)  # what the paper says became what was read
    unseen = (share if rest else max(share, UNTOLD)) * (_DOUBTED if doubtful else _MISREAD)[slip]
    unseen *= _ways(slip, own, value)
    seen = next((math.exp(logp) / total for other, logp in rest.items() if other == value and total), 0.0)
    return math.log(1 - sure) + math.log(max(seen * (1 - share), unseen))


def respondent_wrote(said: Decimal | None, meant: Decimal | None) -> float:
    """How much rarer than usual mistakes it is that a respondent who means one figure writes the other, nats."""
    slip = slip_of(meant, said)
    like = slip not in {Slip.OTHER, Slip.FILLED_IN}
    return 0.0 if like else min(0.0, math.log(_ways(slip, said, meant) / LIKELY))


def group_person(slip: Slip) -> float:
    """Log-probability that somebody makes a slip of several cells, nats."""
    return math.log(_GROUP_PERSON[slip])


def group_machine(slip: Slip) -> float:
    """Log-probability that the machine does, nats."""
    return math.log(_GROUP_MACHINE[slip])
