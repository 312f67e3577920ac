"""What people settled is parted by writer and batch, and what is likely wrong is set aside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qagaz.learn.parts import parted
from qagaz.learn.records import Part, Use, Why
from qagaz.learn.suspects import suspicious
from tests.qagaz.learn.makers import item, reading


def whys(items, readings):
    return {each.spot: each.why for each in suspicious(items, readings)}


def told(items):
    return [(i.settled, i.part) for i in items]


def test_no_writer_stands_on_both_sides_and_a_batch_that_is_held_out_teaches_nothing():
    items = [item(n, batch=f"b{n % 8}", writer=f"w{n % 30}") for n in range(240)]
    kept, aside = parted(items, "3")
    teach, held = ([i.settled for i in kept if i.part is part] for part in Part)
    assert {s.writer for s in teach}.isdisjoint(s.writer for s in held)
    assert {s.batch for s in held} - {s.batch for s in teach}
    assert {s.batch for s in teach}
    assert {each.why for each in aside} == {Why.WRITER}
    assert told(parted(items, "3")[0]) == told(kept)
    assert told(parted(items, "4")[0]) != told(kept)


def test_accepted_cells_measure_nothing():
    kept, _ = parted([item(n, use=Use.REHEARSAL) for n in range(200)], "1")
    assert {i.part for i in kept} == {Part.TEACH}


@pytest.mark.parametrize(
    ("read", "gone"),
    [
        (reading("71"), True),
        (reading("71", witnesses=1), False),  # one reader alone
        (reading("71", 0.9), False),  # not sure
        (reading("71", 0.98, others=[("12", 0.015)]), False),  # it was thought of
        (reading("12"), False),
        (reading(""), False),  # nothing seen
    ],
)
def test_a_correction_that_sure_readers_contradict_is_set_aside(read, gone):
    assert whys([item(0, "12")], [read]) == ({item(0).settled.spot: Why.READERS} if gone else {})


def test_an_audit_stays_unless_the_sums_speak_against_it_too():
    """Else the readers' own mistakes would be thrown out, and they would look better than they are."""
    audit = item(0, "12", use=Use.AUDIT)
    assert whys([audit], [reading("71")]) == {}
    broken = replace(audit, settled=replace(audit.settled, broken=1))
    assert list(whys([broken], [reading("71")]).values()) == [Why.CONTROLS]
    assert whys([broken], [reading("71", 0.6)]) == {}


def test_sums_alone_set_a_correction_aside():
    assert list(whys([item(0, "12", broken=2)], [reading("71", 0.5)]).values()) == [Why.CONTROLS]


def test_figures_in_each_others_cells_are_found():
    items = [item(0, "12", machine="340"), item(1, "340", machine="12"), item(2, "9", machine="8")]
    assert set(whys(items, [reading("x", 0.4)] * 3).values()) == {Why.SWAPPED}
    assert items[2].settled.spot not in whys(items, [reading("x", 0.4)] * 3)


def test_who_is_contradicted_far_more_often_than_others_is_heard_on_nothing():
    items = [item(n, "12", who="asel" if n % 2 else "bolat") for n in range(80)]
    wrong = [reading("71") if n % 2 and n % 3 == 0 else reading("12") for n in range(80)]
    aside = suspicious(items, wrong)
    assert {each.who for each in aside} == {"asel"}
    assert {each.why for each in aside} == {Why.PERSON}
    assert len(aside) == 40


def test_a_person_with_few_words_or_a_few_slips_is_no_suspect():
    items = [item(n, "12", who="asel" if n < 9 else "bolat") for n in range(80)]
    wrong = [reading("71") if n in {0, 1, 2, 20} else reading("12") for n in range(80)]
    assert {each.why for each in suspicious(items, wrong)} == {Why.READERS}
