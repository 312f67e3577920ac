"""`qagaz check`: the controls on figures that somebody typed."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from compare.typed.records import BadTable
from layouts.errors import OutputError, QagazError
from layouts.model import Layout, RuleSet, Words
from layouts.show import in_language
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.assemble import shown_finding
from qagaz.check import TypedResult, check_file
from qagaz.commands.typed import tell_problems, where
from qagaz.equipment import known_forms
from qagaz.speech import tell, worded
from qagaz.tables import FINDINGS, TableWriter
from review.rows import FindingRow
from validate.settings import Settings

HOLDS = 0
FAILS = 3
UNREADABLE = 4

WIDTH = 118  # characters of a line
INDENT = " " * 6


class CheckArgumentError(QagazError):
    """No such layout, or a table of findings with another ending than .csv."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.one_path("table", "FILE")
    arguments.add("--layout", metavar="LAYOUT", default="")
    arguments.path("--layouts", "FOLDER")
    arguments.one_of("--rules", [each.value for each in RuleSet], Settings().rules)
    arguments.path("--out", "FINDINGS.csv")
    arguments.flag("--json")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Check every form of the file; 0 all hold, 3 something fails or is doubtful, 4 the file cannot be read."""
    if parsed.out is not None and parsed.out.suffix.lower() != ".csv":
        raise CheckArgumentError("error.check-ending", file=parsed.out.name)
    layouts = _meant(parsed.layout, known_forms(parsed.layouts)[0])
    try:
        results, notes = check_file(parsed.table, layouts, Settings(rules=RuleSet(parsed.rules)))
    except BadTable as error:
        tell_problems(error, language, as_json=parsed.json)
        return UNREADABLE
    for note in notes:
        tell(note.message_id, language, file=parsed.table.name, **where(note, language))
    teller = Teller(language, RuleSet(parsed.rules), as_json=parsed.json)
    told = _told(results, teller)
    if parsed.out is not None:
        _write(parsed.out, told, language)
    else:
        deque(told, maxlen=0)
    if not parsed.json:
        print(teller.closing())
    return FAILS if teller.failing else HOLDS


def _meant(name: str, layouts: dict[str, Layout]) -> dict[str, Layout]:
    """The layout asked for, or all that are known."""
    if name and name not in layouts:
        raise CheckArgumentError("error.unknown-layout", name=name, layouts=", ".join(layouts))
    return {name: layouts[name]} if name else layouts


def _told(results: Iterator[TypedResult], teller: Teller) -> Iterator[TypedResult]:
    """Each result once it is told."""
    for result in results:
        teller.tell(result)
        yield result


def _write(target: Path, results: Iterable[TypedResult], language: Language) -> None:
    """The findings as `qagaz read` writes them. OutputError where that is not possible."""
    table = replace(FINDINGS, name=target.stem, formats=("csv",))
    try:
        with TableWriter(target.parent, table) as writer:
            for result in results:
                key = (result.source, result.file)
                writer.add((*key, *shown_finding(row, language)) for row in result.findings)
            writer.finish()
            writer.commit()
    except OSError as error:
        raise OutputError("error.cannot-write", file=target.name, detail=error.strerror or "") from error


class Teller:
    """Prints results, for people or for machines, in the order of the file."""

    def __init__(self, language: Language, deciding: RuleSet, *, as_json: bool) -> None:
        self.forms = 0
        self.failing = 0
        self._sets: Counter[RuleSet] = Counter()  # forms that fail a rule of the set
        self._language = language
        self._deciding = deciding
        self._json = as_json

    def tell(self, result: TypedResult) -> None:
        """One form: a block of lines, or one line of JSON."""
        self.forms += 1
        self.failing += not result.holds
        self._sets.update(rule_set for rule_set, tally in result.tallies.items() if tally.fails)
        if self._json:
            print(json.dumps(as_json(result, self._language), ensure_ascii=False))
        else:
            print("\n".join([*block(result, self._deciding, self._language), ""]))

    def closing(self) -> str:
        """How the file came out."""
        told = {"forms": self.forms, "failing": self.failing}
        failing = {each.value: self._sets[each] for each in RuleSet}
        return "\n".join(
            [worded("check.closing", told, self._language), worded("told.rule-sets", failing, self._language)]
        )


def block(result: TypedResult, deciding: RuleSet, language: Language) -> list[str]:
    """A form's lines: how it stands, both sets of rules side by side, then what was found, the deciding set's first."""
    status = worded("check.holds" if result.holds else "check.fails", {}, language)
    told = {"file": result.file, "form": result.form.form, "layout": result.form.layout, "status": status}
    lines = [worded("check.head", told, language), *_side_by_side(result, deciding, language)]
    for rows in _alike(result.findings):
        lines += _finding(rows, result.clauses, language)
    return lines


def _alike(findings: Sequence[FindingRow]) -> list[list[FindingRow]]:
    """Findings that say the same of the same figures together, as both sets do of most; those that inform come last."""
    groups: dict[tuple[str, str, str, str], list[FindingRow]] = {}
    for row in sorted(findings, key=lambda row: row.informational):
        groups.setdefault((row.about, row.left, row.right, row.message), []).append(row)
    return list(groups.values())


def _side_by_side(result: TypedResult, deciding: RuleSet, language: Language) -> list[str]:
    heads = [worded(f"check.{name}", {}, language) for name in ("set", "rule-holds", "rule-fails", "rule-undecided")]
    rows = [heads]
    for rule_set, tally in result.tallies.items():
        role = worded("check.decides" if rule_set is deciding else "check.informs", {}, language)
        rows.append([f"{rule_set.value} ({role})", str(tally.holds), str(tally.fails), str(tally.undecided)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *counts in rows:
        shown = (f"  {text:>{width}}" for text, width in zip(counts, widths[1:], strict=True))
        lines.append(f"  {name:{widths[0]}}{''.join(shown)}")
    for rule_set, tally in result.tallies.items():
        if tally.absent:
            told = {"set": rule_set.value, "rules": ", ".join(tally.absent)}
            lines += textwrap.wrap(
                worded("check.absent", told, language), WIDTH, initial_indent="  ", subsequent_indent="  "
            )
    return lines


def _finding(rows: Sequence[FindingRow], clauses: Mapping[str, Words], language: Language) -> list[str]:
    """Place, then outcome, cause, rule and clause by each set; below them the sentence."""
    first = rows[0]
    place = first.about.partition(";")[0] or "-"
    lines: list[str] = []
    for row in rows:
        cause = worded(f"cause.{row.cause}", {}, language) if row.cause else ""
        outcome = worded(f"check.outcome-{row.outcome}", {}, language)
        clause = in_language(clauses[row.rule], language) if row.rule in clauses else row.clause
        said = " · ".join(part for part in (f"{row.set}: {outcome}", cause, row.rule, clause) if part)
        lines += textwrap.wrap(said, WIDTH - len(INDENT), break_on_hyphens=False)
    sentence = worded(first.message, dict(first.parameters), language)
    lines += textwrap.wrap(sentence, WIDTH - len(INDENT), break_on_hyphens=False)
    sign = "i" if first.informational else "!"
    return [f"  {sign} {place}", *(INDENT + line for line in lines)]


def as_json(result: TypedResult, language: Language) -> dict[str, object]:
    """The same for machines."""
    names = [column.name for column in FINDINGS.columns][2:]
    findings = [dict(zip(names, shown_finding(row, language), strict=True)) for row in result.findings]
    return {
        "source": result.source,
        "file": result.file,
        "form": result.form.form,
        "layout": result.form.layout,
        "holds": result.holds,
        "reasons": [code for code in result.form.reasons.split(";") if code],
        "rules": {
            rule_set.value: {
                "holds": tally.holds,
                "fails": tally.fails,
                "undecided": tally.undecided,
                "not_applicable": list(tally.absent),
            }
            for rule_set, tally in result.tallies.items()
        },
        "findings": findings,
    }


COMMAND = Command(
    "check",
    build,
    run,
    (
        "qagaz check figures.xlsx",
        "qagaz check results/cells.csv --language ru",
        "qagaz check typed.csv --rules published --out findings.csv",
        "qagaz check typed.xlsx --layout 2-uslugi-it.2026 --json",
    ),
)
