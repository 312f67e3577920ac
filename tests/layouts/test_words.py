"""Everything that people read is there in three languages, with the same gaps to fill."""

import re
from pathlib import Path

import pytest

from layouts.errors import QagazError
from layouts.words import LANGUAGES, BadCatalogue, catalogue, codes, has, merge_catalogues, placeholders, say

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")
KAZAKH = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


def written(tmp_path: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        paths.append(tmp_path / f"{name}.toml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


ENTRY = '[error.x]\nkk = "а {n}"\nru = "б {n}"\nen = "c {n}"\n'


@pytest.mark.parametrize("message_id", sorted(catalogue()))
def test_every_message_has_three_wordings_with_the_same_gaps(message_id):
    entry = catalogue()[message_id]
    assert set(entry) == set(LANGUAGES)
    assert len({placeholders(text) for text in entry.values()}) == 1
    assert all(text == text.strip() for text in entry.values())
    assert KEBAB.fullmatch(message_id)


def test_kazakh_is_kazakh_and_russian_is_not():
    every = catalogue().values()
    assert not [entry["ru"] for entry in every if KAZAKH & set(entry["ru"])]
    long = [entry["kk"] for entry in every if len(entry["kk"]) > 40]
    assert not [text for text in long if not KAZAKH & set(text)]


def test_a_message_is_filled_in():
    told = say("error.layout-same-id", {"file": "a", "place": "layout", "problem": "x", "remedy": "b"}, "en")
    assert told == 'a: layout: the id "x" is that of b too. Give it another.'


def test_parameters_may_come_as_pairs():
    """So do findings and doubts carry them."""
    assert say("show.section", (("section", "2"), ("title", "x")), "en") == "Section 2. x"


def test_a_gap_without_a_parameter_stays_visible():
    assert say("show.section", {"section": 2}, "en") == "Section 2. {title}"


def test_braces_in_a_parameter_are_no_gaps():
    assert say("show.section", {"section": "{title}", "title": "{0.x}"}, "en") == "Section {title}. {0.x}"


def test_a_message_may_hold_others():
    """The parameter is the id of the inner message, which is said with the same parameters."""
    inner = {"why": "why.undecided", "first": "cause.unit", "second": "cause.sign"}
    said = say("finding.rule-not-equal-line", {**inner, "line": "1.7", "column": "2", "now": "5"}, "en")
    assert "“Another unit” or “A wrong sign”. Look at line 1.7, column 2 first (5)" in said
    assert say("finding.rule-not-equal-line", {}, "en").endswith("{=why}")


def test_an_unknown_message_is_a_key_error_that_says_its_id():
    assert not has("error.never")
    with pytest.raises(KeyError):
        say("error.never", {}, "kk")
    with pytest.raises(QagazError, match=r"error\.never"):
        say("error.never", {}, "kk")


def test_codes_lists_a_kind_without_its_name():
    remarks = codes("remark")
    assert "same-oked" in remarks
    assert list(remarks) == sorted(remarks)
    assert all(has(f"remark.{code}") for code in remarks)
    assert codes("nothing") == ()


def test_files_are_merged(tmp_path):
    merged = merge_catalogues(written(tmp_path, a=ENTRY, b=ENTRY.replace("error.x", "error.y.z")))
    assert sorted(merged) == ["error.x", "error.y.z"]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"a": ENTRY, "b": ENTRY}, "error.message-twice"),
        ({"a": ENTRY.replace('ru = "б {n}"\n', "")}, "error.message-incomplete"),
        ({"a": ENTRY + 'de = "d"\n'}, "error.message-incomplete"),
        ({"a": ENTRY.replace('"б {n}"', '""')}, "error.message-incomplete"),
        ({"a": 'kk = "а"\n'}, "error.message-incomplete"),
        ({"a": "[error.x\n"}, "error.message-file"),
    ],
)
def test_a_broken_catalogue_is_refused(files, complaint, tmp_path):
    with pytest.raises(BadCatalogue, match=complaint):
        merge_catalogues(written(tmp_path, **files))
