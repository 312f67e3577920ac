"""Text in tables that a spreadsheet opens: what it would take for a formula is made plain text."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula or passes over in front of one


def defused(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would calculate with it.

    >>> defused("=HYPERLINK(A1)"), defused("+7 701 000 00 00"), defused("ТОО «Ромашка»")
    ("'=HYPERLINK(A1)", "'+7 701 000 00 00", 'ТОО «Ромашка»')
    """
    return f"'{text}" if text.startswith(STARTS) else text
