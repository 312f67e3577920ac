"""All addresses of the station, so that what holds for every page is tried on those that are yet to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from starlette.routing import Mount, Route

from review.station.app import build
from review.station.desk import Desk

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


class Address(NamedTuple):
    """One address with one method: as it is written in the table of routes, and with values in it."""

    method: str
    route: str
    path: str


def addresses(desk: Desk, values: Mapping[str, object]) -> Iterator[Address]:
    """Every address and method, filled in with `values`; a parameter that is not among them is an error."""
    for route in build(desk).routes:
        if isinstance(route, Mount):
            continue
        assert isinstance(route, Route)
        unknown = set(PARAMETER.findall(route.path)) - set(values)
        assert not unknown, f"{route.path}: tell in the test what {unknown} may be"
        path = PARAMETER.sub(lambda hit: str(values[hit[1]]), route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield Address(method, route.path, path)


def getting(desk: Desk, values: Mapping[str, object]) -> list[Address]:
    """Every address that is looked at."""
    return [each for each in addresses(desk, values) if each.method == "GET"]


def posting(desk: Desk, values: Mapping[str, object]) -> list[Address]:
    """Every address that something is sent to."""
    return [each for each in addresses(desk, values) if each.method == "POST"]
