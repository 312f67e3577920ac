"""Scores what stands outside the tables, and countries: right, accepted, wrong and accepted all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from review.intervals import upper_bound, wilson

Row = Mapping[str, str]
EXACT_FIELDS = ("bin", "iin", "year", "kato", "hours")
LOOSE_FIELDS = ("region", "name", "address", "email", "phone", "mobile")
ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of one form: what it should be and what was read."""

    form: str
    kind: str
    field: str
    line: str
    want: str
    read: str
    right: bool
    accepted: bool

    def __str__(self) -> str:
        place = f"{self.field} {self.line}".strip()
        verdict = "accepted" if self.accepted else "review"
        return f"{self.form} {place} written {self.want!r} read {self.read!r} {verdict}"


@dataclass
class Tally:
    """Counts of one field in files of one kind."""

    total: int = 0
    filled: int = 0
    right: int = 0
    accepted: int = 0
    wrong: list[Answer] = field(default_factory=list)  # and accepted

    def add(self, answer: Answer) -> None:
        """Counts one more."""
        self.total += 1
        self.filled += answer.want not in {"", "absent"}
        self.right += answer.right
        self.accepted += answer.accepted
        if answer.accepted and not answer.right:
            self.wrong.append(answer)


def answers(entries: Sequence[Mapping[str, Any]], rows: Iterable[Row]) -> list[Answer]:
    """Every field of the truth with what was read; a field without a row is empty and not accepted."""
    read = {(Path(row["file"]).name, int(row.get("form") or 1), row["field"], row["line"]): row for row in rows}
    return [
        _answer(entry, name, line, want, read.get((entry["file"], int(entry["form"]), name, line)))
        for entry in entries
        for name, line, want in _wanted(entry)
    ]


def _answer(entry: Mapping[str, Any], name: str, line: str, want: str, row: Row | None) -> Answer:
    said = row["value"] if row else ""
    accepted = row is not None and row["status"] == "accepted"
    label = "kato, by a clerk" if name == "kato" and want and entry.get("clerk") else name
    # several options are not none: only a person can say what is meant
    several = name == "hours" and len({m["option"] for m in entry.get("hours_marks", ()) if not m["crossed_out"]}) > 1
    right = _same(name, said, want) and not (several and accepted)
    return Answer(entry["id"], entry["kind"], label, line, "several" if several else want, said, right, accepted)


def fields_table(entries: Sequence[Mapping[str, Any]], rows: Iterable[Row]) -> str:
    """One line a field for all files and one for each kind.

    `wrong` are accepted all the same; `bound` is the one-sided 95 % upper bound of their share among the accepted.
    """
    tallies: dict[str, dict[str, Tally]] = {}
    for answer in answers(entries, rows):
        own = tallies.setdefault(answer.field, {})
        for kind in (ALL, answer.kind):
            own.setdefault(kind, Tally()).add(answer)
    head = (
        f"{'field':20} {'kind':16} {'n':>5} {'filled':>6} {'right %':>8} {'95 % interval':>14} "
        f"{'accepted %':>10} {'wrong':>5} {'bound %':>8}"
    )
    lines = [_line(name, kind, tally) for name, own in tallies.items() for kind, tally in own.items()]
    return "\n".join([head, *lines])


def fields_wrong(entries: Sequence[Mapping[str, Any]], rows: Iterable[Row]) -> Iterator[str]:
    """What was read wrongly, one line each."""
    return (str(answer) for answer in answers(entries, rows) if not answer.right)


def _line(name: str, kind: str, tally: Tally) -> str:
    low, high = wilson(tally.right, tally.total)
    bound = 100 * upper_bound(len(tally.wrong), tally.accepted)
    return (
        f"{name:20} {kind:16} {tally.total:5} {tally.filled:6} {100 * tally.right / tally.total:8.2f} "
        f"{f'{100 * low:.1f}-{100 * high:.1f}':>14} {100 * tally.accepted / tally.total:10.2f} "
        f"{len(tally.wrong):5} {bound:8.2f}"
    )


def _wanted(entry: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    wanted = [(name, "", str(entry.get(name, ""))) for name in (*EXACT_FIELDS, *LOOSE_FIELDS) if name in entry]
    wanted += [(name, "", "present" if how else "absent") for name, how in entry.get("signatures", {}).items()]
    for section, lines in entry.items():
        if section.startswith("section"):
            for line, columns in lines.items():
                wanted += [
                    ("country", line, ";".join(cell["countries"])) for cell in columns.values() if cell.get("countries")
                ]
    return wanted


def _same(name: str, value: str, want: str) -> bool:
    if name in LOOSE_FIELDS:
        return _loose(value) == _loose(want)
    if name == "country":
        return sorted(value.split(";")) == sorted(want.split(";"))
    return value == want


def _loose(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(c for c in text.casefold() if c.isalnum())
