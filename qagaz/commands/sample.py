"""`qagaz sample`: how many cells prove which rate, and a draw of agreed cells to key once more."""

from __future__ import annotations

import argparse

from compare.rates import acceptance, needed, per_thousand
from compare.typed.records import BadTable
from layouts.errors import OutputError, QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.typed import tell_problems
from qagaz.equipment import known_forms
from qagaz.own_forms import kept_layouts
from qagaz.quality import compare_run, draw_sample, write_sheet
from qagaz.speech import worded

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
    arguments.path("--out", "SHEET.csv")
    arguments.rate("--limit", "RATE", 0.001)
    arguments.rate("--good", "RATE", 0.0)
    arguments.path("--layouts", "FOLDER")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Print the plan, or write the sheet of a draw; 0, or 4 where a table cannot be read."""
    if parsed.run is None:
        print("\n".join(_plan(parsed.limit, parsed.good, language)))
        return DONE
    if parsed.out is None or parsed.out.suffix.lower() != ".csv" or not parsed.tables or "/" in parsed.seed:
        raise SampleArgumentError("error.sample-arguments")
    try:
        comparison = compare_run(parsed.run, parsed.tables, known_forms(parsed.layouts or kept_layouts(parsed.run))[0])
    except BadTable as error:
        tell_problems(error, language, as_json=False)
        return UNREADABLE
    sample = draw_sample(comparison, parsed.cells, parsed.seed)
    try:
        write_sheet(parsed.out, comparison, sample)
    except OSError as error:
        raise OutputError("error.cannot-write", file=parsed.out.name, detail=error.strerror or "") from error
    told = {"cells": len(sample.cells), "file": str(parsed.out)}
    told |= {stratum.value: count for stratum, count in sample.population.items()}
    print(worded("told.sample-drawn", told, language))
    return DONE


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
        "qagaz sample results typed.csv --cells 300 --seed 2026-11 --out sheet.csv",
    ),
)
