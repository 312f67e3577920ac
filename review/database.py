"""The connection to a store: SQLite with habits that suit many readers and one writer, or PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, Inspector, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFreeError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn

from layouts.errors import OutputError
from review.schema import Base

BUSY_SECONDS = 30.0  # how long one writer waits for another
PAUSE = 0.05  # seconds between two tries
POOL = 10  # connections kept to a server; as many more may be opened under load
PREPARING = 0x71616761  # names the lock under which one program at a time adds tables


class DatabaseError(OutputError):
    """The database cannot be reached, or refuses; what it says is for whoever runs it, not for a browser."""


class UnreachableError(DatabaseError):
    """The database does not answer, or not in time; later it may."""


class Database:
    """One database with all tables of `Base`. To be closed.

    `told` is handed to every session as its `info`: habits of the house that rules of the work ask for.
    """

    def __init__(self, url: str) -> None:
        self.told: dict[str, object] = {}
        self.engine = _engine(url)
        self._reads = self.engine
        if self.engine.dialect.name == "postgresql":  # all that a page shows is of one moment, as on SQLite
            self._reads = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with reported():
            _prepare(self.engine)

    def close(self) -> None:
        """No connection is left open."""
        self.engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing; it waits for no one."""
        with reported(), Session(self._reads, info=self.told) as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: everything in it is kept, or nothing.

        On SQLite writers follow one another from their first word on, so that none of them has read what another then
        changes; on PostgreSQL rows are locked where they are changed.
        """
        engine = self.engine.execution_options(writes=True)
        with reported(), Session(engine, info=self.told) as session, session.begin():
            yield session

    def scrub(self) -> None:
        """Write a file of SQLite anew, so that nothing deleted is left in it or in its log of writes.

        DatabaseError while somebody else reads or writes. What a server keeps of deleted rows is the server's.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with reported(), contextlib.closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            for command in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                try:
                    busy = (cursor.execute(command).fetchone() or (0,))[0]
                except sqlite3.Error as error:
                    raise UnreachableError("error.database", detail=str(error)) from error
                if busy:
                    raise UnreachableError("error.database", detail="database is locked")


def writes(session: Session) -> bool:
    """Whether a session may write."""
    return bool(session.connection().get_execution_options().get("writes", False))


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Trouble of the database as an error with an exit status; UnreachableError where waiting may help."""
    try:
        yield
    except (OperationalError, InterfaceError, NoneFreeError) as error:
        raise UnreachableError("error.database", detail=_first_line(error)) from error
    except SQLAlchemyError as error:
        gone = isinstance(error, DBAPIError) and error.connection_invalidated
        kind = UnreachableError if gone else DatabaseError
        raise kind("error.database", detail=_first_line(error)) from error


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
        raise DatabaseError("error.database", detail=_first_line(error)) from error


def _sqlite_habits(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin where `_sqlite_begin` says
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a sqlite3 connection
    cursor.execute("PRAGMA foreign_keys=ON")
    _keep_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # an answer that was acknowledged survives a power cut
    cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is written over
    cursor.close()


def _keep_ahead(cursor: sqlite3.Cursor) -> None:
    """A log of writes, so that whoever reads does not stop whoever writes; a file that is locked is waited for.

    SQLite waits for every lock but the one that it takes to turn a file of another kind into one of this.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(engine: Engine) -> None:
    """Tables, columns and indices that are not there yet; of two programs that begin at once, one makes them."""
    with engine.begin() as connection:
        if _is_whole(inspect(connection)):
            return
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({PREPARING})"))
        Base.metadata.create_all(connection)
        _grow(connection)


def _is_whole(known: Inspector) -> bool:
    columns = {table: {column["name"] for column in there} for (_, table), there in known.get_multi_columns().items()}
    indices = {table: {index["name"] for index in there} for (_, table), there in known.get_multi_indexes().items()}
    return all(
        table.name in columns
        and {column.name for column in table.columns} <= columns[table.name]
        and {index.name for index in table.indexes} <= indices.get(table.name, set())
        for table in Base.metadata.sorted_tables
    )


def _grow(connection: Connection) -> None:
    """Columns that a store of an earlier version lacks, with their default, and indices."""
    known = inspect(connection)
    for table in Base.metadata.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                told = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {told}"))
        named = {index["name"] for index in known.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in named:
                index.create(connection)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
