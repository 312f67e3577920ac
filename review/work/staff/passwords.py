"""Passwords: hashed with argon2id, never kept, never logged.

A hash takes tens of milliseconds and 64 megabytes on purpose: it is made and checked outside of any transaction, so
that nobody waits for it, and only a few at a time, so that a flood of log-ins does not eat the memory.
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from layouts.errors import QagazError
from review.flatten import clean

LEAST = 10  # characters
MOST = 200
KINDS = 4  # different characters, at least
AT_ONCE = 4  # hashes made at the same moment: 256 MB

_HASHER = PasswordHasher()  # argon2id with the library's own parameters: RFC 9106, low-memory profile
_TURN = threading.BoundedSemaphore(AT_ONCE)


class SecretError(QagazError):
    """A password that is too easy to guess."""


class Secret(str):
    """A password's hash, fit to be kept."""

    __slots__ = ()


def hashed(password: str, login: str) -> Secret:
    """The hash to keep; SecretError if the password is short, one letter over and over, or the log-in."""
    typed = _typed(password)
    if not LEAST <= len(typed) <= MOST or len(set(typed)) < KINDS or login.lower() in typed.lower():
        raise SecretError("error.password-weak", least=LEAST)
    with _TURN:
        return Secret(_HASHER.hash(typed))


def fits(password: str, secret: str | None) -> bool:
    """Whether it is the password behind a hash; it takes as long where there is no such account."""
    nobody = _nobodys()  # whether it is needed or not
    try:
        with _TURN:
            return _HASHER.verify(secret or nobody, _typed(password)[: MOST + 1]) and secret is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """A hash no password was ever made from. Made once it is wanted: not every program that imports this asks."""
    return _HASHER.hash("nobody has this password")


def _typed(password: str) -> str:
    """The same characters, however keyboard and system put them together: «й» may be one code point or two."""
    return unicodedata.normalize("NFKC", clean(password))
