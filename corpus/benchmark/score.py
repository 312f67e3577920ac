"""Scores a system's answers on a part of the benchmark: a JSON document and a readable table."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.benchmark.answers import Answers, load_answers
from corpus.benchmark.frozen import TRUTH, Entry, digest
from corpus.benchmark.measures import FIELD_MEASURES, Value, measure_all
from corpus.benchmark.plan import FAMILIES, VERSION, family_of
from corpus.benchmark.tally import FormTally, tally_all

ALL = "ALL"
COLUMNS = (  # heading, measure, factor, decimals
    ("amounts%", "amounts", 100, 2),
    ("cer%", "cer_amounts", 100, 2),
    ("told%", "told_apart", 100, 1),
    ("whole%", "whole_forms", 100, 1),
    ("cover%", "coverage", 100, 1),
    ("risk/1000", "risk", 1000, 2),
    ("filled/1000", "risk_filled", 1000, 2),
    ("through%", "through", 100, 1),
    ("ident%", "identifiers", 100, 1),
)


def score_folder(truth: Path, folder: Path, *, system: str = "") -> dict[str, Any]:
    """The score of the tables in a folder; `truth` is the folder of the forms or its truth.json.

    FormatError where the tables cannot be scored.
    """
    entries = json.loads((truth / TRUTH if truth.is_dir() else truth).read_text(encoding="utf-8"))
    return score(entries, load_answers(folder), system=system or folder.name)


def score(entries: Sequence[Entry], answers: Answers, *, system: str = "") -> dict[str, Any]:
    """The score of what a system says, ready for JSON."""
    tallies, policy = tally_all(entries, answers)
    kinds = list(dict.fromkeys(tally.kind for tally in tallies))
    groups = {kind: [tally for tally in tallies if tally.kind == kind] for kind in kinds}
    families = {name: [t for t in tallies if family_of(t.kind) == name] for name in FAMILIES}
    whole = _measured(tallies, answers)
    shares = [group["amounts"]["share"] for group in (_measured(g, answers) for g in groups.values())]
    known = [each for each in shares if each is not None]
    known_forms = {(tally.file, tally.form) for tally in tallies}
    return {
        "benchmark": VERSION,
        "system": system,
        "truth": _truth_hash(entries),
        "forms": len(tallies),
        "files": len({tally.file for tally in tallies}),
        "accepted_by": policy.how,
        "told_by": "written" if any(said.written is not None for said in answers.cells.values()) else "value",
        "all": whole,
        "macro_amounts": sum(known) / len(known) if known else None,
        "families": {name: _measured(group, answers) for name, group in families.items() if group},
        "kinds": {kind: _measured(group, answers) for kind, group in groups.items()},
        "taken_for": _taken(tallies),
        "forms_lost": sum(tally.count["lost_forms"] for tally in tallies),
        "forms_refused": sum(tally.count["refused_forms"] for tally in tallies),
        "forms_invented": len({(c.file, c.form) for c, said in answers.cells.items() if said.value} - known_forms),
        "cells_without_row": sum(t.count["cells"] - t.count["rows"] for t in tallies),
        "problems": dict(sorted(answers.problems.items())),
        "examples": dict(sorted(answers.examples.items())),
        "by_form": {f"{t.file}#{t.form}": {"kind": t.kind, **_plain(t.count)} for t in tallies},
    }


def _truth_hash(entries: Sequence[Entry]) -> str:
    """Of all files' hashes together: what two scores must share to be compared."""
    files: dict[str, list[Entry]] = {}
    for entry in entries:
        files.setdefault(entry["file"], []).append(entry)
    return hashlib.sha256("".join(sorted(digest(each) for each in files.values())).encode()).hexdigest()


def _measured(tallies: Sequence[FormTally], answers: Answers) -> dict[str, dict[str, Any]]:
    found = measure_all([(tally.file, tally.count) for tally in tallies])
    return {name: _told(value) for name, value in found.items() if answers.with_fields or name not in FIELD_MEASURES}


def _told(value: Value) -> dict[str, Any]:
    high = value.high if value.high < float("inf") else None
    return {"hits": value.hits, "total": value.total, "share": value.share, "low": value.low, "high": high}


def _taken(tallies: Sequence[FormTally]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for tally in tallies:
        total.update(tally.taken)
    return dict(sorted(total.items()))


def _plain(count: Mapping[str, int]) -> dict[str, int]:
    return {name: int(number) for name, number in sorted(count.items()) if number}


def save_score(path: Path, scored: Mapping[str, Any]) -> None:
    """Writes a score as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(scored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(scored: Mapping[str, Any]) -> str:
    """The score as text: one line a kind, one a family, one for all, and what else is to be known."""
    head = f"{'':18} {'forms':>5} " + " ".join(f"{name:>11}" for name, *_ in COLUMNS)
    kinds = [(kind, group) for kind, group in scored["kinds"].items()]
    lines = [head, *(_line(name, group) for name, group in kinds)]
    lines += [_line(name.upper(), group) for name, group in scored["families"].items()]
    lines.append(_line(ALL, scored["all"]))
    return "\n".join([f"{scored['system']} on benchmark {scored['benchmark']}", *lines, "", *_notes(scored)])


def _line(name: str, group: Mapping[str, Mapping[str, Any]]) -> str:
    cells = [f"{shown(group.get(measure), factor, decimals):>11}" for _, measure, factor, decimals in COLUMNS]
    return f"{name:18} {group['whole_forms']['total']:5} {' '.join(cells)}"


def shown(value: Mapping[str, Any] | None, factor: int, decimals: int) -> str:
    """A measure as text, a dash where nothing was counted."""
    if value is None or value["share"] is None:
        return "–"
    return f"{factor * value['share']:.{decimals}f}"


def interval(value: Mapping[str, Any] | None, factor: int, decimals: int) -> str:
    """A measure with its interval."""
    if value is None or value["share"] is None:
        return "–"
    high = "∞" if value["high"] is None else f"{factor * value['high']:.{decimals}f}"
    return f"{factor * value['share']:.{decimals}f} ({factor * value['low']:.{decimals}f}–{high})"


def _notes(scored: Mapping[str, Any]) -> list[str]:
    every = scored["all"]
    told = [f"{name:17} {interval(every.get(name), 100, 2)} %" for name in ("amounts", "coverage", "cer_amounts")]
    told += [f"{name:17} {interval(every.get(name), 1000, 3)} per 1000" for name in ("risk", "risk_filled")]
    told += [f"{name:17} {interval(every.get(name), 100, 1)} %" for name in ("whole_forms", "through", "through_right")]
    told += [f"{name:17} {interval(every.get(name), 100, 1)} %" for name in ("identifiers", "texts", "choices")]
    lost = ", ".join(f"{scored[f'forms_{name}']} {name}" for name in ("lost", "refused", "invented"))
    if scored["macro_amounts"] is not None:
        told.append(f"{'macro_amounts':17} {100 * scored['macro_amounts']:.2f} %, the mean of kinds")
    told.append(f"forms: {lost}; cells without a row: {scored['cells_without_row']}")
    told.append(f"accepted: {scored['accepted_by']}; blank, dash, zero told by: {scored['told_by']}")
    told += [f"{name}: {number}, like {scored['examples'][name][0]}" for name, number in scored["problems"].items()]
    return told
