"""The evaluation on read forms: what it plants, and that its tables count what is there."""

from __future__ import annotations

import json

import pytest

from compare.records import Party
from compare.slips import plain
from layouts.load import shipped_layouts
from qagaz.quality import compare_run
from training.comparisons import write as write_run
from training.operators import found_table, keyed_forms, parties_table, rates_table, readings_table, write
from training.truths import truths_of
from training.typists import trials

LAYOUT = next(iter(shipped_layouts().values()))


def entry(trial, paper):
    """A form's truth as the maker of forms tells it."""
    told = {"file": trial.machine.file, "form": 1, "kind": "scan300", "errors": []}
    for place in LAYOUT.places:
        text = plain(paper[place]) if place in paper else ""
        cell = {"written": text, "thousand_tenge": text or "0"}
        told.setdefault(f"section{place.section}", {}).setdefault(place.line, {})[place.column] = cell
    return told


@pytest.fixture
def compared(tmp_path):
    """Forms of which the machine has some wrong, typed with slips, compared; with what was typed."""
    made = list(trials(11, 12, ["machine-substituted", "blank-zero"]))
    entries = [entry(trial, trial.entry.amounts if trial.planted[0].party is Party.MACHINE else trial.machine.amounts)
               for trial in made]  # fmt: skip
    (tmp_path / "truth.json").write_text(json.dumps(entries), encoding="utf-8")
    write_run(tmp_path, made)
    keyed = keyed_forms(truths_of(tmp_path / "truth.json"), LAYOUT, 1)
    write(tmp_path / "typed.csv", keyed)
    return compare_run(tmp_path / "run", [tmp_path / "typed.csv"], shipped_layouts()), keyed


def rows(table, compared):
    head, _, *rest = table(*compared)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in (head, *rest)][1:]


def test_what_is_planted_is_what_is_typed(compared):
    """Two slips a form where they find room; every cell that is typed otherwise is one of a slip."""
    _, keyed = compared
    assert sum(len(form.planted) for form in keyed.values()) > len(keyed)
    for form in keyed.values():
        off = {at for at in LAYOUT.places if (form.paper.get(at) or None) != (form.typed.get(at) or None)}
        assert off <= {place for slip in form.planted for place in slip.places}


def test_the_tables_count_what_is_there(compared):
    """Six figures were misread, with the truth among the readings; nearly every slip is found for what it is."""
    assert sum(int(row[1]) for row in rows(readings_table, compared)) == 6
    assert sum(int(row[2]) for row in rows(readings_table, compared)) == 6
    parties = {row[0].partition(",")[0]: row[1:] for row in rows(parties_table, compared)}
    assert set(parties) <= {"machine", "person", "both"}
    whole = rows(found_table, compared)[-1]
    assert int(whole[2]) >= 12
    assert int(whole[3]) >= 0.9 * int(whole[2])
    rates = {row[0]: row[1:] for row in rows(rates_table, compared)}
    assert int(rates["machine, with those that await review"][0]) == 6
    assert int(rates["person"][0]) > 12
