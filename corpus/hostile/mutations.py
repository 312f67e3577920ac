"""Whole files made wrong: bits turned, pieces lost, doubled and put in turn, structure damaged, as a seed decides."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

INTERESTING = (0, 1, -1, 255, 256, 32_767, 65_535, 2_147_483_647, -2_147_483_648, 4_294_967_295, 10**20)
PIECE = 4096  # bytes of the longest piece that is lost, doubled or zeroed

Mutation = Callable[[bytearray, random.Random], bytearray]


def mutated(data: bytes, kind: str, times: int, rng: random.Random) -> bytes:
    """The file after `times` mutations of a kind. KeyError for a kind that is not known.

    >>> mutated(b"%PDF-1.7 12 0 obj", "numbers", 1, random.Random(3)) == b"%PDF-1.7 12 0 obj"
    False
    """
    changed = bytearray(data)
    for _ in range(times):
        changed = MUTATIONS[kind](changed, rng)
    return bytes(changed)


def _bits(data: bytearray, rng: random.Random) -> bytearray:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def _bytes(data: bytearray, rng: random.Random) -> bytearray:
    if data:
        data[rng.randrange(len(data))] = rng.choice((0, 255, 128, 32, rng.randrange(256)))
    return data


def _cut(data: bytearray, rng: random.Random) -> bytearray:
    """Loses its end, and has an end mark now and then where PDF needs one."""
    kept = data[: len(data) - rng.randrange(1, max(len(data) // 16, 2))]
    return kept + (b"\n%%EOF\n" if data.startswith(b"%PDF") and rng.random() < 0.5 else b"")


def _lost(data: bytearray, rng: random.Random) -> bytearray:
    start, length = _somewhere(data, rng)
    del data[start : start + length]
    return data


def _zeroed(data: bytearray, rng: random.Random) -> bytearray:
    start, length = _somewhere(data, rng)
    data[start : start + length] = bytes(min(length, len(data) - start))
    return data


def _doubled(data: bytearray, rng: random.Random) -> bytearray:
    start, length = _somewhere(data, rng)
    return data[: start + length] + data[start:]


def _noise(data: bytearray, rng: random.Random) -> bytearray:
    start, length = _somewhere(data, rng)
    data[start : start + length] = rng.randbytes(min(length, 64, len(data) - start))
    return data


def _numbers(data: bytearray, rng: random.Random) -> bytearray:
    """A number in plain text becomes one at the edge of what machines count with; of pictures, four bytes."""
    found = list(re.finditer(rb"(?<![\w.])-?\d+", data))
    if data.startswith(b"%PDF") and found:
        spot = rng.choice(found)
        data[spot.start() : spot.end()] = b"%d" % rng.choice(INTERESTING)
    elif len(data) > 64:
        start = rng.randrange(min(len(data), 2000) - 8)
        data[start : start + 4] = (rng.choice(INTERESTING) % 2**32).to_bytes(4, rng.choice(("big", "little")))
    return data


def _streams(data: bytearray, rng: random.Random) -> bytearray:
    """Two streams change places; of pictures, two pieces."""
    found = [match.span(1) for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)]
    if len(found) < 2:
        found = [(start, start + length) for start, length in (_somewhere(data, rng), _somewhere(data, rng))]
    (a, b), (c, d) = sorted(rng.sample(found, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:] if b <= c else data


def _objects(data: bytearray, rng: random.Random) -> bytearray:
    """An object comes a second time under another one's number."""
    found = list(re.finditer(rb"(\d+) 0 obj(.*?)endobj", data, re.DOTALL))
    if len(found) < 2:
        return _doubled(data, rng)
    one, other = rng.sample(found, 2)
    return data[: one.end()] + b"\n%b 0 obj%bendobj" % (other[1], one[2]) + data[one.end() :]


def _references(data: bytearray, rng: random.Random) -> bytearray:
    """A reference leads to another object."""
    found = list(re.finditer(rb"(\d+) 0 R", data))
    if not found:
        return _bytes(data, rng)
    spot, other = rng.choice(found), rng.choice(found)
    data[spot.start() : spot.end()] = other[0]
    return data


def _table(data: bytearray, rng: random.Random) -> bytearray:
    """The table of objects' places says something else."""
    found = list(re.finditer(rb"\d{10} \d{5} [nf]", data))
    if not found:
        return _noise(data, rng)
    spot = rng.choice(found)
    data[spot.start() : spot.start() + 10] = b"%010d" % rng.choice((0, rng.randrange(len(data)), 9_999_999_999))
    return data


def _names(data: bytearray, rng: random.Random) -> bytearray:
    """A name or keyword becomes another one of the file."""
    found = list(re.finditer(rb"/[A-Za-z0-9]+", data))
    kinds = sorted({bytes(each[0]) for each in found})
    if len(kinds) < 2:
        return _bytes(data, rng)
    spot = rng.choice(found)
    data[spot.start() : spot.end()] = rng.choice([kind for kind in kinds if kind != spot[0]])
    return data


def _somewhere(data: bytearray, rng: random.Random) -> tuple[int, int]:
    return rng.randrange(max(len(data), 1)), rng.randrange(1, PIECE)


MUTATIONS: dict[str, Mutation] = {
    "bits": _bits,
    "bytes": _bytes,
    "cut": _cut,
    "lost": _lost,
    "zeroed": _zeroed,
    "doubled": _doubled,
    "noise": _noise,
    "numbers": _numbers,
    "streams": _streams,
    "objects": _objects,
    "references": _references,
    "table": _table,
    "names": _names,
}
"""What may be done to a file, by name."""
