"""The figures as a table of text, and for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from layouts.words import Language
from qagaz.benching.records import FLOOR, PEERS, REST, STAGES, Bench, Tally, in_words
from qagaz.speech import worded

NOTHING = "–"  # not measured: the peer is not there, or has nothing to do with such a page


def table_of(bench: Bench, language: Language) -> str:
    """One line a kind, and below it what holds for all."""
    words = {name: in_words(name, language) for name in _HEADS}
    rows = [tuple(words.values()), *(_row(kind, tally) for kind, tally in bench.kinds.items())]
    return "\n".join([*_aligned(rows), "", *_below(bench, language)])


def as_json(bench: Bench) -> dict[str, object]:
    """All that was measured, by name; seconds a form beside the sums."""
    kinds = {}
    for kind, tally in bench.kinds.items():
        flow = asdict(tally.flow) | {
            "forms_a_second": tally.flow.forms_a_second,
            "pages_a_second": tally.flow.pages_a_second,
        }
        shares = tally.shares | {name: tally.a_form(seconds) for name, seconds in tally.beside.items()}
        kinds[kind] = asdict(tally) | {"flow": flow, "seconds_a_form": {"total": tally.a_form(tally.total)} | shares}
    return asdict(bench) | {"kinds": kinds}


_FLOW = ("forms-a-second", "pages-a-second", "megabytes")
_HEADS = ("kind", "papers", "forms", "pages", *_FLOW, "total", *STAGES, REST, FLOOR, *PEERS)


def _row(kind: str, tally: Tally) -> tuple[str, ...]:
    flow = tally.flow
    counts = (str(tally.papers), str(tally.forms), str(tally.pages))
    rates = (f"{flow.forms_a_second:.2f}", f"{flow.pages_a_second:.1f}")
    memory = f"{flow.parent_megabytes:.0f}+{flow.worker_megabytes:.0f}"
    seconds = (tally.a_form(tally.total), *tally.shares.values())
    beside = (
        f"{tally.a_form(tally.beside[name]):.2f}" if name in tally.beside else NOTHING for name in (FLOOR, *PEERS)
    )
    return (kind, *counts, *rates, memory, *(f"{each:.2f}" for each in seconds), *beside)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def _below(bench: Bench, language: Language) -> Iterator[str]:
    told = {"processes": bench.processes, "cores": bench.machine.cores, "processor": bench.machine.processor}
    yield worded("bench.how", told | {"load": f"{bench.machine.load:.1f}"}, language)
    first = {"seconds": f"{bench.first:.2f}", "file": bench.first_file, "peak": f"{bench.peak_megabytes:.0f}"}
    yield worded("bench.first", first, language)
