"""Passwords: hashed with argon2id, never kept, never logged."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from layouts.errors import QagazError

LEAST = 10  # characters
MOST = 200

_HASHER = PasswordHasher()  # argon2id with the library's own parameters: RFC 9106, low-memory profile
_NOBODY = _HASHER.hash("nobody has this password")


class SecretError(QagazError):
    """A password that is too easy to guess."""


def hashed(password: str, login: str) -> str:
    """The hash to keep; SecretError if the password is short, one letter over and over, or the log-in."""
    if not LEAST <= len(password) <= MOST or len(set(password)) < 4 or login.lower() in password.lower():
        raise SecretError("error.password-weak", least=LEAST)
    return _HASHER.hash(password)


def fits(password: str, secret: str | None) -> bool:
    """Whether it is the password behind a hash; it takes as long where there is no such account."""
    try:
        return _HASHER.verify(secret or _NOBODY, password) and secret is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
