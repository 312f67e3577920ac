"""The scorer counts what it says it counts."""

import csv
import json

import pytest

from corpus.make import make
from corpus.score import findings_table, is_right, report, score_cells
from corpus.score_fields import fields_table


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    make(folder, 21, 8, ["digital", "mistakes"])
    return folder


def perfect(entries):
    """Cells as a faultless reader gives them."""
    return [
        {
            "file": entry["file"],
            "form": str(entry["form"]),
            "section": section.removeprefix("section"),
            "line": line,
            "column": column,
            "value": cell["thousand_tenge"] if cell["written"] else "",
            "status": "accepted",
        }
        for entry in entries
        for section in entry
        if section.startswith("section")
        for line, row in entry[section].items()
        for column, cell in row.items()
        if "thousand_tenge" in cell
    ]


def load(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def totals(scores, name):
    return sum(score.count[name] for score in scores)


def test_a_faultless_reader_scores_full(corpus):
    """Every amount, blank and zero right, nothing wrong, nothing lost."""
    scores = score_cells(load(corpus), perfect(load(corpus)))
    for group in ("amounts", "blanks", "zeros"):
        assert totals(scores, group) == totals(scores, f"{group}_right")
    assert totals(scores, "wrong") == totals(scores, "lost") == 0
    assert totals(scores, "cells") == 154 * len(scores)


def test_each_fault_is_counted_under_its_name(corpus):
    """A wrong value, a wrongly blank, a wrongly filled, a lost cell; review excuses a wrong value."""
    entries = load(corpus)
    rows = perfect(entries)
    inked = [row for row in rows if row["value"] not in {"", "0"}]
    blank = [row for row in rows if row["value"] == ""]
    inked[0]["value"] += "1"
    inked[1]["value"] = ""
    blank[0]["value"] = "5"
    inked[2].update(value="999", status="review")
    rows.remove(inked[3])
    scores = score_cells(entries, rows)
    assert [totals(scores, f"wrong_{kind}") for kind in ("value", "blank", "filled")] == [1, 2, 1]
    assert totals(scores, "lost") == 1
    assert totals(scores, "shown") == 1
    assert totals(scores, "wrong") == 4


@pytest.mark.parametrize(
    ("value", "written", "want", "right"),
    [
        ("", "", "0", True),
        ("0", "", "0", False),
        ("0", "-", "0", True),
        ("", "-", "0", False),
        ("1.50", "1,5", "1.5", True),
    ],
)
def test_blank_zero_and_amount_are_three_things(value, written, want, right):
    """A blank is no zero and a dash is no blank."""
    assert is_right(value, written, want) is right


def test_mistakes_are_found_by_place_and_cause(corpus):
    """A finding counts when its places name the culprit."""
    entries = [entry for entry in load(corpus) if entry["errors"] and entry["errors"][0]["column"]]
    entry = {**entries[0], "errors": entries[0]["errors"][:1]}
    error = entry["errors"][0]
    row = {
        "file": entry["file"],
        "form": str(entry["form"]),
        "set": "table",
        "cause": error["cause"],
        "places": f"s{error['section']}/{error['line']}/{error['column']};s9/9/9",
    }
    assert "found    1 with this cause    1" in findings_table([entry], [row])
    assert "found    0" in findings_table([entry], [{**row, "places": "s9/9/9", "cause": "unknown"}])


def test_fields_are_compared_by_their_kind(corpus):
    """Numbers to the letter, names by letters and digits only."""
    entry = load(corpus)[0]
    base = {"file": entry["file"], "form": "1", "line": "", "status": "accepted"}
    rows = [
        {**base, "field": "bin", "value": entry["bin"]},
        {**base, "field": "iin", "value": entry["iin"]},
        {**base, "field": "year", "value": "1999"},
        {**base, "field": "name", "value": entry["name"].upper()},
    ]
    lines = {line.split()[0]: line.split() for line in fields_table([entry], rows).splitlines() if " ALL " in line}
    assert lines["bin"][4] == "100.00"
    assert lines["year"][-2] == "1"  # wrong and accepted
    assert lines["name"][4] == "100.00"


@pytest.mark.parametrize(("status", "wrong"), [("accepted", "1"), ("review", "0")])
def test_several_marked_options_are_a_person_s_to_settle(corpus, status, wrong):
    """Taken for no option at all and accepted, they are wrong."""
    marks = [{"option": o, "shape": "circle", "crossed_out": False} for o in ("1-2", "2-4")]
    entry = {**load(corpus)[0], "hours": "", "hours_marks": marks}
    row = {"file": entry["file"], "form": "1", "line": "", "status": status, "field": "hours", "value": ""}
    (line,) = (line for line in fields_table([entry], [row]).splitlines() if line.startswith("hours") and "ALL" in line)
    assert line.split()[-2] == wrong


def test_the_report_reads_a_folder_of_results(corpus, tmp_path):
    """Cells, fields and findings tables are found beside each other."""
    rows = perfect(load(corpus))
    with (tmp_path / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "findings.csv").write_text("file,form,set,cause,places\n", encoding="utf-8")
    text = report(corpus / "truth.json", tmp_path / "cells.csv", verbose=True)
    assert "ALL" in text
    assert "100.00" in text
    assert "forms without a mistake" in text
