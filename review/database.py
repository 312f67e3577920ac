"""The connection to a store: SQLite with habits that suit many readers and one writer, or PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn

from layouts.errors import OutputError
from review.schema import Base

BUSY_SECONDS = 30.0  # how long one writer waits for another
POOL = 10  # connections kept to a server; as many more may be opened under load


class Database:
    """One database with all tables of `Base`. To be closed."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        with reported():
            Base.metadata.create_all(self.engine)
            _grow(self.engine)

    def close(self) -> None:
        """No connection is left open."""
        self.engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing; it waits for no one."""
        with reported(), Session(self.engine) as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: everything in it is kept, or nothing.

        On SQLite writers follow one another from their first word on, so that none of them has read what another then
        changes; on PostgreSQL rows are locked where they are changed.
        """
        engine = self.engine.execution_options(writes=True)
        with reported(), Session(engine) as session, session.begin():
            yield session


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Trouble of the database as an error with an exit status."""
    try:
        yield
    except SQLAlchemyError as error:
        raise OutputError("error.database", detail=_first_line(error)) from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
            event.listen(engine, "connect", _sqlite_habits)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        return create_engine(parsed, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
    except (ArgumentError, ImportError) as error:
        raise OutputError("error.database", detail=_first_line(error)) from error


def _sqlite_habits(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin where `_sqlite_begin` says
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a sqlite3 connection
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")  # whoever reads does not stop whoever writes
    cursor.execute("PRAGMA synchronous=FULL")  # an answer that was acknowledged survives a power cut
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _grow(engine: Engine) -> None:
    """Columns and indexes that a store of an earlier version lacks, columns with their default."""
    with engine.begin() as connection:
        known = inspect(connection)
        for table in Base.metadata.sorted_tables:
            there = {column["name"] for column in known.get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    told = CreateColumn(column).compile(dialect=engine.dialect)
                    connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {told}"))
            for index in table.indexes:
                index.create(connection, checkfirst=True)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
