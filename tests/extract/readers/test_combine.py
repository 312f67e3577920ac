import math

import numpy as np
import pytest

from extract.readers.calibration import Calibration
from extract.readers.combine import combine, folded, orient_score, read_codes, read_figures
from extract.records import Alternative, Crop, Readers
from tests.extract.readers.drawn_crops import crop


class Recorded:
    """A reader that says what it was told to, and counts how often it was asked."""

    def __init__(self, name, *said):
        self.name, self.said, self.asked = name, said, 0

    def read(self, crops):
        self.asked += 1
        return [tuple(Alternative(text, math.log(p), self.name) for text, p in each) for each in self.said]


class Text:
    name = "text"

    def __init__(self, *texts):
        self.texts, self.shown = texts, 0

    def read(self, pictures):
        self.shown += len(pictures)
        return list(self.texts[: len(pictures)])

    def read_lines(self, pictures):
        return [[] for _ in pictures]


BLANK = np.full((10, 10), 255, np.uint8)
CROP = Crop(BLANK, BLANK)


def said(name, *pairs):
    return tuple(Alternative(text, math.log(p), name) for text, p in pairs)


def one(first, second):
    return combine([first], [second], Calibration())[0]


def test_agreement_makes_surer_than_either_alone():
    merged = one(said("a", ("123", 0.8), ("723", 0.1)), said("b", ("123", 0.7)))
    assert merged.alternatives[0].text == "123"
    assert merged.witnesses == merged.readers == 2
    assert math.exp(merged.alternatives[0].logp) > 0.8
    assert merged.alternatives[0].reader == "a+b"


def test_disagreement_leaves_one_witness_and_both_readings():
    merged = one(said("a", ("123", 0.9), ("723", 0.05)), said("b", ("723", 0.9)))
    assert merged.witnesses == 1
    assert {a.text for a in merged.alternatives} == {"123", "723"}
    assert math.exp(merged.alternatives[0].logp) < 0.97


def test_a_second_choice_of_both_can_win_over_two_different_first_ones():
    merged = one(said("a", ("1", 0.5), ("4", 0.4)), said("b", ("9", 0.5), ("4", 0.4)))
    assert merged.alternatives[0].text == "4"
    assert merged.witnesses == 0


def test_spaces_and_kinds_of_dash_are_no_disagreement():
    assert one(said("a", ("12 345", 0.9)), said("b", ("12345", 0.8))).witnesses == 2
    assert one(said("a", ("-", 0.9)), said("b", ("—", 0.8))).witnesses == 2
    assert one(said("a", ("12,5", 0.9)), said("b", ("12.5", 0.8))).witnesses == 2


@pytest.mark.parametrize(("one", "other"), [("12.345", "12,345"), ("1234", "12.34"), ("-5", "5"), ("0", "-")])
def test_what_may_mean_another_figure_is_not_folded(one, other):
    assert folded(one) != folded(other)


def test_the_spelling_kept_is_that_of_the_surer_reader():
    assert one(said("a", ("12345", 0.6)), said("b", ("12 345", 0.9))).alternatives[0].text == "12 345"


def test_a_silent_reader_has_no_say_but_was_asked():
    merged = one((), said("b", ("12", 0.6), ("72", 0.2)))
    assert (merged.witnesses, merged.readers) == (1, 2)
    assert merged.alternatives[0].logp == pytest.approx(math.log(0.6))


def test_two_silent_readers_say_nothing():
    merged = one((), ())
    assert merged.alternatives == ()
    assert (merged.witnesses, merged.readers) == (0, 2)


def test_probabilities_never_add_up_to_more_than_one():
    merged = one(said("a", ("1", 0.5), ("7", 0.5)), said("b", ("1", 0.5), ("7", 0.5)))
    assert sum(math.exp(a.logp) for a in merged.alternatives) <= 1 + 1e-9


def test_every_reader_is_called_once_for_all_crops():
    first, second = Recorded("a", [("1", 0.9)], [("2", 0.9)]), Recorded("b", [("1", 0.9)], [("3", 0.9)])
    readings = read_figures(Readers((first, second), Text()), [CROP, CROP])
    assert [r.witnesses for r in readings] == [2, 1]
    assert first.asked == second.asked == 1


def test_no_crops_ask_nobody():
    first = Recorded("a")
    assert read_figures(Readers((first,), Text()), []) == []
    assert first.asked == 0


def test_a_unit_word_is_confirmed_by_the_text_reader():
    first, second = Recorded("a", [("12 тыс. тг", 0.9)], [("5", 0.9)]), Recorded("b", [("1211", 0.9)], [("5", 0.9)])
    text = Text("12 тыс. тг")
    worded, plain = read_figures(Readers((first, second), text), [CROP, CROP])
    assert (worded.witnesses, worded.readers, worded.alternatives[0].text) == (2, 2, "12 тыс. тг")
    assert plain.witnesses == 2
    assert text.shown == 1


def test_each_reader_s_own_words_are_kept_beside_the_merged_ones():
    """Before any other's, with its own probability; one that sees nothing is kept too, and one that is not believed."""
    first = Recorded("a", [("12 тыс. тг", 0.9)], [("5", 0.6), ("6", 0.3), ("8", 0.05), ("3", 0.02)])
    second = Recorded("b", [("1211", 0.8)], [])
    worded, plain = read_figures(Readers((first, second), Text("12 тыс. тг")), [CROP, CROP])
    assert [(a.reader, a.text) for a in worded.said] == [("a", "12 тыс. тг"), ("b", "1211"), ("text", "12 тыс. тг")]
    assert [(a.reader, a.text) for a in plain.said] == [("a", "5"), ("a", "6"), ("a", "8"), ("b", "")]
    assert plain.said[0].logp == pytest.approx(math.log(0.6))
    assert plain.alternatives[0].logp != plain.said[0].logp


def test_sure_codes_are_not_read_twice_and_letters_are_cyrillic():
    first = Recorded("a", [("1.16.1", 0.999)], [("B", 0.999)])
    codes = read_codes(Readers((first,), Text()), [CROP, CROP])
    assert [each[0].text for each in codes] == ["1.16.1", "В"]


def test_a_doubtful_code_is_shown_to_the_slow_reader():
    first = Recorded("a", [("1.15.1", 0.5), ("1.16.1", 0.4)])
    codes = read_codes(Readers((first,), Text()), [crop("1.16.1")])
    assert codes[0][0].text == "1.16.1"


def test_the_way_up_that_reads_better_scores_higher():
    good, bad = Recorded("a", [("12", 0.9)], [("3", 0.9)]), Recorded("a", [("12", 0.3)], [])
    assert orient_score(Readers((good,), Text()), [CROP, CROP]) > orient_score(Readers((bad,), Text()), [CROP, CROP])
    assert orient_score(Readers((good,), Text()), []) < math.log(0.01)
