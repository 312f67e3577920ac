"""Figures beside last year's: a figure a hundred times as large or as small asks a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from layouts.model import Place
from validate.ledger import Ledger, plain
from validate.records import Cause, Finding, Outcome
from validate.settings import Settings

YEAR_ON_YEAR = "year-on-year"


def year_on_year(
    ledger: Ledger, last: Mapping[Place, Decimal], explained: Collection[Place], settings: Settings
) -> tuple[Finding, ...]:
    """One finding for all the figures that grew or shrank so much, the largest change first; none where none did.

    `explained` are the figures that a finding of another unit speaks of already. A figure that is new, or gone, has no
    ratio and is nothing unusual.
    """
    ratios = {place: ratio_of(ledger, last, place) for place in ledger.figures if place not in explained}
    beyond = {place: ratio for place, ratio in ratios.items() if ratio and change(ratio) >= settings.year_ratio}
    if not beyond:
        return ()
    places = tuple(sorted(beyond, key=lambda place: (-change(beyond[place]), list(ledger.figures).index(place))))
    now, before = ledger.amount(places[0]), last[places[0]]
    parameters = {"place": str(places[0]), "value": plain(now), "last": plain(before), "cells": str(len(places))}
    return (
        Finding(
            rule=f"check.{YEAR_ON_YEAR}",
            set="check",
            clause="",
            outcome=Outcome.UNDECIDED,
            places=places,
            left=now,
            right=before,
            cause=Cause.UNKNOWN,
            message_id=f"finding.{YEAR_ON_YEAR}",
            parameters=tuple(parameters.items()),
        ),
    )


def ratio_of(ledger: Ledger, last: Mapping[Place, Decimal], place: Place) -> Decimal | None:
    """A figure over last year's, signs aside; None where either is zero, blank or unknown."""
    now, before = abs(ledger.amount(place)), abs(last.get(place, Decimal(0)))
    return now / before if now and before else None


def change(ratio: Decimal) -> Decimal:
    """How many times as large, or as small.

    >>> change(Decimal("0.01")), change(Decimal(100))
    (Decimal('1E+2'), Decimal('100'))
    """
    return ratio if ratio >= 1 else 1 / ratio
