"""Whatever stands in a layout file, the loader refuses it in words and never falls over."""

import copy
import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest

from layouts.check import check
from layouts.parse import parse_layout
from layouts.rules import controls, not_applicable
from layouts.show import show_text
from layouts.verify import verify

GOOD = tomllib.loads((Path(__file__).parent / "data" / "3-test.toml").read_text(encoding="utf-8"))
JUNK = [0, -1, 1.5, True, "", "zzz", "1", [], {}, [""], ["А"], [{}], [[]], date(2030, 1, 1), time(1, 2)]


def paths(value: object, at: tuple = ()) -> Iterator[tuple]:
    """Every place in the data; of lists the first and the last item."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from paths(inner, (*at, key))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1}):
            yield (*at, index)
            yield from paths(value[index], (*at, index))


def changed(path: tuple, junk: object, *, drop: bool = False) -> dict:
    data = copy.deepcopy(GOOD)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = copy.deepcopy(junk)
    return data


def digest(data: dict) -> bool:
    """Whether the data made a layout; one that is accepted can be used for everything a layout is used for."""
    problems = []
    layout = parse_layout(data, "0" * 64, problems)
    problems = problems or verify(layout)
    if not problems:
        for rule_set in {rule.set for rule in layout.rules}:
            controls(layout, rule_set)
        not_applicable(layout)
        check(layout)
        show_text(layout, "kk")
    return not problems


def test_the_good_file_is_accepted():
    assert digest(GOOD)


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_anywhere_is_refused_or_usable(junk):
    accepted = [path for path in paths(GOOD) if digest(changed(path, junk))]
    assert len(accepted) < len(list(paths(GOOD))) / 2, "most places refuse what does not belong there"


def test_anything_may_be_missing():
    for path in paths(GOOD):
        digest(changed(path, None, drop=True))
