"""Scores of several systems side by side, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.benchmark.measures import difference
from corpus.benchmark.score import interval

BEGIN, END = "<!-- tables -->\n", "<!-- end of tables -->\n"
Score = Mapping[str, Any]
DECIMALS = 2  # with fewer, two amounts wrong in four thousand are none

OVERALL = (  # heading, measure, factor, decimals
    ("amounts exact, %", "amounts", 100, 2),
    ("character error, %", "cer_amounts", 100, 2),
    ("blank, dash, zero told apart, %", "told_apart", 100, 1),
    ("whole forms, %", "whole_forms", 100, 1),
    ("coverage, %", "coverage", 100, 1),
    ("wrong per 1000 accepted", "risk", 1000, 2),
    ("of these wrong values", "risk_value", 1000, 2),
    ("of these wrongly blank", "risk_blank", 1000, 2),
    ("filled per 1000 accepted blanks", "risk_filled", 1000, 2),
    ("straight through, %", "through", 100, 1),
    ("of these wholly right, %", "through_right", 100, 1),
)
FIELDS = (
    ("BIN, %", "bin", 100, 1),
    ("IIN, %", "iin", 100, 1),
    ("year, %", "year", 100, 1),
    ("KATO, %", "kato", 100, 1),
    ("hours, %", "hours", 100, 1),
    ("all but hours, forms, %", "identified_forms", 100, 1),
    ("texts exact, %", "texts", 100, 1),
    ("texts, character error, %", "cer_texts", 100, 1),
    ("signatures and countries, %", "choices", 100, 1),
    ("wrong per 1000 accepted", "risk_identifiers", 1000, 1),
)


def page(scores: Sequence[Score]) -> str:
    """The tables: all forms, families, kinds, fields, confusions, oddities. ValueError for scores on other forms."""
    if len({score["truth"] for score in scores}) > 1:
        raise ValueError("scores on other forms cannot stand side by side")
    first = scores[0]
    amounts = first["all"]["amounts"]["total"]
    parts = [
        f"Benchmark {first['benchmark']}: {first['forms']} forms, {amounts} amounts; truth `{first['truth'][:12]}`.",
        "### All forms", _overall(scores, OVERALL), _beside(scores),
        "### Amounts exactly right by family, %", _by(scores, "families", "amounts"),
        "### Amounts exactly right by kind, %", _by(scores, "kinds", "amounts"),
        "### Wrong per 1000 accepted, by family", _by(scores, "families", "risk", 1000),
        "### Fields", _overall([score for score in scores if "identifiers" in score["all"]], FIELDS),
        "### What was taken for what", _taken(scores),
        "### Oddities of the tables", _oddities(scores),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _overall(scores: Sequence[Score], columns: Sequence[tuple[str, str, int, int]]) -> str:
    """Measures down, systems across: intervals need room."""
    rows = [[title, *(interval(s["all"].get(name), f, d) for s in scores)] for title, name, f, d in columns]
    return _markdown(["", *(str(score["system"]) for score in scores)], rows)


def _by(scores: Sequence[Score], group: str, measure: str, factor: int = 100) -> str:
    rows = []
    for name, found in scores[0][group].items():
        told = [interval(score[group][name][measure], factor, DECIMALS) for score in scores]
        rows.append([name, str(found["whole_forms"]["total"]), str(found[measure]["total"]), *told])
    if group == "kinds" and scores[0]["macro_amounts"] is not None:
        rows.append(["mean of kinds", "", "", *(f"{100 * score['macro_amounts']:.{DECIMALS}f}" for score in scores)])
    counted = "amounts" if measure == "amounts" else "accepted by the first"
    return _markdown(["", "forms", counted, *(str(score["system"]) for score in scores)], rows)


def _beside(scores: Sequence[Score]) -> str:
    """How far the first is ahead of each other one, on the same files."""
    told = []
    for score in scores[1:]:
        mean, low, high = difference(_amounts(scores[0]), _amounts(score))
        ahead = f"{100 * mean:.1f} percentage points ({100 * low:.1f} to {100 * high:.1f})"
        told.append(f"{scores[0]['system']} is {ahead} ahead of {score['system']} in exact amounts, paired by file.")
    return "\n".join(f"- {line}" for line in told)


def _amounts(score: Score) -> dict[str, tuple[int, int]]:
    files: dict[str, tuple[int, int]] = {}
    for name, count in score["by_form"].items():
        hits, total = files.get(name.partition("#")[0], (0, 0))
        files[name.partition("#")[0]] = (hits + count.get("amount_right", 0), total + count.get("amount", 0))
    return files


def _taken(scores: Sequence[Score]) -> str:
    """Cells by what they are, and how many of them were taken for something else."""
    pairs = sorted({pair for score in scores for pair in score["taken_for"] if len(set(pair.split(">"))) > 1})
    rows = [[pair.replace(">", " taken for "), *(str(s["taken_for"].get(pair, 0)) for s in scores)] for pair in pairs]
    rows.append(["told by", *(str(score["told_by"]) for score in scores)])
    return _markdown(["", *(str(score["system"]) for score in scores)], rows)


def _oddities(scores: Sequence[Score]) -> str:
    names = ("forms_lost", "forms_refused", "forms_invented", "cells_without_row", "accepted_by")
    rows = [[name.replace("_", " "), *(str(score[name]) for score in scores)] for name in names]
    problems = sorted({problem for score in scores for problem in score["problems"]})
    rows += [[problem, *(str(score["problems"].get(problem, 0)) for score in scores)] for problem in problems]
    return _markdown(["", *(str(score["system"]) for score in scores)], rows)


def renewed(file: Path, text: str) -> str:
    """The file with what stands between its marks replaced; the tables alone where there is no file yet."""
    if not file.is_file():
        return BEGIN + text + END
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    return before + BEGIN + text + END + rest.partition(END)[2]
