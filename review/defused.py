"""Texts that a spreadsheet would take for a formula: told, and made harmless for CSV."""

from __future__ import annotations

import re
from functools import lru_cache

BEGINS = (
    "=+@\\-\uff1d\uff0b\uff20\uff0d\u2212"  # full-width signs are formulas in some editions; so is a minus of print
)
# A formula begins a field, after blanks, quotes or marks nobody sees. Where lists are parted by «;», as they are in
# Kazakh and Russian, or by tabs, a spreadsheet finds fields inside a text too, and a new line begins one in any case.
UNSEEN = "\\s\"'`\u00a0\u200b\u200e\u200f\u2060\ufeff\x00"
FORMULA = re.compile(f"(^|[;\\t\\r\\n])([{UNSEEN}]*)(?=[{BEGINS}])")
BLANK_FIRST = re.compile("^(?=[\\t\\r\\n\x00])")  # spreadsheets skip these and look at what follows
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
MARK = "'"  # what makes a spreadsheet take what follows for text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run it.

    >>> is_formula("=1+1"), is_formula('  "@SUM(1)'), is_formula("-12.5"), is_formula("a=1")
    (True, True, False, False)
    """
    return defused(text) != text


@lru_cache(maxsize=4096)  # names of files and people come again in every row of a form
def defused(text: str) -> str:
    """The text with an apostrophe before everything that would begin a formula; plain numbers stay as they are.

    >>> defused("=cmd|' /C calc'!A0"), defused("2026/отчёт.pdf"), defused("-5")
    ("'=cmd|' /C calc'!A0", '2026/отчёт.pdf', '-5')
    >>> defused("верно;=1+1")
    "верно;'=1+1"
    """
    if not text or NUMBER.fullmatch(text):
        return text
    return BLANK_FIRST.sub(MARK, FORMULA.sub(rf"\1\2{MARK}", text))
