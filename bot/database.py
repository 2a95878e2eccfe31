"""The SQL database of what must survive: conversations, messages received, messages to send.

SQLite by default, PostgreSQL when several machines share it; the same tables and statements.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.errors import StoreError

__all__ = ["Database", "open_database"]

_BUSY_S = 10
# Two servers that start together must not both create the tables.
_SCHEMA_LOCK = 0x42414C49


class Database:
    """A database, shared by the threads of a process; each transaction is whole or nothing.

    SQLite has one writer at a time, whom the others of this process await here, and those of
    other processes for ten seconds. In write-ahead logging with `synchronous=NORMAL` a killed
    process loses nothing; a power cut may lose the last transactions, unless it is `durable`.
    """

    def __init__(self, url: sa.URL, *, writing: threading.Lock, durable: bool = False) -> None:
        """Connect at the first use; `open_database` makes one."""
        self._url = url
        self._writing = writing
        self._is_closed = False
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._engine = sa.create_engine(url, connect_args={"timeout": _BUSY_S})
            event.listen(self._engine, "connect", _sqlite_connected(durable=durable))
            event.listen(self._engine, "begin", _sqlite_begun)
        else:
            # A connection that the server has closed meanwhile is opened again.
            self._engine = sa.create_engine(url, pool_pre_ping=True, pool_size=20, max_overflow=20)

    def __str__(self) -> str:
        return str(self._url.database) if self.is_sqlite else self._url.render_as_string()

    def durable(self) -> Database:
        """The same database, where what is committed survives a power cut too."""
        return Database(self._url, writing=self._writing, durable=True)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Write in one transaction.

        Raises:
            StoreError: the database cannot be reached, read or written.
        """
        with (
            self._writing if self.is_sqlite else nullcontext(),
            self._translated(),
            self._engine.begin() as connection,
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Read, without waiting for who writes.

        Raises:
            StoreError: the database cannot be reached or read.
        """
        with self._translated(), self._engine.connect() as connection:
            yield connection.execution_options(only_reads=True)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a name that no other process of PostgreSQL holds; SQLite has nothing to lock.

        Raises:
            StoreError: the database cannot be reached.
        """
        if self.is_sqlite:
            yield
            return
        with self._translated(), self._engine.begin() as connection:
            connection.execute(
                sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
            )
            yield

    def create(self, metadata: sa.MetaData) -> None:
        """Create the tables that are missing.

        Raises:
            StoreError: the database cannot be reached, or is something else.
        """
        with self.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
            metadata.create_all(connection)
        # A process that is forked from this one must not share its connections.
        self._engine.dispose()

    def empty_log(self) -> None:
        """Empty the write-ahead log of SQLite, which still holds what was deleted.

        A reader of another process may hold it for a while; the next time empties it then.

        Raises:
            StoreError: the database cannot be written.
        """
        if self.is_sqlite:
            with self._writing, self._translated(), self._engine.connect() as connection:
                dbapi: Any = connection.connection.dbapi_connection
                dbapi.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections, for good."""
        self._is_closed = True
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if self._is_closed:
            raise StoreError(f"{self}: closed")
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(f"{self}: {getattr(error, 'orig', None) or error}") from error


def open_database(where: Path | str) -> Database:
    """Open a database.

    Args:
        where: a file of SQLite, made with its folders when it is missing, or the address of a
            PostgreSQL database (`postgresql://user:password@host/name`).

    Raises:
        StoreError: the address is none, its driver is not installed, the folder cannot be made.
    """
    if isinstance(where, Path):
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{where}: {error}") from error
        return Database(sa.URL.create("sqlite", database=str(where)), writing=threading.Lock())
    try:
        url = sa.make_url(where)
        if url.get_backend_name() != "postgresql":
            raise StoreError(f"{url.drivername}: SQLite, PostgreSQL")
        return Database(url.set(drivername="postgresql+psycopg"), writing=threading.Lock())
    except ModuleNotFoundError as error:
        raise StoreError("pip install 'psycopg[binary]'") from error
    except (ArgumentError, NoSuchModuleError) as error:
        # The address may hold a password: it is not repeated.
        raise StoreError("postgresql://user:password@host/name") from error


def _sqlite_connected(*, durable: bool) -> Any:
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where `_sqlite_begun` says
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        # What is deleted is overwritten: an erased conversation cannot be read in the file.
        connection.execute("PRAGMA secure_delete=ON")

    return connected


def _sqlite_begun(connection: sa.Connection) -> None:
    # What only reads needs no transaction: each statement sees a whole state.
    if not connection.get_execution_options().get("only_reads"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
