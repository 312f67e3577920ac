"""The command line: which command is meant, in which language, and what the program ends with."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.arguments import Command, language_of
from qagaz.private import only_mine
from qagaz.speech import guard_terminal, tell, tell_error, worded
from qagaz.versions import own_version

COMMANDS = (
    "read",
    "worker",
    "watch",
    "look",
    "queue",
    "review",
    "person",
    "audit",
    "forget",
    "settle",
    "explain",
    "export",
    "check",
    "compare",
    "sample",
    "learn",
    "layouts",
    "cell",
    "demo",
    "bench",
    "diff",
)
MODULES = {"queue": "questions"}  # commands whose name a module of the standard library has

OK = 0
USAGE = 2
OUTPUT = 5
STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is documented in docs/commands.md."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(given)
    signal.signal(signal.SIGTERM, _stop)
    only_mine()
    guard_terminal()
    try:
        return _run(given, language)
    except QagazError as error:
        tell_error(error, language)
        return error.exit_code
    except KeyboardInterrupt:
        tell("told.stopped", language)
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever listened has heard enough
        return OK
    except OSError as error:
        tell("error.system", language, detail=error)
        return OUTPUT


def _run(given: list[str], language: Language) -> int:
    name = next((word for word in given if not word.startswith("-") and word != language), "")
    if "--version" in given[:1]:
        print(f"qagaz {own_version()}")
        return OK
    if name in COMMANDS and given[0] in {name, "--language", f"--language={language}"}:
        given.remove(name)
        command = _command(name)
        parsed = command.parser(language).parse_args(given)
        return command.run(parsed, language)
    if set(given) & {"-h", "--help", "help"}:
        print(_overview(language))
        return OK
    print(_overview(language), file=sys.stderr)
    if name:
        tell("error.unknown-command", language, name=name, commands=", ".join(COMMANDS))
    return USAGE


def _command(name: str) -> Command:
    """A command, of which only its own module is loaded: the program starts at once."""
    module = importlib.import_module(f"qagaz.commands.{MODULES.get(name, name)}")
    command: Command = module.COMMAND
    return command


def _overview(language: Language) -> str:
    """What there is, one command a line, and examples."""
    width = max(map(len, COMMANDS))
    lines = [worded("help.qagaz", {}, language), "", "  qagaz COMMAND … [--language kk|ru|en]    qagaz --version", ""]
    lines += [f"  {name:{width}}  {worded(f'help.command.{name}', {}, language)}" for name in COMMANDS]
    lines += ["", worded("help.examples", {}, language), "", "  qagaz demo", "  qagaz read scans --out results"]
    lines += ["  qagaz queue results", "  qagaz export results --to figures.csv", "  qagaz read --help"]
    return "\n".join(lines)


def _stop(_number: int, _frame: object) -> NoReturn:
    """A request to end from outside is Ctrl-C by another name."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
