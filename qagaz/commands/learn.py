"""`qagaz learn`: readers that learn from what people settled, or do not; and back again."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from compare.sheets import read_sheet
from layouts.errors import QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.folders import own_folder
from qagaz.commands.stores import open_store
from qagaz.equipment import known_forms
from qagaz.learn.gate import FROZEN, HELD, Verdict
from qagaz.learned import in_use, undo
from qagaz.speech import tell, worded

DONE = 0
REFUSED = 3
MINUTES = 5


class LearnArgumentError(QagazError):
    """A folder of results is missing, or not to be named."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("folder", "DIR", optional=True)
    arguments.path("--models", "MODELS", required=True)
    arguments.flag("--undo")
    arguments.add("--db", metavar="URL", default="")
    arguments.several("--papers", "FOLDER")
    arguments.several("--sheet", "SHEET.csv")
    arguments.path("--layouts", "FOLDER")
    arguments.flag("--fine-tune")
    arguments.number("--minutes", "N", MINUTES)
    arguments.add("--seed", metavar="TEXT", default="1")
    arguments.path("--data", "FOLDER")
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Learn and install, or go back; 0 done, 3 refused."""
    if parsed.undo == (parsed.folder is not None):
        raise LearnArgumentError("error.learn-arguments")
    if parsed.undo:
        name = undo(parsed.models)
        print(worded("told.learn-undone" if name else "told.learn-undone-all", {"version": name}, language))
        return DONE
    return _learn(parsed, language)


def _learn(parsed: argparse.Namespace, language: Language) -> int:
    # Imported here: `--undo` needs no models, and must work where learning does not.
    from qagaz.learn.frozen import frozen  # noqa: PLC0415
    from qagaz.learn.install import install, save_data, sets_json  # noqa: PLC0415
    from qagaz.learn.study import Wish, material, measured, need_torch, study  # noqa: PLC0415

    if parsed.fine_tune:
        need_torch()
    sheets = tuple(read_sheet(path) for path in parsed.sheet or ())
    wish = Wish(parsed.seed, parsed.fine_tune, float(parsed.minutes), tuple(parsed.papers or ()), sheets)
    now = in_use(parsed.models) if parsed.models.exists() else None
    own_folder(parsed.models, language)
    forms = known_forms(parsed.layouts)
    with open_store(parsed.folder, parsed.db) as store:
        found = material(store, wish, forms, now)
    _tell_material(found.counts, Counter(each.why.value for each in found.aside), language)
    if parsed.data is not None:
        save_data(parsed.data, found)
    with tempfile.TemporaryDirectory(prefix="qagaz-") as workshop:
        learnt = study(found, wish, now, Path(workshop))
    verdict = measured(learnt, found, now, frozen())
    version = install(parsed.models, learnt, found, verdict, wish, now).folder.name if verdict.passed else ""
    if parsed.json:
        faults = [{"fault": fault.value, "set": name} for fault, name in verdict.faults]
        print(json.dumps({"version": version, "faults": faults, "sets": sets_json(verdict)}, ensure_ascii=False))
        return DONE if version else REFUSED
    print("\n".join([*_lines(verdict, language), _end(version, language)]))
    return DONE if version else REFUSED


def _lines(verdict: Verdict, language: Language) -> Iterator[str]:
    """Every set before and after, and what speaks against it."""
    for each in verdict.sets:
        part = "" if each.name in {HELD, FROZEN} else "  "  # groups stand below the benchmark that they make up
        figures = {"set": part + worded(f"learn.set-{each.name}", {}, language), "cells": each.after.cells}
        figures |= {"before": each.before.wrong, "after": each.after.wrong}
        losses = {"loss": f"{each.before.loss:.3f}", "then": f"{each.after.loss:.3f}"}
        errors = {"error": f"{each.before.error:.3f}", "mended": f"{each.after.error:.3f}"}
        yield worded("told.learn-set", figures | losses | errors, language)
    for fault, name in verdict.faults:
        told = {"set": worded(f"learn.set-{name}", {}, language)}
        yield worded(f"told.learn-{fault.value}", told, language)


def _end(version: str, language: Language) -> str:
    return worded("told.learn-installed" if version else "told.learn-refused", {"version": version}, language)


def _tell_material(counts: Counter[str], aside: Counter[str], language: Language) -> None:
    """How much there is of what, and what was set aside, by reason."""
    for name, count in sorted(counts.items()):
        tell(f"told.learn-use-{name}", language, cells=count)
    for why, count in sorted(aside.items()):
        tell(f"told.learn-aside-{why}", language, cells=count)


COMMAND = Command(
    "learn",
    build,
    run,
    (
        "qagaz learn results --models models",
        "qagaz learn results --models models --sheet sheet.csv --papers scans",
        "qagaz learn results --models models --fine-tune --minutes 8",
        "qagaz learn --undo --models models",
        "qagaz read scans --out results-2 --models models",
    ),
)
