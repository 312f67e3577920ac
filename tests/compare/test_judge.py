"""Two and three entries: the majority and the controls decide together."""

from dataclasses import replace
from decimal import Decimal

import pytest

from compare.differ import compare_form
from compare.match import Figures
from compare.records import MachineCell, MachineForm, Matched, Party, Slip, TypedEntry
from layouts.load import shipped_layouts
from layouts.model import Place
from training.typists import trials

LAYOUT = next(iter(shipped_layouts().values()))


@pytest.fixture
def form():
    """A form that everybody has right but for what a test changes."""
    trial = next(iter(trials(5, 1, ["blank-zero"])))
    amounts = {place: value for place, value in trial.machine.amounts.items() if value}
    cells = {place: MachineCell(value, str(value), True, 0.999, "net", "typed") for place, value in amounts.items()}
    return replace(trial.machine, cells=cells), amounts


def typed(table, amounts, form):
    return TypedEntry(table, form.file, 1, "", "", "", amounts)


def compare(form, entries, readings=None):
    matched = Matched(form, tuple(entries), ("file",) * len(entries))
    return compare_form(matched, LAYOUT, Figures([form]), lambda _key: readings or {})


def misread(form: MachineForm, place: Place, value: Decimal, confidence: float) -> MachineForm:
    cells = dict(form.cells)
    cells[place] = replace(cells[place], value=value, confidence=confidence)
    return replace(form, cells=cells)


def test_two_people_against_an_unsure_machine(form):
    """Both typed the same figure, no sum tells, and the machine was not sure."""
    machine, amounts = form
    place = next(iter(amounts))
    wrong = misread(machine, place, amounts[place] + 3, 0.8)
    told = compare(wrong, [typed("a.csv", amounts, machine), typed("b.csv", amounts, machine)])
    for each in told:
        (verdict,) = each.verdicts
        assert verdict.wrong is Party.MACHINE
        assert verdict.paper == amounts[place]
        assert "entries" in verdict.evidence


def test_one_of_two_people_errs(form):
    machine, amounts = form
    place = next(iter(amounts))
    slipped = {**amounts, place: amounts[place] + 3}
    right, wrong = compare(machine, [typed("a.csv", amounts, machine), typed("b.csv", slipped, machine)])
    assert right.verdicts == ()
    assert [v.wrong for v in wrong.verdicts] == [Party.PERSON]


def test_three_words_for_one_cell(form):
    """All three differ: the sums hold with one person's figure alone, so the machine and the other are wrong."""
    machine, amounts = form
    place = max(amounts, key=lambda p: (p.section == 2, amounts[p]))
    read = misread(machine, place, amounts[place] + 3, 0.9)
    slipped = {**amounts, place: amounts[place] + 40}
    right, wrong = compare(read, [typed("a.csv", amounts, machine), typed("b.csv", slipped, machine)])
    assert [(v.wrong, v.paper) for v in right.verdicts] == [(Party.MACHINE, amounts[place])]
    assert [(v.wrong, v.paper) for v in wrong.verdicts] == [(Party.UNCLEAR, amounts[place])]


def test_without_sums_it_stays_open_where_pixels_do_not_tell(form):
    """A figure that no sum speaks of: a rare misreading and a rare slip of the hand are about as likely."""
    machine, amounts = form
    place = Place(3, "1.16.1", "1")
    cells = {**machine.cells, place: MachineCell(Decimal(317), "317", True, 0.9999, "net", "hand")}
    (told,) = compare(
        replace(machine, cells=cells),
        [typed("a.csv", {**amounts, place: Decimal(311)}, machine)],
        {place: {Decimal(317): 0.0, Decimal(311): -9.0, Decimal(377): -9.0}},
    )
    (verdict,) = [v for v in told.verdicts if v.difference.place == place]
    assert verdict.wrong is Party.UNCLEAR
    assert 0.5 < verdict.probability < 0.9


def test_a_person_who_typed_what_was_read_second_is_right(form):
    """Nobody slips onto the machine's own runner-up by chance."""
    machine, amounts = form
    place = Place(3, "1.16.1", "1")
    cells = {**machine.cells, place: MachineCell(Decimal(317), "317", False, 0.6, "net", "hand")}
    (told,) = compare(
        replace(machine, cells=cells),
        [typed("a.csv", {**amounts, place: Decimal(311)}, machine)],
        {place: {Decimal(317): -0.6, Decimal(311): -0.9}},
    )
    (verdict,) = [v for v in told.verdicts if v.difference.place == place]
    assert verdict.wrong is Party.MACHINE


@pytest.mark.parametrize("read", [None, Decimal(75_351_535)])
def test_a_doubtful_cell_read_as_nothing_or_as_a_scrawl_is_the_machines_error(form, read):
    """Whatever was seen there has nothing to do with the figure that makes the sums come out."""
    machine, amounts = form
    place = next(at for at in amounts if at.section == 2 and at.line != "1" and amounts[at] > 1000)
    cells = dict(machine.cells)
    cells[place] = replace(cells[place], value=read, confidence=0.65, accepted=False)
    (told,) = compare(replace(machine, cells=cells), [typed("a.csv", amounts, machine)])
    (verdict,) = told.verdicts
    assert (verdict.wrong, verdict.paper) == (Party.MACHINE, amounts[place])


def test_sums_of_another_paper_prove_nothing(form):
    """It was typed from another form, whose sums come out; of this one some cells are doubtful and misread."""
    machine, amounts = form
    trial = next(iter(trials(6, 1, ["blank-zero"])))
    other = replace(trial.machine, source="f" * 64, file="other.pdf")
    cells = dict(machine.cells)
    for place in [at for at in amounts if at.line == "1" and at.section == 2][:3]:
        cells[place] = replace(cells[place], value=amounts[place] + 70_000, confidence=0.6, accepted=False)
    read = replace(machine, cells=cells)
    entry = typed("a.csv", {at: value for at, value in trial.machine.amounts.items() if value}, machine)
    (told,) = compare_form(Matched(read, (entry,), ("file",)), LAYOUT, Figures([read, other]), lambda _key: {})
    assert {verdict.difference.slip for verdict in told.verdicts} == {Slip.OTHER_FORM}
    assert {verdict.wrong for verdict in told.verdicts} == {Party.PERSON}
