"""A run beside manual entry: tables read, forms matched and compared, results written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from compare.differ import compare_form
from compare.entries import read_entries
from compare.match import Figures, match
from compare.rates import Rate, per_thousand
from compare.records import Compared, Matching, Party
from compare.run import Key, Readings, Run
from compare.sampling import Audit, Sample, audit, claimed, draw
from compare.sheets import SheetError, is_of, read_sheet
from compare.tally import Tally, machine_clusters, matrix, tally
from compare.typed.records import Problem
from layouts.model import Layout
from qagaz.deliver import write_table
from qagaz.tables import COMPARISON, MATCHING, Row
from review.flatten import plain

SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a comparison found."""

    run: Run
    matching: Matching
    compared: tuple[Compared, ...]
    tally: Tally
    notes: Mapping[str, tuple[Problem, ...]]  # of each table, worth telling


@dataclass(frozen=True, slots=True)
class Audited:
    """What a sample of agreed cells, keyed once more, says of the comparison."""

    sample: Sample
    audit: Audit
    claimed: Rate  # of filled cells: what differs and is wrong, and what agrees and is wrong


def compare_run(folder: Path, tables: Sequence[Path], layouts: Mapping[str, Layout]) -> Comparison:
    """Hold the run's figures against each table. NoRunError without a run, BadTable where a table cannot be told."""
    run = Run(folder)
    read = {path.name: read_entries(path, layouts) for path in tables}
    forms = tuple(form for form in run.forms() if form.layout in layouts)
    figures = Figures(forms)
    matching = match(forms, [entry for entries, _notes in read.values() for entry in entries], figures)
    differing = {m.machine.key for m in matching.pairs if any(e.amounts != m.machine.amounts for e in m.entries)}
    readings = run.readings(differing) if differing else {}
    nothing: Readings = {}

    def fetch(key: Key) -> Readings:
        return readings.get(key, nothing)

    compared = tuple(
        each for pair in matching.pairs for each in compare_form(pair, layouts[pair.machine.layout], figures, fetch)
    )
    return Comparison(
        run, matching, compared, tally(compared), {name: notes for name, (_entries, notes) in read.items()}
    )


def draw_sample(comparison: Comparison, size: int, seed: str) -> Sample:
    """So many of the cells on which the machine and people agree."""
    return draw(comparison.compared, size, seed)


def audit_with(comparison: Comparison, sheet: Path) -> Audited:
    """The comparison with a sheet that came back. SheetError where it is not the sheet that was drawn."""
    keyed = read_sheet(sheet)
    sample = draw(comparison.compared, keyed.size, keyed.seed)
    if not is_of(keyed, sample):
        raise SheetError("error.sample-other", file=sheet.name)
    found = audit(sample, keyed.figures)
    return Audited(sample, found, claimed(machine_clusters(comparison.compared), found, sample.population))


def write_comparison(out: Path, comparison: Comparison, audited: Audited | None = None) -> None:
    """The tables of disagreements and of which entry is which form's, and the summary, into a folder of their own."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_table(out, COMPARISON, disagreements(comparison.compared))
    write_table(out, MATCHING, matches(comparison.matching))
    text = json.dumps(as_json(comparison, audited), ensure_ascii=False, indent=2)
    (out / SUMMARY).write_text(text + "\n", encoding="utf-8")


def disagreements(compared: Iterable[Compared]) -> Iterator[Row]:
    """Rows of the table of disagreements, in order of form and place."""
    for each in compared:
        for verdict in each.verdicts:
            difference = verdict.difference
            place = difference.place
            yield (
                each.machine.file, each.machine.form, place.section, place.line, int(place.column),
                _said(difference.machine), _said(difference.manual), difference.slip.value, verdict.wrong.value,
                verdict.probability, _said(verdict.paper), difference.group, ";".join(verdict.evidence),
                each.entry.table, each.entry.operator, each.machine.source,
            )  # fmt: skip


def _said(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def matches(matching: Matching) -> Iterator[Row]:
    """Rows of the table of which entry is which form's, and what is left on either side."""
    for pair in matching.pairs:
        for entry, by in zip(pair.entries, pair.by, strict=True):
            yield pair.machine.file, pair.machine.form, entry.table, entry.file, entry.form, by, pair.machine.source
    for form in matching.untyped:
        yield form.file, form.form, "", "", None, "not-typed", form.source
    for entry in matching.unread:
        yield "", None, entry.table, entry.file, entry.form, "not-read", ""
    for entry in matching.doubled:
        yield "", None, entry.table, entry.file, entry.form, "typed-twice", ""


def as_json(comparison: Comparison, audited: Audited | None = None) -> dict[str, object]:
    """The summary for machines: counts, and rates with their intervals as shares."""
    told, matching = comparison.tally, comparison.matching
    return {
        "forms": {
            "compared": told.forms,
            "not_typed": len(matching.untyped),
            "not_read": len(matching.unread),
            "typed_twice": len(matching.doubled),
        },
        "cells": {"filled": told.cells, "agreeing": told.agreeing, "differing": told.cells - told.agreeing},
        "wrong": {
            "machine_accepted": rate_json(told.machine),
            "machine": rate_json(told.machine_all),
            "person": rate_json(told.person),
            "respondent": told.respondent,
            "unclear": told.unclear,
        },
        "slips": {party.value: rate_json(rate) for party, rate in told.slips.items()},
        "classes": {
            slip.value: dict(zip((party.value for party in Party), counts, strict=True))
            for slip, counts in matrix(told.classes)
        },
        "money": {"compared": plain(told.amount)} | {party.value: plain(off) for party, off in told.money.items()},
        "digits": {
            party.value: {f"{paper}>{said}": count for (paper, said), count in sorted(counts.items())}
            for party, counts in told.digits.items()
        },
        "confidence": [
            {"from": b.low, "to": b.high, "cells": b.cells, "claimed": round(b.claimed, 6), "wrong": rate_json(b.wrong)}
            for b in told.bins
        ],
        "by": [
            {"what": s.dimension, "value": s.value, "machine": rate_json(s.machine), "person": rate_json(s.person)}
            for s in told.splits
        ],
        "audit": None if audited is None else _audit_json(audited),
    }


def _audit_json(audited: Audited) -> dict[str, object]:
    found = audited.audit
    return {
        "drawn": len(audited.sample.cells),
        "not_keyed": found.unkeyed,
        "seed": audited.sample.seed,
        "population": {stratum.value: count for stratum, count in audited.sample.population.items()},
        "wrong": {stratum.value: rate_json(rate) for stratum, rate in found.wrong.items()},
        "claimed": rate_json(audited.claimed),
    }


def rate_json(rate: Rate) -> dict[str, float | int]:
    """A rate and its interval, also as wrong cells per thousand."""
    told = {"hits": rate.hits, "cells": rate.cells, "forms": rate.forms}
    thousand = {"per_1000": rate.share, "low_per_1000": rate.low, "high_per_1000": rate.high}
    return told | {name: per_thousand(share) for name, share in thousand.items()}
