"""Submissions side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import FIELDS, TRUST, form_figures
from validate.decide import decide
from validate.settings import Settings
from validate.submissions import Likeness, Submission, judge_submissions, submission_of

FIRST = Submission("a" * 64, "one.pdf", 1, "020960639692", "", "2025", "711310000", "г. Астана, район Есиль", "f1")


def judged(*more: dict[str, str]):
    later = [replace(FIRST, source=str(n) * 64, file=f"{n}.pdf", **change) for n, change in enumerate(more)]
    return [(j.submission.file, j.first.file, j.likeness) for j in judge_submissions([FIRST, *later])]


def test_the_same_figures_twice_are_a_duplicate():
    """Scanned once more: same key, same figures."""
    assert judged({}) == [("0.pdf", "one.pdf", Likeness.DUPLICATE)]


def test_other_figures_under_the_same_key_are_a_revision():
    """A person says which one counts."""
    assert judged({"figures": "f2"}) == [("0.pdf", "one.pdf", Likeness.REVISION)]


def test_a_copy_of_the_revision_is_its_duplicate():
    """The nearest likeness is told, not the first of the key."""
    assert judged({"figures": "f2"}, {"figures": "f2"})[1] == ("1.pdf", "0.pdf", Likeness.DUPLICATE)


@pytest.mark.parametrize(
    "change",
    [
        {"kato": "751210000", "region": "г. Алматы"},
        {"kato": "", "region": "г. Алматы"},
        {"year": "2024"},
        {"bin": "010261907909"},
        {"bin": "", "iin": ""},
        {"year": ""},
    ],
)
def test_another_place_year_or_respondent_is_another_unit(change):
    """And without an identifier or year nothing can be compared."""
    assert judged(change) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kato": "", "region": "г. Астана, район Есиль"},
        {"kato": "", "region": "г. Астана"},
        {"kato": "", "region": ""},
        {"kato": "711310000", "region": "Астана қ."},
    ],
)
def test_one_place_in_other_words(change):
    """By KATO where both have it, by the words, or by the region; an unnamed place tells nothing apart."""
    assert len(judged(change)) == 1


def test_messages_name_the_other_form():
    """The finding says which file and form came first."""
    (one,) = judge_submissions([FIRST, replace(FIRST, source="b" * 64, figures="f2")])
    assert one.finding.message_id == "finding.revision"
    assert ("file", "one.pdf") in one.finding.parameters


def test_a_decided_form_gives_its_record():
    """The key comes from the fields, the hash from the figures alone."""
    settings = Settings(latest_year=2027)
    one = submission_of(decide(form_figures({"s2/1/1": "5"}, fields=FIELDS), settings, TRUST))
    other = submission_of(decide(form_figures({"s2/1/1": "5,0"}, fields=FIELDS), settings, TRUST))
    assert (one.bin, one.year, one.kato) == (FIELDS["bin"], FIELDS["year"], "")
    assert one.figures == other.figures
    assert one.figures != submission_of(decide(form_figures({}, fields=FIELDS), settings, TRUST)).figures
