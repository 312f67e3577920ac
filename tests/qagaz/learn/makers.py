"""Settled cells on crops of the benchmark, so that a test reads no paper."""

from __future__ import annotations

import math
from functools import cache

from extract.readers.combine import FigureReading
from extract.records import Alternative
from qagaz.learn.frozen import frozen
from qagaz.learn.records import Item, Settled, Use


@cache
def crops(group="typed"):
    """The benchmark's crops of a group."""
    return [known for known in frozen() if known.group == group]


def settled(number=0, value="12", **more):
    told = {
        "spot": (f"{number // 10:064}", 1, f"s2/1.{number % 10}/1"), "value": value, "use": Use.CORRECTION,
        "machine": value, "accepted": False, "who": "asel", "writer": f"w{number // 10}", "batch": "",
    }  # fmt: skip
    return Settled(**(told | more))


def item(number=0, value=None, **more):
    known = crops()[number % len(crops())]
    return Item(settled(number, known.value if value is None else value, **more), known.crop)


def reading(text, probability=0.999, witnesses=2, others=()):
    alternatives = [Alternative(text, math.log(probability), "net")]
    alternatives += [Alternative(other, math.log(p), "net") for other, p in others]
    return FigureReading(tuple(alternatives) if text else (), witnesses, 2)
