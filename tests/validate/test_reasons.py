"""One documented catalogue of reason codes, the same in code, messages and documentation."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

from layouts.words import codes, say
from validate import reasons

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reasons.md"
HEAD = """# Reason codes

Results join them with `;`: of a cell or field they say why its reading is not certain, of a form why a person must see
it, or what was noticed on the way. The words are those of `layouts/messages/`; a test keeps this page in step with them
(`QAGAZ_REWRITE=1 pytest tests/validate/test_reasons.py` writes it anew).

- **stops** a figure goes to review, whatever else is known.
- **until a sum holds** the reason stops a figure unless every sum through the cell holds.
- **told only** it is worth knowing and stops nothing.

Files are rejected for reasons of their own, each with its sentence in `findings`. One is `unknown-edition`: a form
whose lines are those of no layout; the sentence names the nearest layout and the differences ([editions](layouts.md)).

| code | weight | English | Русский | Қазақша |
|---|---|---|---|---|
"""


def page() -> str:
    """What the documentation should say."""
    rows = []
    for code in codes("reason"):
        words = " | ".join(say(f"reason.{code}", {}, language) for language in ("en", "ru", "kk"))
        rows.append(f"| `{code}` | {weight(code)} | {words} |\n")
    return HEAD + "".join(rows)


def weight(code: str) -> str:
    if code in reasons.INFORMATIONAL:
        return "told only"
    return "until a sum holds" if code in reasons.CLEARED_BY_CONTROLS else "stops"


def test_the_documentation_lists_every_reason():
    """Each code once, with its weight and its words in three languages."""
    if os.environ.get("QAGAZ_REWRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_reason_in_postprocess_and_validate_has_words():
    """Every constant that names a reason is a code of the catalogue."""
    known = set(codes("reason")) | {finding.removeprefix("finding.") for finding in codes("finding")}
    missing = {
        value
        for package in ("postprocess", "validate")
        for file in (ROOT / package).glob("*.py")
        for value in reason_constants(file)
        if value not in known
    }
    assert not missing


def reason_constants(file: Path) -> set[str]:
    """String constants in kebab-case that a module names in capitals."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value.value)
    }
