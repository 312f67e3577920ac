"""`qagaz compare`: the machine's figures beside those that people typed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from compare.rates import LEVEL, Rate, per_thousand
from compare.records import Party
from compare.tally import matrix
from compare.typed.records import BadTable
from layouts.errors import OutputError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.typed import tell_notes, tell_problems
from qagaz.equipment import known_forms
from qagaz.heap import uncollected
from qagaz.own_forms import kept_layouts
from qagaz.quality import Audited, Comparison, as_json, audit_with, compare_run, write_comparison
from qagaz.report.facts import report_of
from qagaz.report.write import write_report
from qagaz.speech import worded

ALIKE = 0
DIFFER = 3
UNREADABLE = 4


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("run", "RUN")
    arguments.paths("tables", "MANUAL")
    arguments.path("--out", "DIR")
    arguments.path("--audit", "SHEET")
    arguments.several("--papers", "FOLDER")
    arguments.flag("--unnamed")
    arguments.path("--layouts", "FOLDER")
    arguments.flag("--json")


@uncollected()
def run(parsed: argparse.Namespace, language: Language) -> int:
    """Compare; 0 where all figures agree, 3 where some differ, 4 where a table cannot be read."""
    try:
        comparison = compare_run(parsed.run, parsed.tables, known_forms(parsed.layouts or kept_layouts(parsed.run))[0])
    except BadTable as error:
        tell_problems(error, language, as_json=parsed.json)
        return UNREADABLE
    for table, notes in comparison.notes.items():
        tell_notes(table, notes, language)
    audited = audit_with(comparison, parsed.audit) if parsed.audit else None
    if parsed.out is not None:
        try:
            write_comparison(parsed.out, comparison, audited)
            report = report_of(comparison, audited, named=not parsed.unnamed)
            write_report(parsed.out, report, parsed.papers or (), language)
        except OSError as error:
            raise OutputError("error.cannot-write", file=parsed.out.name, detail=error.strerror or "") from error
    if parsed.json:
        print(json.dumps(as_json(comparison, audited), ensure_ascii=False))
    else:
        print("\n".join(_lines(comparison, audited, language)))
        if parsed.out is not None:
            print(worded("told.compare-written", {"out": str(parsed.out)}, language))
    return DIFFER if comparison.tally.cells > comparison.tally.agreeing else ALIKE


def _lines(comparison: Comparison, audited: Audited | None, language: Language) -> Iterator[str]:
    """What a comparison comes to, on a screen."""
    told, matching = comparison.tally, comparison.matching
    forms = {
        "forms": told.forms,
        "untyped": len(matching.untyped),
        "unread": len(matching.unread),
        "doubled": len(matching.doubled),
    }
    yield worded("told.compare-forms", forms, language)
    yield worded("told.compare-cells", {"cells": told.cells, "differing": told.cells - told.agreeing}, language)
    rows = matrix(told.classes)
    if rows:
        yield ""
        heads = [worded(f"party.{party.value}", {}, language) for party in Party]
        widths = [max(len(head), 6) for head in heads]
        names = [worded(f"slip.{slip.value}", {}, language) for slip, _ in rows]
        first = max(map(len, names))
        yield "  ".join([" " * first, *(head.rjust(width) for head, width in zip(heads, widths, strict=True))])
        for name, (_slip, counts) in zip(names, rows, strict=True):
            yield "  ".join([name.ljust(first), *(str(n).rjust(w) for n, w in zip(counts, widths, strict=True))])
    yield ""
    yield worded("told.compare-rates", {"level": f"{LEVEL:.0%}"}, language)
    yield from (
        f"  {worded(f'told.compare-{name}', {}, language)}: {_rate(rate, language)}"
        for name, rate in (("machine", told.machine), ("machine-all", told.machine_all), ("person", told.person))
    )
    if told.unclear:
        yield worded("told.compare-unclear", {"count": told.unclear}, language)
    if audited is None:
        yield worded("told.compare-agreement", {}, language)
        return
    found = {"drawn": len(audited.sample.cells), "missing": audited.audit.unkeyed, "wrong": len(audited.audit.missed)}
    yield worded("told.compare-audited", found, language)
    yield f"  {worded('told.compare-claimed', {}, language)}: {_rate(audited.claimed, language)}"


def _rate(rate: Rate, language: Language) -> str:
    told = {
        "share": per_thousand(rate.share),
        "low": per_thousand(rate.low),
        "high": per_thousand(rate.high),
        "hits": rate.hits,
        "cells": rate.cells,
    }
    return worded("told.compare-rate", told, language)


COMMAND = Command(
    "compare",
    build,
    run,
    (
        "qagaz compare results typed.xlsx",
        "qagaz compare results first.csv second.csv --out comparison --language ru",
        "qagaz compare results typed.csv --audit sheet.xlsx --json",
    ),
)
