"""The keys of the form page, as the page shows them; static/keys.js does what is written here."""

from __future__ import annotations

# part → keys and the id of what they do; a key that begins with "~" is a word of the catalogue
KEY_MAP: tuple[tuple[str, tuple[tuple[tuple[str, ...], str], ...]], ...] = (
    (
        "answer",
        (
            (("0 … 9",), "keys-type"),
            (("Enter",), "keys-accept"),
            (("Delete", "B"), "keys-blank"),
            (("-", "0"), "keys-dash"),
            (("~letter",), "keys-card"),
            (("Alt 1 … 5",), "keys-chip"),
            (("Ctrl Enter",), "keys-confirm"),
            (("Alt R",), "keys-respondent"),
        ),
    ),
    (
        "way",
        (
            (("Tab",), "keys-on"),
            (("Shift Tab",), "keys-back"),
            (("U", "Ctrl Z"), "keys-undo"),
            (("F", "Alt F"), "keys-whole"),
            (("Esc",), "keys-out"),
            (("?", "F1"), "keys-help"),
        ),
    ),
    (
        "paper",
        (
            (("+", "−", "Alt +", "Alt −"), "keys-zoom"),
            (("~wheel",), "keys-zoom"),
            (("Shift ← ↑ ↓ →", "~drag"), "keys-pan"),
            (("C",), "tool-cell"),
            (("W",), "tool-fit"),
            (("R",), "tool-turn"),
            (("[", "]"), "keys-light"),
            (("Alt [", "Alt ]"), "keys-contrast"),
            (("PgUp", "PgDn"), "keys-pages"),
        ),
    ),
)
