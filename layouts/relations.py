"""The compact way rules are written: `1 = 2 + 3 + 5 + 6`, `1.3 >= 1.3.1`."""

from __future__ import annotations

import re

from layouts.model import Relation

_TERM = re.compile(r"[^\s+=<>≥≤]+")
_SIGNS = {"≥": Relation.AT_LEAST, ">=": Relation.AT_LEAST, "=": Relation.EQUAL}  # ">=" is looked for before "="


def parse_relation(text: str) -> tuple[tuple[str, ...], Relation, tuple[str, ...]]:
    """Left terms, sign and right terms; ValueError if the text has no sign, a term that is none, or one twice.

    >>> parse_relation("1 = 2 + 3")
    (('1',), <Relation.EQUAL: '='>, ('2', '3'))
    >>> parse_relation("1.3 ≥ 1.3.1")
    (('1.3',), <Relation.AT_LEAST: '>='>, ('1.3.1',))
    """
    for sign, relation in _SIGNS.items():
        left, found, right = text.partition(sign)
        if found:
            sides = _terms(left), _terms(right)
            named = sides[0] + sides[1]
            if not all(map(_TERM.fullmatch, named)) or len(set(named)) < len(named):
                raise ValueError(text)
            return sides[0], relation, sides[1]
    raise ValueError(text)


def _terms(side: str) -> tuple[str, ...]:
    return tuple(term.strip() for term in side.split("+"))


def write_relation(left: tuple[str, ...], relation: Relation, right: tuple[str, ...]) -> str:
    """The text that `parse_relation` reads.

    >>> write_relation(("1",), Relation.EQUAL, ("2", "3"))
    '1 = 2 + 3'
    """
    return f"{' + '.join(left)} {relation} {' + '.join(right)}"
