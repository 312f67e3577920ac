"""Which edition a form is of: by the lines it prints; what is no edition's is told as such, and accidents are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import corpus
from extract.differences import DOUBTFUL, as_parameters, differences, doubted
from extract.editions import UNSURE
from extract.orders import orders_in, orders_of
from extract.place import place_on_layout
from extract.recognise import recognise
from extract.split import split_forms
from layouts.load import load_layout, shipped_layouts
from tests.extract.paper import grid, sheet

NOW = next(iter(shipped_layouts().values()))
OLDER = load_layout(Path(corpus.__file__).parent / "data" / "2-uslugi-it.older.toml")
NUMBERS = ["А", "Б", "В", "1", "2", "3", "4", "5", "6"]
DROPPED = {"1.5.1", "1.6.1", "1.14", "1.15", "1.16", "1.16.1"}


def rows(layout, section, *, without=(), first=0, last=None):
    """The printed rows of a section, a figure in line 1."""
    table = layout.table(section)
    return [
        [line.code, f"{line.label.kk} {line.label.ru}", line.oked or "", *(["7"] if line.code == "1" else [""])]
        + [""] * (len(table.columns) - 1)
        for line in table.lines[first:last]
        if line.code not in without
    ]


def pages(layout, *, without=((), ()), start=1, lines=()):
    """A form of two pages, a section on each, with room below its table."""
    head = [layout.title.ru, *lines]
    second = grid([NUMBERS, *rows(layout, 2, without=without[0])])
    third = grid([NUMBERS[:5], *rows(layout, 3, without=without[1])])
    return [sheet(start, second, lines=head), sheet(start + 1, third)]


def forms(papers, *layouts):
    """The forms of these pages, placed on the layouts they were told to be of."""
    told = split_forms(recognise(page, layouts, ()) for page in papers)
    return [place_on_layout(bundle, None) for bundle in told]


def test_a_form_of_its_layout_differs_in_nothing():
    """Each edition's own print, taken for that edition."""
    for layout in (NOW, OLDER):
        (form,) = forms(pages(layout), layout)
        found = differences(form)
        assert (found.weight, found.tell_another, found.missing, found.extra, found.moved) == (0, False, (), (), ())


def test_an_edition_that_is_not_known_is_told_with_its_differences():
    """Lines that are not printed, codes the layout has not, codes at other lines' words."""
    (form,) = forms(pages(OLDER, lines=["Приложение 9 к приказу Председателя от 15 ноября 2017 года № 199"]), NOW)
    found = differences(form)
    assert found.tell_another
    assert set(found.missing) == {"1.5.1", "1.6.1", "1.14", "1.15"}
    assert (found.extra, found.moved, found.orders) == (("1.14.1",), ("1.14",), ("199",))
    assert as_parameters(found)["extra"] == "1.14.1"


def test_a_newer_edition_is_not_taken_for_the_older_one():
    """The same the other way round, where only the older layout is known."""
    (form,) = forms(pages(NOW), OLDER)
    found = differences(form)
    assert found.tell_another
    assert {"1.5.1", "1.6.1", "1.15", "1.16", "1.16.1"} <= set(found.extra)


def test_an_edition_that_only_ends_earlier_is_told():
    """Nothing but lines missing, the same in both sections: inside the tables and at their ends."""
    gone = ("1.5.1", "1.6.1", "1.15", "1.16", "1.16.1")
    (form,) = forms(pages(NOW, without=(gone, gone)), NOW)
    assert differences(form).tell_another
    assert differences(form).missing == gone


@pytest.mark.parametrize(
    "without",
    [
        (("1.5.1",), ("1.5.1",)),
        (("1.5.1", "1.6.1", "1.15", "1.16"), ()),
        ((), ("1.2", "1.3", "1.3.1", "1.7", "1.8", "1.9", "1.16", "1.16.1")),
        (("1.2", "1.5.1", "1.9"), ("1.3", "1.7", "1.13")),
    ],
    ids=["one line in both", "many in one section", "most in the other", "others in each"],
)
def test_lines_that_somebody_cut_do_not_make_another_edition(without):
    """They are missing, and what stood there is not taken for blank."""
    (form,) = forms(pages(NOW, without=without), NOW)
    assert not differences(form).tell_another
    lost = {code for part in without for code in part}
    found = {place.line: cell.reasons for place, cell in form.cells.items() if not cell.pieces}
    assert set(found) == lost
    assert all(reasons for reasons in found.values())


def test_a_few_differences_put_every_figure_before_a_person():
    """One line in every section, or two places of the only one there is: too little to tell, too much to believe."""
    once = [sheet(1, grid([NUMBERS, *rows(NOW, 2, without=("1.5.1", "1.6.1"))]))]
    for papers in (pages(NOW, without=(("1.5.1",), ("1.5.1",))), once):
        (form,) = forms(papers, NOW)
        found = differences(form)
        assert not found.tell_another
        seen = doubted(form, found)
        assert all(DOUBTFUL in cell.reasons for cell in seen.cells.values())
        (doubt,) = [doubt for doubt in seen.doubts if doubt.code == DOUBTFUL]
        assert dict(doubt.parameters)["lines"] in {"1.5.1", "1.5.1, 1.6.1"}
    (form,) = forms(pages(NOW), NOW)
    assert doubted(form, differences(form)) is form


def test_a_lost_ruling_or_a_page_break_is_no_missing_line():
    """Two codes in one cell, and rows that may have stood at the end of a page or at the top of the next."""
    gone = ("1.5.1", "1.6.1")
    merged = [rows(NOW, section, without=gone) for section in (2, 3)]
    for table in merged:
        for row in table:
            row[0] = {"1.5": "1.5\n1.5.1", "1.6": "1.6\n1.6.1"}.get(row[0], row[0])
    papers = [sheet(1, grid([NUMBERS, *merged[0]])), sheet(2, grid([NUMBERS[:5], *merged[1]]))]
    (form,) = forms(papers, NOW)
    assert differences(form).weight == 0
    cut = [
        sheet(1, grid([NUMBERS, *rows(NOW, 2, last=7)], top=600.0)),
        sheet(2, grid([NUMBERS, *rows(NOW, 2, first=9)]), grid([NUMBERS[:5], *rows(NOW, 3, last=7)], top=640.0)),
        sheet(3, grid([NUMBERS[:5], *rows(NOW, 3, first=9)])),
    ]
    (form,) = forms(cut, NOW)
    assert differences(form).weight == 0


def test_a_row_pieced_from_two_pages_shows_no_place_of_lines_between():
    """A page is lost, and the rest of a row at the top of the next one is taken for the end of one further up."""
    rest = [["", "саласындағы жобаны", "", *[""] * 6], *rows(NOW, 2, first=8)]
    papers = [
        sheet(1, grid([NUMBERS, *rows(NOW, 2, last=2)], top=700.0, open_bottom=True)),
        sheet(2, grid(rest, open_top=True)),
    ]
    (form,) = forms(papers, NOW)
    assert [len(match.rows) for match in form.alignment.matches[:3]] == [1, 2, 1]
    assert (differences(form).missing, differences(form).weight) == ((), 0)


def test_what_one_section_lacks_in_one_place_counts_once():
    """Six lines in a row that are gone from the only table there is are one accident, not six."""
    gone = ("1.2", "1.3", "1.3.1", "1.4", "1.4.1", "1.5")
    (form,) = forms([sheet(1, grid([NUMBERS, *rows(NOW, 2, without=gone)]))], NOW)
    assert (differences(form).missing, differences(form).weight) == (gone, 1)


def test_each_form_takes_its_own_edition_in_one_file():
    """Side by side, in either order, whichever layout comes first; line codes are those of the edition."""
    for first, second in ((NOW, OLDER), (OLDER, NOW)):
        for known in ((NOW, OLDER), (OLDER, NOW)):
            found = forms([*pages(first), *pages(second, start=3)], *known)
            assert [form.layout.id for form in found] == [first.id, second.id]
            assert [[s.number for s in form.sheets] for form in found] == [[1, 2], [3, 4]]
            assert not any(differences(form).weight for form in found)
            assert not any(doubt.code == UNSURE for form in found for doubt in form.doubts)
    codes = {place.line for place in found[0].cells}
    assert "1.14.1" in codes
    assert not codes & {"1.5.1", "1.15", "1.16"}


def test_a_page_that_both_editions_print_goes_with_the_others():
    """The first page of a form says nothing of its edition; the rest decides, over page breaks too."""
    papers = [
        sheet(1, grid([NUMBERS, *rows(OLDER, 2, last=4)]), lines=[OLDER.title.ru]),
        sheet(2, grid([NUMBERS, *rows(OLDER, 2, first=4)])),
        sheet(3, grid([NUMBERS[:5], *rows(OLDER, 3)])),
    ]
    (form,) = forms(papers, NOW, OLDER)
    assert form.layout.id == OLDER.id
    assert len(form.sheets) == 3


def test_a_tie_is_decided_by_the_order_and_else_said():
    """Only pages are there that both editions print alike."""
    page = grid([NUMBERS, *rows(NOW, 2, last=5)])
    (form,) = forms([sheet(1, page)], OLDER, NOW)
    (doubt,) = [doubt for doubt in form.doubts if doubt.code == UNSURE]
    assert dict(doubt.parameters)["editions"] == f"{NOW.id}, {OLDER.id}"
    assert form.layout.id == NOW.id  # the newest
    ordered = ["Приложение 9", "к приказу Председателя Комитета от «15» ноября 2017 года", "№ 199"]
    (form,) = forms([sheet(1, page, lines=ordered)], OLDER, NOW)
    assert form.layout.id == OLDER.id
    assert not [doubt for doubt in form.doubts if doubt.code == UNSURE]


def test_the_order_of_a_page_with_text_speaks_beside_a_difference_of_lines_alone():
    """One line too few in each section is an accident, unless the order is another, too."""
    gone = (("1.5.1",), ("1.5.1",))
    (form,) = forms(pages(NOW, without=gone, lines=["приказ от 21 января 2020 года № 5"]), NOW)
    assert not differences(form).tell_another
    (form,) = forms(pages(NOW, without=gone, lines=["приказ от 15 ноября 2017 года № 199"]), NOW)
    assert differences(form).tell_another
    (form,) = forms(pages(NOW, lines=["приказ от 15 ноября 2017 года № 199"]), NOW)
    assert not differences(form).tell_another


def test_numbers_of_orders():
    """As printed and as readers of scans have them; other numbers are none."""
    assert orders_in("2020 жылғы 21 қаңтардағы № 5 бұйрығына 9-қосымша") == {"5"}
    assert orders_in("Приложение 9 к приказу от 21 января 2020 года Ne 5") == {"5"}
    assert orders_in("дом № 12, кабинет № 4") == frozenset()
    assert orders_of(NOW) >= {"5", "10", "12"}
    assert "199" in orders_of(replace(NOW, orders=("№ 199 of 2017",)))
