"""Nothing that a file is called or says reaches a terminal as a command."""

from __future__ import annotations

import io
import sys

import pytest

from qagaz.speech import Guarded, guard_terminal, plain, tell


class Terminal(io.StringIO):
    """A stream somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[2Ja", "\\x1b[2Ja"),
        ("a\rb\tc\nd", "a\\x0db\\x09c\\x0ad"),
        ("\u009b31m", "\\x9b31m"),
        ("x\u2066y\u202e\u200f", "x\\u2066y\\u202e\\u200f"),
        ("byte \udcff", "byte \\udcff"),
        ("Ұлттық – 1 234,5 «IT»", "Ұлттық – 1 234,5 «IT»"),
    ],
)
def test_foreign_text_is_written_out(foreign, shown):
    """Control characters, marks of direction, bytes that are no text; letters of every script stay."""
    assert plain(foreign) == shown


def test_messages_stay_on_their_line(capsys):
    """A name cannot forge a line of its own."""
    tell("error.empty-file", "en", file="a\nAccepted: b.pdf\x1b[0m")
    assert capsys.readouterr().err.count("\n") == 1


def test_a_terminal_is_guarded_and_a_pipe_is_left_alone(monkeypatch):
    """Results that programs read have every byte; what people look at obeys nobody but the program's line ends."""
    terminal, pipe = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", pipe)
    guard_terminal()
    guard_terminal()
    print("a\x1b[31mb\tc\r")
    print("a\x1b[31mb", file=sys.stderr)
    assert terminal.getvalue() == "a\\x1b[31mb\tc\r\n"
    assert pipe.getvalue() == "a\x1b[31mb\n"
    assert isinstance(sys.stdout, Guarded)
    assert sys.stdout.isatty()
