"""Whose signature it is: forms print the same word for each of them."""

from extract.fields.outside import _word_after
from extract.records import Box
from layouts.load import shipped_layouts

LAYOUT = next(iter(shipped_layouts().values()))


def label(field, y):
    return field, Box(50, y, 120, y + 10)


LABELS = [
    label("executor", 10), label("executor_signature", 25), label("executor_phone", 40),
    label("accountant", 60), label("accountant_signature", 75),
    label("head", 100), label("executor_signature", 115),
]  # fmt: skip


def test_the_word_for_a_signature_belongs_to_the_name_before_it():
    """The head's is printed like the executor's and so bears its field's id."""
    tops = {name: _word_after(LABELS, name, LAYOUT).y0 for name in ("executor", "accountant", "head")}
    assert tops == {"executor": 25, "accountant": 75, "head": 115}


def test_a_word_far_below_is_somebody_else_s():
    """As where the label of the name between them was not read."""
    assert _word_after([label("executor", 10), label("executor_signature", 115)], "executor", LAYOUT) is None
    assert _word_after([label("executor", 10)], "head", LAYOUT) is None
