"""Small made-up forms for the joint decision: two or three lines and columns, each a sum of the others."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from functools import cache

from extract.records import Alternative, Ink
from layouts.model import Control, Each, Place, Relation, Rule, RuleSet, Words
from postprocess.records import Figure, Value
from tests.factories import reading

NONE = Words("", "")


def at(line: int, column: int) -> Place:
    """The cell in a line and column; line 0 and column 0 hold the totals."""
    return Place(1, str(line), str(column))


def rule(name: str, each: Each, left: str, right: str, relation: Relation = Relation.EQUAL) -> Rule:
    """Σ left (relation) Σ right; every character names a line or column."""
    return Rule(name, RuleSet.TABLE, 1, "", NONE, each, relation, tuple(left), tuple(right))


@cache
def table(lines: int, columns: int, *, part: bool = False) -> tuple[Control, ...]:
    """Total = Σ others in every line and every column; with `part`, the last line is part of the one before."""
    across = rule("across", Each.LINE, "0", "".join(map(str, range(1, columns))))
    down = rule("down", Each.COLUMN, "0", "".join(map(str, range(1, lines))))
    of_which = rule("part", Each.COLUMN, str(lines - 2), str(lines - 1), Relation.AT_LEAST)
    found = [Control(across, str(i), (at(i, 0),), tuple(at(i, j) for j in range(1, columns))) for i in range(lines)]
    found += [Control(down, str(j), (at(0, j),), tuple(at(i, j) for i in range(1, lines))) for j in range(columns)]
    found += [Control(of_which, str(j), (at(lines - 2, j),), (at(lines - 1, j),)) for j in range(columns) if part]
    return tuple(found)


def figure(
    place: Place, readings: list[tuple[str, float]], *, ink: Ink = Ink.HAND, confidence: float | None = None, **more
) -> Figure:
    """A cell with these readings and their probabilities; "" is blank."""
    said = tuple(Alternative(text, math.log(p), "a") for text, p in readings)
    values = tuple(Value(t, Decimal(t) if t not in ("", "-") else None, math.log(p), "a") for t, p in readings)
    sure = readings[0][1] if confidence is None else confidence
    reasons = more.pop("doubts", ())
    return Figure(reading(place, said, ink=ink, **more), readings[0][0], values[0].amount, values, sure, reasons)


def bare(place: Place) -> Figure:
    """A cell without ink."""
    return Figure(reading(place), "", None, (), 1.0)


def misread(text: str, draw: random.Random) -> str:
    """The figure with one digit read otherwise."""
    at_digit = draw.randrange(len(text))
    return text[:at_digit] + draw.choice("0123456789") + text[at_digit + 1 :]


def drawn(seed: int) -> tuple[list[Figure], tuple[Control, ...]]:
    """Sums that hold in truth, with slips, misreadings, rivals, blank, unreadable, missing and certain cells."""
    draw = random.Random(seed)
    lines, columns = draw.choice([(2, 3), (3, 2)])
    most = draw.choice([9, 99, 999])
    amounts = {at(i, j): draw.randint(0, most) for i in range(1, lines) for j in range(1, columns)}
    amounts |= {at(i, 0): sum(amounts[at(i, j)] for j in range(1, columns)) for i in range(1, lines)}
    amounts |= {at(0, j): sum(amounts[at(i, j)] for i in range(1, lines)) for j in range(columns)}
    for place in draw.sample(sorted(amounts), draw.choice([0, 0, 1, 2])):
        amounts[place] = max(0, amounts[place] + draw.choice([-10, -1, 1, 10]))
    figures = []
    for place in sorted(amounts):
        truth = str(amounts[place])
        kind = draw.random()
        if amounts[place] == 0 and draw.random() < 0.6:
            figures.append(bare(place))
        elif kind < 0.05:
            figures.append(figure(place, [(truth, 1.0)], ink=Ink.DIGITAL))
        elif kind < 0.08:
            figures.append(Figure(reading(place, blank_ink=Ink.HAND), "", None, (), 0.5))
        elif kind < 0.11:
            figures.append(Figure(reading(place, page=0), "", None, (), 1.0))
        else:
            texts = [truth, *(misread(truth, draw) for _ in range(draw.randint(0, 3)))]
            if draw.random() < 0.15:
                texts = [*texts[1:], texts[0]] if draw.random() < 0.7 else texts[1:] or texts
            texts = list(dict.fromkeys(texts))
            if draw.random() < 0.1:
                texts.append("")
            first = draw.choice([0.4, 0.6, 0.9, 0.99, 0.999, 0.99999])
            rest = [draw.random() ** 3 + 1e-3 for _ in texts[1:]]
            scale = (1 - first) / sum(rest) if rest else 1.0
            readings = [(texts[0], first), *((t, p * scale) for t, p in zip(texts[1:], rest, strict=True))]
            readings = [readings[0], *sorted(readings[1:], key=lambda r: -r[1])]
            doubts = ("seal",) if draw.random() < 0.05 else ()
            figures.append(figure(place, readings, doubts=doubts))
    return figures, table(lines, columns, part=draw.random() < 0.3)
