"""The numbers of the orders that a form says it was approved and changed by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.records import Sheet
from layouts.model import Layout

_NUMBER = re.compile(r"(?:№|N[oоeе°º2]|М[оoеe])\s*(\d{1,4})\b")  # the sign, and what readers of scans make of it
_ORDER = re.compile(r"приказ|бұйры|буйры", re.IGNORECASE)
BEFORE, AFTER = 250, 40  # letters around a number within which its order is spoken of


def orders_on(sheet: Sheet) -> frozenset[str]:
    """Numbers of orders that the print of a page speaks of; none on a scan whose print was not read.

    >>> sorted(orders_in("Приложение 9 к приказу Председателя от 21 января 2020 года № 5"))
    ['5']
    """
    return orders_in(" ".join(line.text for line in sheet.lines))


def orders_in(text: str) -> frozenset[str]:
    """The same in a text."""
    return frozenset(
        found[1]
        for found in _NUMBER.finditer(text)
        if _ORDER.search(text, max(0, found.start() - BEFORE), found.end() + AFTER)
    )


def orders_of(layout: Layout) -> frozenset[str]:
    """Numbers of the orders of an edition, as its file and its own print have them."""
    printed = (text for words in layout.printed for text in words.all())
    return frozenset(number for text in printed for number in orders_in(text)) | _numbers(layout.orders)


def _numbers(orders: Iterable[str]) -> frozenset[str]:
    return frozenset(found[1] for order in orders if (found := _NUMBER.search(order)))
