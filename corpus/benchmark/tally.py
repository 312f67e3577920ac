"""Counts what a system says of each form against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.benchmark.answers import WHOLE, Answers, Cell, Field, Said
from corpus.benchmark.classes import class_of, class_of_value, edits, is_right, letters, number, plain_text
from corpus.benchmark.frozen import figure_cells
from corpus.benchmark.policy import Policy, policy_of

IDENTIFIERS = ("bin", "iin", "year", "kato", "hours")
TEXTS = ("region", "name", "address", "phone", "mobile", "email")
SAME_VALUE = {"dash": "zero", "cross": "blank"}  # what cannot be told apart by values alone

Entry = Mapping[str, Any]


@dataclass
class FormTally:
    """Counts of one form by name, and what was taken for what."""

    file: str
    form: int
    kind: str
    count: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)  # "dash>blank"


def tally_all(entries: Sequence[Entry], answers: Answers) -> tuple[list[FormTally], Policy]:
    """Every form's counts, and how acceptance was told. What is said of no form or cell of the truth is reported."""
    _report_strays(entries, answers)
    policy = policy_of(answers.cells.values(), list(_claims(entries, answers)))
    return [_tally(entry, answers, policy) for entry in entries], policy


def _claims(entries: Sequence[Entry], answers: Answers) -> Iterator[tuple[str, tuple[float, bool]]]:
    """Values given, with a confidence, for cells with ink."""
    for entry in entries:
        for place, truth in figure_cells(entry):
            said = answers.cells.get(Cell(entry["file"], int(entry["form"]), *place))
            if truth["written"] and said is not None and said.value and said.confidence is not None:
                yield entry["file"], (said.confidence, _right(said, truth))


def _right(said: Said | None, truth: Mapping[str, str]) -> bool:
    if said is None:
        return is_right("", truth["written"], truth["thousand_tenge"])
    return not said.clash and is_right(said.value, truth["written"], truth["thousand_tenge"])


def _report_strays(entries: Sequence[Entry], answers: Answers) -> None:
    forms = {(entry["file"], int(entry["form"])) for entry in entries}
    cells = {Cell(e["file"], int(e["form"]), *place) for e in entries for place, _ in figure_cells(e)}
    for cell, said in answers.cells.items():
        if (cell.file, cell.form) not in forms:
            answers.report("no-such-form", cell)
        elif cell not in cells:
            answers.report("no-such-cell", cell)
        elif said.value and number(said.value) is None:
            answers.report("no-number", f"{cell} {said.value!r}")


def _tally(entry: Entry, answers: Answers, policy: Policy) -> FormTally:
    tally = FormTally(entry["file"], int(entry["form"]), entry["kind"])
    key = (tally.file, tally.form)
    count = tally.count
    count["forms"] = 1
    refused = answers.forms.get(key, answers.forms.get((tally.file, WHOLE))) is False
    cells = list(figure_cells(entry))
    said = [answers.cells.get(Cell(*key, *place)) for place, _ in cells]
    read = any(each is not None for each in said)
    for (_, truth), each in zip(cells, said, strict=True):
        accepted = policy.accepts(tally.file, each) and (read or not refused)
        _count_cell(tally, truth, each, accepted=accepted, read=read)
    count["lost_forms"] = not read and not refused
    count["refused_forms"] = not read and refused
    fields = answers.with_fields and not entry.get("missing_pages")  # what stood on a lost page nobody can read
    if fields:
        _count_fields(tally, entry, answers)
    _count_form(tally, answers.forms.get(key), with_fields=fields)
    return tally


def _count_cell(tally: FormTally, truth: Mapping[str, str], said: Said | None, *, accepted: bool, read: bool) -> None:
    """Counts one cell. Of a form of which nothing is said no cell is right, its blanks neither."""
    count, written, want = tally.count, truth["written"], truth["thousand_tenge"]
    kind = "amount" if want != "0" else class_of(written)
    kind = "zero" if kind == "amount" and want == "0" else kind  # a nought with its unit
    value = said.value if said else ""
    same = _right(said, truth)
    right = same and read
    count["cells"] += 1
    count["rows"] += said is not None
    count["shown"] += not accepted
    count["right"] += right
    count[kind] += 1
    count[f"{kind}_right"] += right
    ink = "inked" if written else "bare"
    count[ink] += 1
    count[f"{ink}_right"] += right
    if accepted:
        count[f"accepted_{ink}"] += 1
        if not same:
            count["wrong_filled" if not written else "wrong_blank" if value == "" else "wrong_value"] += 1
            count["wrong_inked"] += bool(written)
    if kind == "amount":
        count["signs"] += len(want)
        count["edits"] += edits(value, want)
    if read:
        _count_class(tally, kind, said)
    elif kind != "amount":
        count["nothing"] += 1


def _count_class(tally: FormTally, kind: str, said: Said | None) -> None:
    """What a cell was taken for: by what is said to be written, or by its value, where dash and nought are one."""
    if said is None:
        seen: str = "blank"
    elif said.written is None:
        seen, kind = class_of_value(said.value), SAME_VALUE.get(kind, kind)
    else:
        seen = class_of(said.written)
    tally.taken[f"{kind}>{seen}"] += 1
    if kind != "amount":
        tally.count["nothing"] += 1
        tally.count["nothing_told"] += kind == seen


def _count_fields(tally: FormTally, entry: Entry, answers: Answers) -> None:
    count = tally.count
    right_all = True
    for name in IDENTIFIERS:
        said = answers.fields.get(Field(tally.file, tally.form, name, ""))
        want, value = str(entry.get(name, "")), said.value if said else ""
        right = value == want and not (said and said.clash)
        accepted = said is None or said.accepted is not False
        right_all &= right or name == "hours"
        count["accepted_fields"] += accepted
        count["wrong_fields"] += accepted and not right
        count["unsure_fields"] += not accepted
        if want:
            count["identifier"] += 1
            count["identifier_right"] += right
            count[name] += 1
            count[f"{name}_right"] += right
    count["with_fields"] = 1
    count["identified"] = right_all
    for name in TEXTS:
        if want := str(entry.get(name, "")):
            said = answers.fields.get(Field(tally.file, tally.form, name, ""))
            value = said.value if said and not said.clash else ""
            count["text"] += 1
            count["text_right"] += letters(value) == letters(want)
            count["text_signs"] += len(plain_text(want))
            count["text_edits"] += edits(plain_text(value), plain_text(want))
    for name, line, want in _choices(entry):
        said = answers.fields.get(Field(tally.file, tally.form, name, line))
        count["choice"] += 1
        count["choice_right"] += said is not None and sorted(said.value.split(";")) == sorted(want.split(";"))


def _choices(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Signatures, and the countries of the cells in which there are any."""
    for name, how in entry.get("signatures", {}).items():
        yield name, "", "present" if how else "absent"
    for section, lines in entry.items():
        for line, columns in lines.items() if section.startswith("section") else ():
            for cell in columns.values():
                if cell.get("countries"):
                    yield "country", line, ";".join(cell["countries"])


def _count_form(tally: FormTally, said: bool | None, *, with_fields: bool) -> None:
    """Whether all of a form is right, and whether it is let through.

    That is as the system says, or where it does not: if it is read and nothing of it is shown to a person.
    """
    count = tally.count
    whole = count["right"] == count["cells"]
    held = not count["rows"] or count["shown"] or count["unsure_fields"]
    through = not held if said is None else said
    count["whole"] = whole
    count["through"] = through
    count["through_right"] = through and whole and (not with_fields or bool(count["identified"]))
