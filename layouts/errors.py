"""The one family of errors qagaz raises on purpose: each has an id in the catalogue and an exit status."""

from __future__ import annotations


class QagazError(Exception):
    """A dead end, said with an id of the message catalogue and its parameters.

    `exit_code` is what the command ends with if nothing catches it.
    """

    exit_code = 2

    def __init__(self, message_id: str, **parameters: object) -> None:
        super().__init__(message_id, parameters)
        self.message_id = message_id
        self.parameters = {key: str(value) for key, value in parameters.items()}

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.message_id} ({told})" if told else self.message_id


class LayoutError(QagazError):
    """A layout file is wrong: `file`, `place`, `problem` and `remedy` are among the parameters."""


class Rejected(QagazError):
    """An input that cannot be read as a form; it costs its own row and nothing else."""

    exit_code = 4


class OutputError(QagazError):
    """The results cannot be written or the database cannot be reached."""

    exit_code = 5
