"""Which reason codes stop a figure, and which do not."""

from __future__ import annotations

from postprocess import amounts, marks, normalise

CHOSEN_BY_CONTROLS = "chosen-by-controls"
CONTROL_FAILS = "control-fails"
CONTROLS_UNDECIDED = "controls-undecided"
HAND_UNCONFIRMED = "hand-unconfirmed"
LONE_READER = "lone-reader"
LOW_CONFIDENCE = "low-confidence"
MEANING_BY_CONTROL = "meaning-by-control"
READERS_DISAGREE = "readers-disagree"
UNIT_PART = "unit-part"
UNIT_SUSPECTED = "unit-suspected"
UNLIKE_CALIBRATED = "unlike-calibrated"
UNPROVEN = "unproven"

# What a person may want to know of a figure, but need not look at it for.
INFORMATIONAL = frozenset(
    {
        "bilevel", "low-resolution", "page-doubled", "page-turned", "pages-left-out", "pages-shuffled", "photo",
        "single-reader", CHOSEN_BY_CONTROLS, MEANING_BY_CONTROL,
    }
)  # fmt: skip

# Doubts about the reading that sums holding through the cell clear away. Doubts about the place are not among them:
# rows or columns exchanged as a whole add up as well as before. Nor is a doubt whether a cell is blank: a dash and a
# blank add up alike.
CLEARED_BY_CONTROLS = frozenset(
    {
        "ink-over-edge", "seal", "several-lines",
        amounts.LOOK_ALIKE, marks.ODD_GROUPING, marks.STRAY_MARK, normalise.ODD_DECIMALS,
    }
)  # fmt: skip

# A person looks, yet what stands on the paper is known: no doubt about the reading.
KNOWN_READING = frozenset(
    {amounts.CROSSED, amounts.NEGATIVE, amounts.PERCENT, CONTROL_FAILS, UNIT_PART, UNIT_SUSPECTED} | INFORMATIONAL
)
