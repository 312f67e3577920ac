"""`qagaz sample`: how many cells prove which rate, and a draw of agreed cells to key once more."""

from __future__ import annotations

import argparse

from compare.rates import acceptance, needed, per_thousand
from compare.sampling import Sample
from compare.typed.records import BadTable
from layouts.errors import OutputError, QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.typed import tell_problems
from qagaz.equipment import known_forms
from qagaz.own_forms import kept_layouts
from qagaz.quality import Comparison, compare_run, draw_sample
from qagaz.rekeying import TABLE, WORKBOOK, write_pictured, write_plain
from qagaz.speech import tell, worded

DONE = 0
UNREADABLE = 4
ALLOWED = range(4)  # wrong cells for which the table of sizes has a row


class SampleArgumentError(QagazError):
    """Arguments that do not go together."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("run", "RUN", optional=True)
    arguments.paths("tables", "MANUAL", optional=True)
    arguments.number("--cells", "N", 200)
    arguments.add("--seed", metavar="TEXT", default="1")
    arguments.path("--out", "SHEET")
    arguments.several("--papers", "FOLDER")
    arguments.rate("--limit", "RATE", 0.001)
    arguments.rate("--good", "RATE", 0.0)
    arguments.path("--layouts", "FOLDER")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Print the plan, or write the sheet of a draw; 0, or 4 where a table cannot be read."""
    if parsed.run is None:
        print("\n".join(_plan(parsed.limit, parsed.good, language)))
        return DONE
    if parsed.out is None or parsed.out.suffix.lower() not in {WORKBOOK, TABLE} or not parsed.tables:
        raise SampleArgumentError("error.sample-arguments")
    if "/" in parsed.seed:
        raise SampleArgumentError("error.sample-arguments")
    try:
        comparison = compare_run(parsed.run, parsed.tables, known_forms(parsed.layouts or kept_layouts(parsed.run))[0])
    except BadTable as error:
        tell_problems(error, language, as_json=False)
        return UNREADABLE
    sample = draw_sample(comparison, parsed.cells, parsed.seed)
    try:
        missing = _write(parsed, comparison, sample, language)
    except OSError as error:
        raise OutputError("error.cannot-write", file=parsed.out.name, detail=error.strerror or "") from error
    told = {"cells": len(sample.cells), "file": str(parsed.out)}
    told |= {stratum.value: count for stratum, count in sample.population.items()}
    print(worded("told.sample-drawn", told, language))
    if missing:
        tell("told.sample-no-pictures", language, count=missing)
    return DONE


def _write(parsed: argparse.Namespace, comparison: Comparison, sample: Sample, language: Language) -> int:
    """The sheet in the format its name ends in; how many cells have no picture where there should be some."""
    if parsed.out.suffix.lower() == WORKBOOK:
        return write_pictured(parsed.out, comparison, sample, parsed.papers or (), language)
    write_plain(parsed.out, comparison, sample)
    return 0


def _plan(limit: float, good: float, language: Language) -> list[str]:
    """Sizes that prove the limit, by how many wrong cells are found; an acceptance plan where both rates are told."""
    lines = [worded("told.sample-sizes", {"limit": per_thousand(limit)}, language)]
    lines += ["  " + worded("told.sample-size", {"wrong": n, "cells": needed(limit, n)}, language) for n in ALLOWED]
    if good:
        if good >= limit:
            raise SampleArgumentError("error.sample-rates")
        plan = acceptance(good, limit)
        told: dict[str, object] = {
            "cells": plan.cells,
            "wrong": plan.wrong,
            "good": per_thousand(good),
            "bad": per_thousand(limit),
        }
        shares = {"producer": f"{plan.producer:.1%}", "consumer": f"{plan.consumer:.1%}"}
        lines.append(worded("told.sample-acceptance", told | shares, language))
    lines.append(worded("told.sample-independent", {}, language))
    return lines


COMMAND = Command(
    "sample",
    build,
    run,
    (
        "qagaz sample --limit 1/1000 --good 0.2/1000",
        "qagaz sample results typed.csv --cells 300 --seed 2026-11 --out sheet.xlsx --papers scans",
    ),
)
