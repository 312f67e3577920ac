"""The house keeps its own rules: packages, names, documentation, nothing of one machine in the files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from layouts.words import LANGUAGES, catalogue, codes
from qagaz.cli import COMMANDS, _command

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = SETTINGS["tool"]["setuptools"]["packages"]
TOP = sorted({name.partition(".")[0] for name in DECLARED})
TEXT_ENDINGS = {".py", ".md", ".toml", ".sh", ".yml", ".txt", ".svg", ""}
OWN_MACHINE = re.compile(r"(?<![\w.])/(?:work|home/\w|Users/\w)[/\w]|file://")
MESSAGE_ID = re.compile(r'"((?:error|told|ask|status|demo|look)\.[a-z-]+)"')
EXIT_CODES = ("0", "2", "3", "4", "5", "130")


def tracked() -> list[Path]:
    """Files under version control; all that is not ignored where there is none."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for name in TOP for path in (ROOT / name).rglob("*.py")]


def documents() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_packages_on_disk_are_the_packages_declared():
    """What is written by hand in pyproject.toml is what an installation gets."""
    on_disk = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for name in TOP
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert sorted(on_disk) == sorted(DECLARED)


def test_no_other_distribution_owns_our_names():
    """Generic names like `extract` may be taken: then imports would depend on luck."""
    owners = packages_distributions()
    assert {name: set(owners.get(name, [])) - {"qagaz"} for name in TOP} == {name: set() for name in TOP}


def test_no_module_is_called_like_one_of_the_standard_library():
    """A file called queue.py beside a script breaks `import queue`."""
    assert not set(TOP) & sys.stdlib_module_names
    assert [path for path in modules() if path.stem in sys.stdlib_module_names] == []


def test_packages_open_with_a_docstring_and_nothing_else():
    """What a package offers is found in its modules."""
    for path in (path for path in modules() if path.name == "__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert ast.get_docstring(ast.Module(body, [])), path


def test_modules_and_functions_keep_their_size():
    """No module above 400 lines, no function above 60."""
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 60, f"{path}: {node.name}"


def test_no_file_names_a_path_of_one_machine():
    """The repository means the same everywhere."""
    for path in tracked():
        if path.suffix in TEXT_ENDINGS and path.name != Path(__file__).name:
            found = OWN_MACHINE.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{path}: {found[0]}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_in_every_language_and_is_documented(name):
    """Every option's help is in the catalogue; docs/commands.md has a section for it with each of its options."""
    command = _command(name)
    documented = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"## qagaz {name}\n" in documented
    section = documented.partition(f"## qagaz {name}\n")[2].partition("\n## ")[0]
    for language in LANGUAGES:
        parser = command.parser(language)
        text = parser.format_help()
        assert "help." not in text
        assert command.examples[0] in text
    for action in parser._actions:
        for option in action.option_strings or ([action.metavar] if action.metavar else []):
            assert option in {"-h", "--help", "--language"} or option in section, f"{name} {option}"


def test_every_exit_code_is_documented():
    """With what it means."""
    documented = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(EXIT_CODES) <= set(re.findall(r"^\| (\d+) \|", documented, re.MULTILINE))


@pytest.mark.parametrize("kind", ["reason", "error"])
def test_every_code_a_table_may_hold_is_documented(kind):
    """The catalogue's reasons, and the errors that reject a file, occur in the documents."""
    said = documents()
    rejecting = {"crash", "timeout", "memory", "internal", "worker-lost"}
    wanted = codes("reason") if kind == "reason" else rejecting
    assert [code for code in wanted if f"`{code}`" not in said] == []


def test_every_error_raised_is_in_the_catalogue():
    """Ids of messages are found by their form in the code."""
    known = catalogue()
    for path in modules():
        for message_id in re.findall(
            r'"((?:error|told|ask|status|demo|look)\.[a-z-]+)"', path.read_text(encoding="utf-8")
        ):
            assert message_id in known or message_id.endswith("."), f"{path}: {message_id}"
