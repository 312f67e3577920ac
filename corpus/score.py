"""Scores results against a corpus' truth: cells, fields and the respondents' mistakes, with honest intervals."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from corpus.score_fields import fields_table, fields_wrong
from review.intervals import clustered, upper_bound

Row = Mapping[str, str]
CROSS = "Х"
FormKey = tuple[str, int]


@dataclass
class FormScore:
    """Counts of one form."""

    name: str
    kind: str
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)


def report(truth: Path, cells: Path, *, kinds: str = "", verbose: bool = False) -> str:
    """The score of a run as text; `findings.csv` and `fields.csv` beside `cells` are scored where they are."""
    entries = json.loads(truth.read_text(encoding="utf-8"))
    wanted = set(kinds.split(",")) if kinds else set()
    entries = [entry for entry in entries if not wanted or entry["kind"] in wanted or entry["id"] in wanted]
    scores = score_cells(entries, _rows(cells))
    parts = [cells_table(scores)]
    if (cells.parent / "fields.csv").is_file():
        parts.append(fields_table(entries, _rows(cells.parent / "fields.csv")))
    if (cells.parent / "findings.csv").is_file():
        parts.append(findings_table(entries, _rows(cells.parent / "findings.csv")))
    if verbose:
        parts += [line for score in scores for line in score.wrong]
        if (cells.parent / "fields.csv").is_file():
            parts += fields_wrong(entries, _rows(cells.parent / "fields.csv"))
    return "\n\n".join(parts)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _key(row: Row) -> FormKey:
    return Path(row["file"]).name, int(row.get("form") or 1)


def number(text: str) -> Decimal | None:
    """The decimal a text says, or None."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def is_right(value: str, written: str, want: str) -> bool:
    """Whether a cell's value is what was written: blank and «Х» are empty, a dash is 0, an amount itself."""
    if written in {"", CROSS}:
        return value == ""
    return value != "" and number(value) == Decimal(want)


def score_cells(entries: Iterable[Mapping[str, Any]], rows: Iterable[Row]) -> list[FormScore]:
    """Counts for every form of the truth. A cell without a row counts as an accepted blank, and as lost."""
    read = {(*_key(row), row["section"], row["line"], row["column"]): row for row in rows}
    return [_score_form(entry, read) for entry in entries]


def _score_form(entry: Mapping[str, Any], read: Mapping[tuple[str, int, str, str, str], Row]) -> FormScore:
    score = FormScore(entry["id"], entry["kind"])
    for name, section in entry.items():
        if not name.startswith("section"):
            continue
        number_of = name.removeprefix("section")
        for line, columns in section.items():
            for column, cell in columns.items():
                if "thousand_tenge" in cell:
                    row = read.get((entry["file"], int(entry["form"]), number_of, line, column))
                    _count(score, f"s{number_of}/{line}/{column}", cell, row)
    return score


def _count(score: FormScore, place: str, cell: Mapping[str, str], row: Row | None) -> None:
    written, want = cell["written"], cell["thousand_tenge"]
    value = (row["value"] or "").strip() if row else ""
    right = row is not None and is_right(value, written, want)
    accepted = row is None or row["status"] == "accepted"
    inked = bool(written)
    group = "amounts" if want != "0" else "zeros" if inked else "blanks"
    n = score.count
    n[group] += 1
    n[f"{group}_right"] += right
    n["cells"] += 1
    n["lost"] += row is None
    n["inked"] += inked
    n["accepted_inked"] += accepted and inked
    n["shown"] += not accepted
    if accepted and not right:
        n["wrong"] += 1
        n["wrong_filled" if not inked else "wrong_blank" if value == "" else "wrong_value"] += 1
    if not right:
        verdict = "lost" if row is None else "accepted" if accepted else "review"
        score.wrong.append(f"{score.name} {place} written {written!r} read {value!r} {verdict}")


def _total(scores: Sequence[FormScore], name: str) -> int:
    return sum(score.count[name] for score in scores)


def cells_table(scores: Sequence[FormScore]) -> str:
    """One line a kind and one for all. `wrong` is per 1000 accepted cells with ink, with its upper 95 % bound."""
    head = (
        f"{'kind':16} {'forms':>5} {'amounts':>7} {'exact%':>7} {'95 % interval':>15} {'lost':>5} {'blank%':>7} "
        f"{'zero%':>7} {'shown%':>7} {'wrong':>5} {'value':>5} {'blank':>5} {'filled':>6} {'per1000':>8} {'bound':>7}"
    )
    kinds = list(dict.fromkeys(score.kind for score in scores))
    groups = [(kind, [score for score in scores if score.kind == kind]) for kind in kinds]
    return "\n".join([head, *(_cells_line(name, group) for name, group in [*groups, ("ALL", list(scores))])])


def _cells_line(name: str, scores: Sequence[FormScore]) -> str:
    exact = clustered([(s.count["amounts_right"], s.count["amounts"]) for s in scores])
    kept, wrong = _total(scores, "accepted_inked"), _total(scores, "wrong")
    counted = {key: _total(scores, f"wrong_{key}") for key in ("value", "blank", "filled")}
    interval = f"{100 * exact.low:.2f}-{100 * exact.high:.2f}"
    return (
        f"{name:16} {len(scores):5} {exact.total:7} {_percent(exact.hits, exact.total):7.2f} {interval:>15} "
        f"{_total(scores, 'lost'):5} {_share(scores, 'blanks'):7.2f} {_share(scores, 'zeros'):7.2f} "
        f"{_percent(_total(scores, 'shown'), _total(scores, 'inked'), empty=0):7.2f} {wrong:5} {counted['value']:5} "
        f"{counted['blank']:5} {counted['filled']:6} {1000 * wrong / max(1, kept):8.3f} {_bound(scores, kept):7.3f}"
    )


def _bound(scores: Sequence[FormScore], kept: int) -> float:
    """Upper one-sided 95 % bound per 1000, widened by the design effect where errors come in clusters."""
    wrong = sum(min(s.count["wrong"], s.count["accepted_inked"]) for s in scores)
    rate = clustered([(min(s.count["wrong"], s.count["accepted_inked"]), s.count["accepted_inked"]) for s in scores])
    exact = 1000 * upper_bound(wrong, kept)
    return max(exact, 1000 * rate.high) if wrong else exact


def _share(scores: Sequence[FormScore], group: str) -> float:
    return _percent(_total(scores, f"{group}_right"), _total(scores, group))


def _percent(part: int, whole: int, *, empty: float = 100.0) -> float:
    return 100 * part / whole if whole else empty


def findings_table(entries: Sequence[Mapping[str, Any]], rows: Iterable[Row]) -> str:
    """Which planted mistakes are named by a finding, by cause; and findings on forms without a mistake."""
    found: dict[FormKey, list[Row]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    counts: dict[str, list[int]] = {}
    clean = noisy = 0
    for entry in entries:
        mine = found[entry["file"], int(entry["form"])]
        for error in entry["errors"]:
            tally = counts.setdefault(error.get("cause") or "unknown", [0, 0, 0])
            naming = [row for row in mine if _names(row, error)]
            tally[0] += 1
            tally[1] += bool(naming)
            tally[2] += any(row["cause"] == error.get("cause") for row in naming)
        if not entry["errors"]:
            clean += 1
            noisy += any(row["set"] == "table" for row in mine)
    lines = [f"{name:16} {t:4} found {f:4} with this cause {c:4}" for name, (t, f, c) in sorted(counts.items())]
    return "\n".join(
        ["mistakes", *lines, f"forms without a mistake: {clean}, with a finding of the table's rules: {noisy}"]
    )


def _names(row: Row, error: Mapping[str, Any]) -> bool:
    """Whether a finding names the place of a mistake; what has no single place is known by its cause."""
    if not error["line"] or not error["column"]:
        return row["cause"] == error.get("cause") or (error["what"].startswith("unit") and row["cause"] == "unit")
    return f"s{error['section']}/{error['line']}/{error['column']}" in row["places"].split(";")
