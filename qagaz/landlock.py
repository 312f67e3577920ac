"""Landlock: a process gives up rights on files, for itself and all it starts (Linux 5.13 and newer).

The three calls and their records are the kernel's (linux/landlock.h); glibc has no functions for them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # the same numbers on every machine
ASK_VERSION = 1
BENEATH = 1  # a rule about a place and all below it
TRUNCATE_SINCE, NETWORK_SINCE, IOCTL_SINCE, SCOPES_SINCE = 3, 4, 5, 6  # versions
FIRST_RIGHTS = (1 << 13) - 1
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
EXECUTE = 1 << 0
READ = 1 << 2 | 1 << 3  # files, and what is in folders
WRITE = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | TRUNCATE  # and remove and make files and folders; no links, pipes
OF_FILES = EXECUTE | 1 << 1 | 1 << 2 | TRUNCATE | IOCTL  # rights that mean something on a single file
TCP = 0b11  # to bind and to connect
SCOPES = 0b11  # abstract sockets and signals to processes outside
INTERPRETER = re.compile(rb"\x00(/[\x21-\x7e]*ld[\x21-\x7e]*\.so[\x21-\x7e]*)\x00")
HEAD = 4096  # bytes of a program in which its loader is named


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("rights", ctypes.c_uint64), ("place", ctypes.c_int32)]


def version() -> int:
    """What the kernel understands; 0 where it has no Landlock or keeps it shut."""
    return max(_call(CREATE, None, 0, ASK_VERSION), 0)


def restrict(rights: Iterable[tuple[Path, int]], *, programs: bool, network: bool) -> None:
    """From now on only these rights, on places that are there; NO_NEW_PRIVS must be set. OSError if refused.

    `programs`: starting a program needs a right too. `network`: connections stay allowed.
    """
    known = version()
    handled = _handled(known) & ~(0 if programs else EXECUTE)
    wanted = _Ruleset(
        handled, TCP if known >= NETWORK_SINCE and not network else 0, SCOPES if known >= SCOPES_SINCE else 0
    )
    rules = _checked(_call(CREATE, ctypes.byref(wanted), ctypes.sizeof(wanted), 0))
    try:
        for place, allowed in rights:
            _allow(rules, place, allowed & handled)
        _checked(_call(RESTRICT, rules, 0))
    finally:
        os.close(rules)


def loader_of(program: Path) -> Path | None:
    """What loads a program's libraries; None where it is none of the usual kind."""
    with contextlib.suppress(OSError), program.open("rb") as file:
        head = file.read(HEAD)
        found = INTERPRETER.search(head) if head.startswith(b"\x7fELF") else None
        if found:
            return Path(os.fsdecode(found[1])).resolve()
    return None


def _handled(known: int) -> int:
    """All rights on files that this version can take away; moving between folders is never given back."""
    rights = FIRST_RIGHTS
    rights |= REFER if known >= 2 else 0
    rights |= TRUNCATE if known >= TRUNCATE_SINCE else 0
    return rights | (IOCTL if known >= IOCTL_SINCE else 0)


def _allow(rules: int, place: Path, rights: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, so nothing can be done there
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= OF_FILES
        if rights:
            rule = _Beneath(rights, handle)
            _checked(_call(ADD, rules, BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(handle)


def _call(number: int, *arguments: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    plain = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(library.syscall(ctypes.c_long(number), *plain))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
