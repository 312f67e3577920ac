"""Codes typed that look wrong: they are said to, and taken when they are sent a second time."""

from __future__ import annotations

from collections.abc import Sequence

from postprocess.identifiers import has_check_digit
from review.answers import DIGITS, GAPS
from review.proposals import KATO
from review.station.ask import Ask
from review.station.pages.form import Trouble
from review.work.saying import Given
from validate.outside.classifier import Classifier

IDENTIFIERS = ("bin", "iin")  # twelve digits, the last of which follows from the others
BESIDE = ";"  # parts the codes somebody is sure of


def odd_code(classifier: Classifier | None, given: Sequence[Given]) -> Trouble | None:
    """A code whose check digit is wrong, or that the classifier does not know; None where there is none."""
    odd = {each: why for each in given if not each.sure and (why := _odd(classifier, each))}
    if not odd:
        return None
    first = next(iter(odd))
    sure = BESIDE.join(_named(each.place, each.value) for each in (*odd, *(each for each in given if each.sure)))
    return Trouble(odd[first], {"value": _bare(first.value)}, sure)


def is_sure(ask: Ask, place: str, value: str) -> bool:
    """Whether this code was warned of, and is sent again."""
    return place in DIGITS and _named(place, value) in ask.text("sure").split(BESIDE)


def _odd(classifier: Classifier | None, given: Given) -> str:
    """Why a code looks wrong, as an id of the catalogue; "" where it does not."""
    code = _bare(given.value)
    if len(code) != DIGITS.get(given.place) or not (code.isascii() and code.isdigit()):
        return ""  # blank, or no code at all
    if given.place in IDENTIFIERS:
        return "" if has_check_digit(code) else "station.sure-check-digit"
    unknown = given.place == KATO and classifier is not None and code not in classifier.names
    return "station.sure-kato" if unknown else ""


def _named(place: str, value: str) -> str:
    return f"{place}={_bare(value)}"


def _bare(value: str) -> str:
    return value.strip().translate(GAPS)
