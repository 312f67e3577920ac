"""What is asked at once: noughts side by side, unless a sum misses something; controls that one figure explains."""

from __future__ import annotations

from decimal import Decimal

import pytest

from review.case import open_case
from review.panels import panels
from review.rows import FieldRow, FindingRow
from review.store import Store
from review.work.saying import Given
from tests.review.station.forms import LAYOUTS, fill, inked


@pytest.fixture
def store(tmp_path):
    with Store.beside(tmp_path, LAYOUTS) as made:
        yield made


def shown(store, form):
    with store.database.reading() as session:
        return [(p.kind, [q.place for q in p.questions]) for p in panels(open_case(session, LAYOUTS, form.key))]


def bare(truth, count):
    """Bare cells of the second table's last lines, in no sum with each other but the totals'."""
    return [place for place, value in truth.items() if not value and place.startswith("s2/1.1")][:count]


def test_noughts_come_together_after_the_figures(store, tmp_path):
    """One question for all of them; figures whose reading competes stand alone before them."""
    truth = fill(store, tmp_path, "truth.png").truth
    figure, noughts = inked(truth)[0], bare(truth, 3)
    form = fill(store, tmp_path, "a.png", doubts=[figure], blanks=noughts)
    assert shown(store, form) == [("one", [figure]), ("noughts", noughts)]


def test_a_nought_that_a_sum_misses_is_asked_about_by_itself(store, tmp_path):
    """A figure that was overlooked: its line does not come out with a blank there."""
    truth = fill(store, tmp_path, "truth.png").truth
    line = next(p.rpartition("/")[0] for p in inked(truth) if p.endswith("/2"))
    noughts = [place for place in bare(truth, 4) if not place.startswith(f"{line}/")][:3]
    form = fill(store, tmp_path, "a.png", wrong={f"{line}/2": ""}, blanks=noughts)
    assert shown(store, form)[0] == ("one", [f"{line}/2"])
    assert shown(store, form)[1] == ("noughts", noughts)


def test_a_nought_waits_while_a_figure_of_its_sum_is_open(store, tmp_path):
    """The sum tells only when the figure is known; then the nought that does not fit it is asked about by itself."""
    truth = fill(store, tmp_path, "truth.png").truth
    line = next(p.rpartition("/")[0] for p in inked(truth) if p.endswith("/2"))
    noughts = [place for place in bare(truth, 4) if not place.startswith(f"{line}/")][:2]
    form = fill(store, tmp_path, "a.png", doubts=[f"{line}/1"], wrong={f"{line}/2": ""}, blanks=noughts)
    together = [place for kind, places in shown(store, form) if kind == "noughts" for place in places]
    assert set(together) == {f"{line}/2", *noughts}
    store.settle([Given(form.source, 1, f"{line}/1", truth[f"{line}/1"])])
    assert shown(store, form) == [("one", [f"{line}/2"]), ("noughts", noughts)]


def test_one_nought_is_a_question_like_others(store, tmp_path):
    """There is nothing to be looked at side by side."""
    truth = fill(store, tmp_path, "truth.png").truth
    (place,) = bare(truth, 1)
    form = fill(store, tmp_path, "a.png", blanks=[place])
    assert shown(store, form) == [("one", [place])]


def off_by(store, form, place, by):
    """A person corrects a figure so that its sums come out no more."""
    store.settle([Given(form.source, 1, place, str(Decimal(form.truth[place] or 0) + by))])


def test_controls_that_one_figure_explains_are_asked_together(store, tmp_path):
    """Those of its line and of its column are off by as much; another figure's are another question."""
    truth = fill(store, tmp_path, "truth.png").truth
    line, column = next(p for p in inked(truth) if p.startswith("s2/1.") and p.endswith("/2")).split("/")[1:]
    form = fill(store, tmp_path, "a.png", doubts=[f"s2/{line}/{column}", "s3/1.1/1"])
    off_by(store, form, f"s2/{line}/{column}", 5)
    off_by(store, form, "s3/1.1/1", 5)
    together, alone = (places for kind, places in shown(store, form) if kind == "one")
    assert together == [f"s2.columns@s2/{line}/1", f"s2.total@s2/1/{column}"]
    assert alone == ["s3.total@s3/1/1"]


def test_controls_off_by_different_amounts_are_asked_apart(store, tmp_path):
    """Two figures are off in a line: its sum misses both, those of the columns one each."""
    truth = fill(store, tmp_path, "truth.png").truth
    line = next(p for p in inked(truth) if p.startswith("s2/1.") and p.endswith("/2")).split("/")[1]
    form = fill(store, tmp_path, "a.png", doubts=[f"s2/{line}/2", f"s2/{line}/6"])
    off_by(store, form, f"s2/{line}/2", 5)
    off_by(store, form, f"s2/{line}/6", 7)
    assert [len(places) for kind, places in shown(store, form) if kind == "one"] == [1, 1, 1]


def test_controls_that_no_one_figure_explains_are_asked_apart(store, tmp_path):
    """By as much, but the cell they share would have to be both more and less."""
    truth = fill(store, tmp_path, "truth.png").truth
    line = next(p for p in inked(truth) if p.startswith("s2/1.") and p.endswith("/2")).split("/")[1]
    form = fill(store, tmp_path, "a.png", doubts=[f"s2/{line}/1", "s2/1/1", "s2/1/2"])
    for place, by in ((f"s2/{line}/1", 5), ("s2/1/1", -5), ("s2/1/2", -5)):
        off_by(store, form, place, by)
    places = [places for kind, places in shown(store, form) if kind == "one"]
    assert places == [[f"s2.columns@s2/{line}/1"], ["s2.total@s2/1/1"], ["s2.total@s2/1/2"]]


def test_what_is_found_of_one_code_is_asked_together(store, tmp_path):
    """It stands as it stands, whatever is wrong with it; what is found of a figure is asked by itself."""
    told = FindingRow(1, "", "", "", "fails", "", "", "", "", "", "", (("field", "kato"),))
    found = [told._replace(rule=rule) for rule in ("check.wrong-length", "check.kato-contradicts-region")]
    kato = FieldRow(1, "kato", "", "7511", "7511", 0.99, "accepted", "", 1, 60, 30, 300, 60, "px")
    form = fill(store, tmp_path, "a.png", mistake=True, fields=[kato], findings=found)
    assert [places for _kind, places in shown(store, form)] == [
        ["s2.columns@s2/1/1"], ["check.wrong-length@kato", "check.kato-contradicts-region@kato"],
    ]  # fmt: skip
