"""What each cell may say and what it costs to believe it, in nats: minus the logarithm of its probability."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.records import Ink
from layouts.model import Place
from postprocess.records import Figure
from validate.reasons import INFORMATIONAL, KNOWN_READING
from validate.settings import Settings

LEAST_DOUBT = 1e-9  # probability left to everything else where a reader claims to be certain
HELD_BACK = 0.2  # probability that a reading about which extraction has a doubt is none of those listed
LEAST = 0.01  # nats by which the readers' choice comes before all others
LARGEST = Decimal(10) ** 12  # thousand tenge: more than any country has
MOST_DECIMALS = 5  # of thousand tenge: tiyn
THOUSAND = Decimal(1000)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One amount a cell may say."""

    amount: Decimal | None  # thousand tenge; None is blank
    value: int  # the amount as the sums take it, in the form's smallest unit; blank is 0
    cost: float  # nats beyond the cheapest candidate of the cell


@dataclass(frozen=True, slots=True)
class Domain:
    """What one cell may say, the readers' choice first, and what it costs to believe that it says none of this."""

    place: Place
    candidates: tuple[Candidate, ...]
    unlisted: float  # nats; infinite where that cannot be

    @property
    def open(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.candidates) != 1 or math.isfinite(self.unlisted)


@dataclass(frozen=True, slots=True)
class Domains:
    """The domains of a form's cells, with the unit their values are counted in."""

    cells: Mapping[Place, Domain]
    decimals: int  # decimal places that the unit of `Candidate.value` stands for
    last: int = 1  # that unit's number in the last digit most figures are written to

    def value(self, amount: Decimal) -> int:
        """An amount in the unit of `Candidate.value`."""
        return int(amount.scaleb(self.decimals))


def domains(figures: Iterable[Figure], reach: float, settings: Settings) -> Domains:
    """The domain of every cell; readings that cost more than `reach` nats are left out.

    The figures' confidences are calibrated ones: they say how probable the readers' choice is, the readers' own
    log-probabilities only how the rest is shared out.
    """
    every = list(figures)
    amounts = (amount for f in every for amount in (f.value, *(v.amount for v in f.alternatives)))
    decimals = max((_decimals(amount) for amount in amounts if amount is not None and _countable(amount)), default=0)
    written = Counter(_decimals(f.value) for f in every if f.value and _countable(f.value))
    usual = written.most_common(1)[0][0] if written else decimals
    cells = {f.reading.place: _domain(f, decimals, reach, settings) for f in every}
    return Domains(cells, decimals, 10 ** (decimals - usual))


def _domain(figure: Figure, decimals: int, reach: float, settings: Settings) -> Domain:
    place, reading = figure.reading.place, figure.reading
    unread = reading.ink is not Ink.NONE and not figure.alternatives
    if reading.page == 0 or unread or not _countable(figure.value):
        return Domain(place, (), 0.0)
    chosen = _candidate(figure.value, decimals, 0.0)
    if not figure.alternatives or reading.ink is Ink.DIGITAL:
        return Domain(place, (chosen,), math.inf)
    doubt = max(1.0 - figure.confidence, LEAST_DOUBT)
    sure = math.log(max(figure.confidence, LEAST_DOUBT))
    others = [(v.amount, math.exp(v.logp)) for v in figure.alternatives if v.amount != figure.value]
    others = [(amount, p) for amount, p in others if _countable(amount) and not _his_own(amount, figure.value)]
    others = others[: settings.joint_readings - 1]
    listed = sum(p for _, p in others)
    share = (1.0 - settings.unlisted_share) * doubt / listed if listed > 0 else 0.0
    rivals = [_candidate(amount, decimals, max(sure - math.log(max(p * share, 1e-300)), LEAST)) for amount, p in others]
    unlisted = (settings.unlisted_share if listed > 0 else 1.0) * doubt
    if set(figure.reasons) - INFORMATIONAL - KNOWN_READING:
        unlisted = max(unlisted, HELD_BACK)
    away = max(sure - math.log(unlisted), LEAST) + math.log(settings.slip_values)
    kept = tuple(rival for rival in sorted(rivals, key=lambda c: c.cost) if rival.cost <= reach)
    return Domain(place, (chosen, *kept), away if away <= reach else math.inf)


def _candidate(amount: Decimal | None, decimals: int, cost: float) -> Candidate:
    return Candidate(amount, int((amount or ZERO).scaleb(decimals)), cost)


def _his_own(amount: Decimal | None, chosen: Decimal | None) -> bool:
    """Whether two readings are the same digits in tenge and in thousands, or with a minus and without.

    Of these the sums would always choose the one that hides a respondent's commonest mistakes.
    """
    if not amount or not chosen:
        return False
    return amount == -chosen or abs(amount) in (abs(chosen) * THOUSAND, abs(chosen) / THOUSAND)


def _countable(amount: Decimal | None) -> bool:
    """Whether an amount is one that a sum could hold, and not a reader's fancy."""
    return amount is None or (abs(amount) < LARGEST and _decimals(amount) <= MOST_DECIMALS)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def digits_of(values: Sequence[Candidate], decimals: int) -> int:
    """How many digits before the decimal mark the readers saw."""
    return len(str(abs(values[0].value) // 10**decimals)) if values else 0
