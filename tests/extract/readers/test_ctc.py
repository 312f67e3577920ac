import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.readers.ctc import best_texts, score_texts, tidy


def frames(rows):
    array = np.array(rows, dtype=np.float32)
    return np.log(array / array.sum(axis=1, keepdims=True))


def exhaustive(logs, alphabet):
    """The probability of every string, path by path."""
    total = {}
    for path in itertools.product(range(logs.shape[1]), repeat=logs.shape[0]):
        text = "".join(alphabet[c - 1] for c, _ in itertools.groupby(path) if c)
        p = float(np.exp(sum(logs[t, c] for t, c in enumerate(path))))
        total[text] = total.get(text, 0.0) + p
    return total


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(0.05, 1), min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_probability_is_that_of_the_whole_string_over_all_paths(rows):
    logs = frames(rows)
    truth = exhaustive(logs, "12")
    best = best_texts(logs, "12", 3)
    assert best[0][1] == pytest.approx(np.log(max(truth.values())), abs=0.02)
    for text, logp in best:
        assert logp <= np.log(truth[text]) + 1e-4


def test_many_signs_are_followed_like_few():
    """Of dozens of likely signs a frame the best strings are found, those that repeat a sign among them."""
    alphabet = "0123456789абвгдежзиклмнопрст"
    rows = np.random.default_rng(7).random((4, len(alphabet) + 1)) + 0.2
    rows[:, 1] += 3  # "0" in every frame: over all paths it may be one or several
    logs = frames(rows)
    best = best_texts(logs, alphabet, 12)
    exact = score_texts(logs, alphabet, [text for text, _ in best])
    assert [text for text, _ in best][:1] == ["0"]
    assert all(logp <= truth + 1e-4 for (_, logp), truth in zip(best, exact, strict=True))
    assert best[0][1] == pytest.approx(exact[0], abs=0.05)


def test_a_doubled_digit_needs_a_blank_between():
    assert best_texts(frames([[0.01, 0.99], [0.01, 0.99]]), "7", 1)[0][0] == "7"
    assert best_texts(frames([[0.01, 0.99], [0.99, 0.01], [0.01, 0.99]]), "7", 1)[0][0] == "77"


def test_sure_blanks_part_doubled_digits_too():
    """The short cut for frames that are surely blank must not lose what they part."""
    assert best_texts(frames([[1e-6, 1], [1, 1e-6], [1e-6, 1]]), "7", 1)[0][0] == "77"


def test_second_best_comes_second():
    texts = best_texts(frames([[0.0001, 0.6, 0.4]]), "17", 2)
    assert [text for text, _ in texts] == ["1", "7"]
    assert texts[0][1] == pytest.approx(np.log(0.6), abs=0.01)


def test_nothing_seen_is_the_empty_string():
    assert best_texts(frames([[1, 1e-6], [1, 1e-6]]), "7", 2)[0][0] == ""


def test_tidy_adds_up_what_differs_by_spaces_only():
    tidied = tidy([("1 2", np.log(0.3)), ("12", np.log(0.4)), ("1  2 ", np.log(0.2))])
    assert tidied[0][0] == "1 2"
    assert tidied[0][1] == pytest.approx(np.log(0.5))


def test_exact_scores_are_the_sums_of_all_paths():
    """Of strings long and short, doubled signs included, and of one that cannot be."""
    logs = frames(np.random.default_rng(4).dirichlet(np.ones(3) * 0.6, size=6))
    total = exhaustive(logs, "12")
    texts = ["", "1", "12", "11", "1212", "221"]
    assert np.exp(score_texts(logs, "12", texts)) == pytest.approx([total.get(text, 0.0) for text in texts], abs=1e-6)
    assert score_texts(logs, "12", ["1" * 9])[0] < -100
