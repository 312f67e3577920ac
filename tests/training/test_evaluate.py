"""The tables of what is read right."""

import pandas as pd

from corpus.score import is_right
from training.evaluate import accepted_table, judged, nothings_table, readings_table, renewed


def cell(written, top, said, *, value="0", accepted=True, form="f1"):
    return {
        "kind": "fax", "form": form, "found": True, "written": written, "said": said, "read": bool(top), "top": top,
        "right": is_right(said, written, value), "accepted": accepted, "confidence": 0.9,
    }  # fmt: skip


CELLS = judged(
    pd.DataFrame(
        [
            cell("12\u00a0345,6", "12 345.6", "12345.6", value="12345.6"),
            cell("70", "10", "10", value="70"),
            cell("8", "3", "3", value="8", accepted=False, form="f2"),
            cell("-", "", ""),
            cell("", "-", "0"),
            cell("–", "-", "0"),
            cell("Х", "Х", ""),
        ]
    )
)


def row(table, last=-1):
    return [each.strip() for each in table.splitlines()[last].strip("| ").split("|")]


def test_an_amount_is_exact_whatever_its_spaces_and_decimal_mark():
    """One of three here."""
    kind, forms, cells, amounts, exact, _ = row(readings_table(CELLS))
    assert (kind, forms, cells, amounts) == ("fax", "2", "7", "3")
    assert exact.startswith("33.33%")


def test_marks_for_nothing_are_counted_by_what_they_are():
    """A blank seen as a dash, a dash not seen at all; both were accepted."""
    assert row(nothings_table(CELLS)) == [
        "fax", "1 of 1", "1 of 2", "0 of 0", "0 of 1", row(nothings_table(CELLS))[5], "2",
    ]  # fmt: skip


def test_accepted_errors_are_told_apart():
    """A wrong value, a wrong blank and a blank wrongly filled; what went to a person is none."""
    kind, inked, _, accepted, value, blank, filled, _ = row(accepted_table(CELLS))
    assert (kind, inked, accepted, value, blank, filled) == ("all", "6", "5", "1", "1", "1")


def test_only_the_tables_of_a_page_are_renewed(tmp_path):
    """What people wrote around them stays."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- tables -->\nold\n<!-- end of tables -->\nafter\n", encoding="utf-8")
    assert renewed(page, "new\n") == "before\n<!-- tables -->\nnew\n<!-- end of tables -->\nafter\n"
