"""`qagaz diff`: what a new version or setting changed between two runs, figure by figure."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.cuts import last_seen
from qagaz.diff.compare import Runs
from qagaz.diff.manifests import differing
from qagaz.diff.page import PAGE, Told, write_page
from qagaz.diff.pairs import paired
from qagaz.diff.records import Change, Kind
from qagaz.diff.shown import Gathered, crops
from qagaz.diff.table import DIFF, row_of
from qagaz.diff.words import title
from qagaz.parts import TEMPORARY
from qagaz.run import reported
from qagaz.speech import tell, worded
from qagaz.tables import TableWriter

SAME, DIFFERENT = 0, 3
SETTING_SHOWN = 100  # characters of a setting in the summary


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("before", "RUN1")
    arguments.one_path("after", "RUN2")
    arguments.path("--out", "DIR")
    arguments.several("--inputs", "PATH")
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Say what is different, and write it down where that is wanted; 0 nothing is, 3 something is."""
    gathered = Gathered()
    settings = tuple(differing(parsed.before, parsed.after))
    with ExitStack() as stack:
        pairs = stack.enter_context(paired(parsed.before, parsed.after))
        runs = Runs(parsed.before, parsed.after, pairs)
        changes = (gathered.take(change) for change in runs.changes())
        if parsed.out is None:
            for _change in changes:
                pass
        else:
            stack.enter_context(reported(parsed.out))
            parsed.out.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_table(parsed.out, changes)
        names = (str(parsed.before), str(parsed.after))
        told = Told(*names, settings, runs.papers, runs.forms, runs.renamed)
        if parsed.out is not None:
            _write_page(parsed, told, gathered, language)
    print(
        json.dumps(_as_json(told, gathered), ensure_ascii=False) if parsed.json else _summary(told, gathered, language)
    )
    return DIFFERENT if gathered.counts else SAME


def _write_table(out: Path, changes: Iterable[Change]) -> None:
    with TableWriter(out, DIFF) as table:
        table.add(row_of(change) for change in changes)
        table.finish()
        table.commit()
    for ending in DIFF.formats:
        (out / f"{DIFF.name}.{ending}").chmod(0o600)


def _write_page(parsed: argparse.Namespace, told: Told, gathered: Gathered, language: Language) -> None:
    """Under a temporary name first, like every result."""
    target: Path = parsed.out / PAGE
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    shown = (change.source for changes in gathered.first.values() for change in changes)
    kept = last_seen((parsed.after, parsed.before), set(shown))
    with crops(parsed.inputs or (), kept, parsed.out) as pictures:
        try:
            with temporary.open("w", encoding="utf-8") as file:
                temporary.chmod(0o600)
                file.writelines(write_page(told, gathered, pictures, language))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    tell("told.diff-written", language, out=parsed.out)
    if pictures.missing:
        tell("told.diff-no-papers", language, count=len(pictures.missing))


def _summary(told: Told, gathered: Gathered, language: Language) -> str:
    lines = [worded("diff.matched", {"papers": told.papers, "forms": told.forms}, language)]
    if told.renamed:
        lines.append(worded("diff.renamed", {"papers": told.renamed}, language))
    lines.append(worded("diff.made-with" if told.settings else "diff.made-alike", {}, language))
    lines += [f"  {s.name}: {_short(s.before)} → {_short(s.after)}" for s in told.settings]
    lines.append(worded("diff.summary" if gathered.counts else "diff.nothing", {}, language))
    lines += [f"{gathered.counts[kind]:8}  {title(kind, language)}" for kind in Kind if gathered.counts[kind]]
    return "\n".join(lines)


def _short(text: str) -> str:
    return (text if len(text) <= SETTING_SHOWN else text[:SETTING_SHOWN] + "…") or "–"


def _as_json(told: Told, gathered: Gathered) -> dict[str, object]:
    return {
        "made_with": [asdict(setting) for setting in told.settings],
        "papers": told.papers,
        "forms": told.forms,
        "renamed": told.renamed,
        "changes": {kind.value: gathered.counts[kind] for kind in Kind},
    }


COMMAND = Command(
    "diff",
    build,
    run,
    (
        "qagaz diff results-before results-after",
        "qagaz diff results-1.0 results-1.1 --out differences --inputs scans --language ru",
        "qagaz diff results-table results-published --json",
    ),
)
