"""The database under the ledger: opened, brought to the present schema, and used in transactions of an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import schema
from pipeline.ledger.errors import LedgerError
from pipeline.ledger.migrations import migrate

_PATIENCE = 15.0
"""Seconds that a transaction waits for another's end: each lasts an instant, a network share may be slow."""

_WRITERS = 0x73616E64
"""PostgreSQL's advisory lock that every writing transaction takes, so that one writes at a time as in SQLite."""

_RESTORE = (
    "请用备份替换；没有备份、要重新编号的，请先把 outputs/汇总台账.xlsx 移到别处（里面填好的内容要留底），再运行。"
)


class Database:
    """Transactions on one ledger; every error of the database is a LedgerError with its remedy."""

    def __init__(self, engine: sa.Engine, name: str):
        self._engine, self._name = engine, name

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads."""
        with self._told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes; it waits for another writer's, and counts as a whole or not at all."""
        with self._told(), self._engine.connect() as connection, connection.execution_options(writes=True).begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.OperationalError as error:
            if "locked" in str(error):
                raise LedgerError(f"{self._name} 正被别的程序占用，请稍候再试。") from error
            raise LedgerError(f"{self._name} 不能读写（{error.orig}）。请检查文件夹权限和磁盘空间。") from error
        except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError):
            raise  # a mistake of ours, not of the file
        except sa.exc.DatabaseError as error:
            raise LedgerError(f"{self._name} 已损坏，没有改动（{error.orig}）。{_RESTORE}") from error


def open_database(file: Path, url: str, form_of: Callable[[str], str], expected: bool) -> Database:
    """The ledger at `url`, or else in `file`, in the present schema; made where there is none.

    `expected` says that there must have been one (a summary was written from it): then it is never made anew. Raises
    LedgerError for that, for a damaged one, one of a newer version, and an address that cannot be used.
    """
    if not url:
        _check_file(file, expected)
    database = Database(_engine(file, url), "台账" if url else file.name)
    try:
        _prepare(database, form_of, expected)
    except BaseException:
        database.close()
        raise
    return database


def _check_file(file: Path, expected: bool) -> None:
    if not expected:
        return
    if not file.exists():
        raise LedgerError(f"没有找到 {file.name}，而 outputs 里有它写出的汇总台账。{_RESTORE}")
    if file.stat().st_size == 0:
        raise LedgerError(f"{file.name} 是空文件（0 字节），内容已丢失，没有改动。{_RESTORE}")


def _engine(file: Path, url: str) -> sa.Engine:
    try:
        # made from its parts: a folder may be called a?b or a%20b
        address = sa.make_url(url) if url else sa.URL.create("sqlite", database=str(file))
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        sqlite = address.get_backend_name() == "sqlite"
        engine = sa.create_engine(address, connect_args={"timeout": _PATIENCE} if sqlite else {})
    except sa.exc.ArgumentError as error:
        raise LedgerError(
            "方案.xlsx“基本设置”的“台账地址”看不懂。应如 postgresql://用户:密码@服务器/库名；留空则用本文件夹的台账.db。"
        ) from error
    except ImportError as error:
        raise LedgerError(f"“台账地址”要用的数据库驱动没有安装（{error.name}）。请安装 sandan[postgres]。") from error
    if sqlite:
        # the driver would begin at the first write, by when another may have written what was read
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(database: Database, form_of: Callable[[str], str], expected: bool) -> None:
    with database.reading() as connection:
        version = _version(connection)
    if version == schema.SCHEMA_VERSION:
        return
    if version == 0 and expected:
        raise LedgerError(f"台账里什么也没有，而 outputs 里有它写出的汇总台账。{_RESTORE}")
    if version > schema.SCHEMA_VERSION:
        raise LedgerError("台账是更新版本的 sandan 写的，请升级后再运行。")
    with database.writing() as connection:
        version = _version(connection)
        if version == schema.SCHEMA_VERSION:
            return  # another did it meanwhile
        if version == 0:
            schema.META.create_all(connection)
            connection.execute(schema.settings.insert().values(name="schema", value=str(schema.SCHEMA_VERSION)))
        else:
            migrate(connection, version, form_of)


def _version(connection: sa.Connection) -> int:
    """The schema's version, 0 where there is no ledger yet."""
    if not sa.inspect(connection).has_table("settings"):
        return 0
    query = sa.select(schema.settings.c.value).where(schema.settings.c.name == "schema")
    return int(connection.execute(query).scalar() or 0)
