"""The record read by people: who did what, latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from review.told import Key
from review.work.audit import SHORT, event_number
from review.work.schema import Person, Record, Task
from review.work.staff.accounts import accounts
from review.work.staff.people import Worker, visible

LINES = 50  # entries a page
NAMED = 20  # forms of one name that are looked for


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries are wanted; empty: all of them. `before`: older than this one."""

    who: str = ""
    form: str = ""  # file name, or how the paper's hash begins
    before: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown."""

    number: int
    at: datetime
    who: str
    name: str  # of whoever it was
    act: str
    key: Key | None  # of the form it is about, if the reader may see it
    file: str
    subject: str  # the rest: a place, an account, a department


def log(session: Session, reader: Worker, wish: Wish) -> list[Line]:
    """A page of entries, one more than fits where there are older ones.

    Who does not work everywhere sees what they and those they look after did, and what was done about forms they see.
    """
    conditions = [] if reader.everywhere else [_is_theirs(session, reader, wish)]
    if wish.who:
        conditions.append(Record.who == wish.who)
    if wish.form:
        conditions.append(_is_about(_forms(session, reader, wish.form)))
    if wish.before:
        conditions.append(Record.id < wish.before)
    wanted = select(Record, Person.name).outerjoin(Person, Person.login == Record.who).where(*conditions)
    found = session.execute(wanted.order_by(Record.id.desc()).limit(LINES + 1)).all()
    shown = _shown_forms(session, reader, [entry.subject for entry, _ in found])
    return [_line(entry, name or "", shown) for entry, name in found]


def people(session: Session, reader: Worker) -> list[tuple[str, str]]:
    """Whose entries the reader may pick: log-in and name."""
    mine = (reader.login, reader.name)
    return sorted({mine, *((each.login, each.name) for each in accounts(session, reader))})


def form_word(subject: str) -> str:
    """The word of a subject that names a form: the beginning of its paper's hash, and its number.

    >>> form_word("event 3 0123456789ab/1 s2/1/1"), form_word("0123456789ab/2"), form_word("asel: operator (*)")
    ('0123456789ab/1', '0123456789ab/2', '')
    """
    words = subject.split(" ")
    word = words[2] if event_number(subject) and len(words) > 2 else words[0]
    source, mark, form = word.partition("/")
    return word if mark and len(source) == SHORT and form.isdecimal() else ""


def _is_theirs(session: Session, reader: Worker, wish: Wish) -> ColumnElement[bool]:
    if wish.form:
        return Record.id > 0  # the forms themselves are only those the reader sees
    return Record.who.in_([login for login, _ in people(session, reader)])


def _forms(session: Session, reader: Worker, named: str) -> list[Key]:
    name = named.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    fits = or_(Task.file == named, Task.file.like(f"%/{name}", escape="\\"), Task.source.like(f"{name}%", escape="\\"))
    keys = select(Task.source, Task.form).where(fits, visible(reader, Task.department)).limit(NAMED)
    return [(source, form) for source, form in session.execute(keys)]


def _is_about(keys: list[Key]) -> ColumnElement[bool]:
    words = [f"{source[:SHORT]}/{form}" for source, form in keys]
    return or_(*[Record.subject.like(f"event % {word} %") | (Record.subject == word) for word in words], Record.id < 0)


def _shown_forms(session: Session, reader: Worker, subjects: list[str]) -> dict[str, tuple[Key, str]]:
    """The forms that these subjects name and the reader may see, by the word that names each."""
    words = {word for subject in subjects if (word := form_word(subject))}
    begun = [Task.source.startswith(word.partition("/")[0], autoescape=True) for word in words]
    if not begun:
        return {}
    tasks = session.execute(
        select(Task.source, Task.form, Task.file).where(or_(*begun), visible(reader, Task.department))
    )
    return {f"{source[:SHORT]}/{form}": ((source, form), file) for source, form, file in tasks}


def _line(entry: Record, name: str, shown: dict[str, tuple[Key, str]]) -> Line:
    word = form_word(entry.subject)
    key, file = shown.get(word, (None, ""))
    rest = entry.subject.partition(word)[2] if word else entry.subject
    return Line(entry.id, entry.at, entry.who, name, entry.act, key, file or word, rest.strip())
