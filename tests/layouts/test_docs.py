"""The documentation of the format knows every key that the loader knows, and no other."""

import re
import tomllib
from pathlib import Path

from layouts.model import ColumnKind, Each, FieldKind, RuleSet
from layouts.parse import CHECKS, KEYS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`\[*([a-z_]+)\]*`", TEXT))


def test_every_key_is_documented():
    assert not {key for keys in KEYS.values() for key in keys} - CODE


def test_every_value_of_a_choice_is_documented():
    values = [kind.value for kinds in (ColumnKind, Each, FieldKind, RuleSet) for kind in kinds]
    assert not [value for value in (*values, *CHECKS) if f'"{value}"' not in TEXT]


def test_no_documented_key_is_unknown():
    tables = re.findall(r"^\| `\[*([a-z_]+)\]*` \|", TEXT, flags=re.MULTILINE)
    known = {key for keys in KEYS.values() for key in keys}
    assert tables
    assert not set(tables) - known


def test_every_key_is_used_by_a_form():
    """A key that no file uses is a key that nobody tries."""
    used: set[str] = set()

    def walk(value):
        if isinstance(value, dict):
            used.update(value)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    files = [*(ROOT / "layouts" / "data").glob("*.toml"), ROOT / "tests" / "layouts" / "data" / "3-test.toml"]
    for file in files:
        walk(tomllib.loads(file.read_text(encoding="utf-8")))
    assert not {key for keys in KEYS.values() for key in keys} - used
