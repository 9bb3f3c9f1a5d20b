"""台账.db: what must outlive a run, in SQLite by default or another database by its URL. One transaction a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.ledger.decisions import Decision
from pipeline.ledger.edits import Edit
from pipeline.ledger.numbers import Member, Retired

LEDGER_FILE = "台账.db"
SCHEMA_VERSION = 1
_KEPT_SNAPSHOTS = 6

_meta = sa.MetaData()
_settings = sa.Table(
    "settings", _meta, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
)
_runs = sa.Table(
    "runs",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.String),
    sa.Column("counts", sa.Text),
)
_members = sa.Table(
    "members",
    _meta,
    sa.Column("list", sa.String, primary_key=True),
    sa.Column("unit", sa.String, primary_key=True),
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("title", sa.Text),
    sa.Column("seq", sa.Integer),
    sa.Column("item", sa.String, nullable=False),
    sa.Column("place", sa.Text),
)
_items = sa.Table(
    "items",
    _meta,
    sa.Column("item", sa.String, primary_key=True),
    sa.Column("list", sa.String),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("went_to", sa.String),
)
_decisions = sa.Table(
    "decisions",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("list", "unit_a", "text_a", "unit_b", "text_b", "day")),
    sa.Column("same", sa.Boolean),
    sa.Column("in_force", sa.Boolean, nullable=False),
)
_edits = sa.Table(
    "edits",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("item", "sheet", "key", "value", "base", "day")),
    sa.Column("in_force", sa.Boolean, nullable=False),
)
_snapshots = sa.Table(
    "snapshots",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, unique=True),
    sa.Column("cells", sa.Text),
)
_events = sa.Table(
    "events",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer),
    sa.Column("day", sa.String),
    sa.Column("item", sa.String, index=True),
    sa.Column("text", sa.Text),
)

Cell = tuple[str, str, str]


class LedgerError(Exception):
    """The ledger cannot be used: another run holds it, it is damaged, or a newer program wrote it."""


@dataclass(frozen=True)
class Record:
    """A line of an item's history."""

    day: str
    item: str
    text: str


class Ledger:
    """The open ledger inside its transaction. What is written counts only when the run that opened it ends well."""

    def __init__(self, connection: sa.Connection, day: str):
        self._db, self.day = connection, day
        last = connection.execute(sa.select(sa.func.max(_runs.c.id))).scalar()
        self.run = (last or 0) + 1
        self._told: list[dict[str, Any]] = []  # lines of history, written together

    # ---- what is remembered ----
    def project(self) -> str:
        """The project's identity, "" before the first run."""
        return str(self._db.execute(sa.select(_settings.c.value).where(_settings.c.name == "project")).scalar() or "")

    def decisions(self) -> list[Decision]:
        """Every decision in force, in the order in which they were taken."""
        query = sa.select(_decisions).where(_decisions.c.in_force).order_by(_decisions.c.id)
        return [
            Decision(row.list, row.unit_a, row.text_a, row.unit_b, row.text_b, row.same, row.day)
            for row in self._db.execute(query)
        ]

    def edits(self) -> dict[Cell, Edit]:
        """Every edit in force by its cell; those of a retired item belong to the item that it went to."""
        query = sa.select(_edits).where(_edits.c.in_force).order_by(_edits.c.id)
        found = [Edit(row.item, row.sheet, row.key, row.value, row.base, row.day) for row in self._db.execute(query)]
        return {edit.cell: edit for edit in found}

    def members(self, table: str) -> dict[Member, str]:
        """Every row ever seen of a table -> its number."""
        query = sa.select(_members).where(_members.c.list == table)
        return {Member(row.unit, row.form, row.title, row.seq): row.item for row in self._db.execute(query)}

    def highest(self, table: str) -> int:
        """The highest number ever given in a table, 0 if none."""
        given = self._db.execute(sa.select(_items.c.item).where(_items.c.list == table)).scalars()
        return max((int(item.rsplit("-", 1)[1]) for item in given), default=0)

    def snapshot(self, name: str) -> dict[str, dict[Cell, str]] | None:
        """What the summary named `name` held in its editable cells: {"written": …, "base": …}, None if unknown."""
        text = self._db.execute(sa.select(_snapshots.c.cells).where(_snapshots.c.name == name)).scalar()
        if text is None:
            return None
        return {
            part: {(item, sheet, key): value for item, sheet, key, value in cells}
            for part, cells in json.loads(text).items()
        }

    def last_snapshot(self) -> dict[str, dict[Cell, str]] | None:
        """The newest snapshot, None before the first run."""
        name = self._db.execute(sa.select(_snapshots.c.name).order_by(_snapshots.c.id.desc()).limit(1)).scalar()
        return self.snapshot(name) if name else None

    # ---- what this run adds ----
    def set_project(self, identity: str) -> None:
        """Fix the project's identity at the first run."""
        if not self.project():
            self._db.execute(_settings.insert().values(name="project", value=identity))

    def decide(self, decision: Decision) -> None:
        """Take a decision; one on the same pair loses its force."""
        self.undecide(decision)
        values = {name: getattr(decision, name) for name in ("unit_a", "text_a", "unit_b", "text_b", "day", "same")}
        self._db.execute(_decisions.insert().values(list=decision.table, in_force=True, **values))

    def undecide(self, decision: Decision) -> None:
        """Take back what was decided on the pair of `decision`."""
        for row in self._db.execute(
            sa.select(_decisions).where(_decisions.c.in_force, _decisions.c.list == decision.table)
        ).all():
            old = Decision(row.list, row.unit_a, row.text_a, row.unit_b, row.text_b, row.same, row.day)
            if old.pair == decision.pair:
                self._db.execute(_decisions.update().where(_decisions.c.id == row.id).values(in_force=False))

    def edit(self, edit: Edit) -> None:
        """Take an edit; an earlier one of the same cell loses its force."""
        self.take_back(edit)
        self._db.execute(
            _edits.insert().values(
                item=edit.item,
                sheet=edit.sheet,
                key=edit.column,
                value=edit.value,
                base=edit.base,
                day=edit.day,
                in_force=True,
            )
        )

    def take_back(self, edit: Edit) -> None:
        """An edit loses its force."""
        same = (_edits.c.item == edit.item, _edits.c.sheet == edit.sheet, _edits.c.key == edit.column)
        self._db.execute(_edits.update().where(*same).values(in_force=False))

    def remember_numbers(
        self, table: str, members: dict[Member, str], places: dict[Member, str], retired: list[Retired]
    ) -> None:
        """Each row's number, and where retired numbers went. Rows not seen any more keep the number they had."""
        arrived = self._remember_rows(table, members, places)
        rows = self._db.execute(sa.select(_items.c.item, _items.c.retired).where(_items.c.list == table))
        known = {row.item: row.retired for row in rows}
        new_items = [item for item in sorted(set(members.values())) if item not in known]
        if new_items:
            values_of = [{"item": item, "list": table, "retired": False, "went_to": ""} for item in new_items]
            self._db.execute(_items.insert(), values_of)
        for item in new_items:
            self.tell(item, "编号")
        for item in sorted(set(members.values()) & known.keys()):
            if known[item]:
                self._db.execute(_items.update().where(_items.c.item == item).values(retired=False, went_to=""))
                self.tell(item, "来源行重新出现，恢复使用")
        for entry in arrived:
            self.tell(entry["item"], f"来源行：{entry['unit']}　{entry['place']}")
        for gone in retired:
            if known.get(gone.number) is False:
                self._db.execute(
                    _items.update().where(_items.c.item == gone.number).values(retired=True, went_to=gone.went_to)
                )
                if gone.went_to:
                    self._db.execute(_members.update().where(_members.c.item == gone.number).values(item=gone.went_to))
                    self._db.execute(_edits.update().where(_edits.c.item == gone.number).values(item=gone.went_to))
                self.tell(gone.number, f"并入 {gone.went_to}" if gone.went_to else "来源行都不在了，停用")

    def _remember_rows(self, table: str, members: dict[Member, str], places: dict[Member, str]) -> list[dict[str, Any]]:
        """Write the rows that are new or changed; returns the new ones."""
        there = {
            (row.unit, row.form): (row.title, row.seq, row.item, row.place)
            for row in self._db.execute(sa.select(_members).where(_members.c.list == table))
        }
        arrived: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for row, item in members.items():
            values = {"title": row.title, "seq": row.seq, "item": item, "place": places.get(row, "")}
            if (row.unit, row.form) not in there:
                arrived.append({"list": table, "unit": row.unit, "form": row.form, **values})
            elif there[row.unit, row.form] != tuple(values.values()):
                changed.append(
                    {
                        "own_unit": row.unit,
                        "own_form": row.form,
                        **{f"new_{name}": value for name, value in values.items()},
                    }
                )
            there[row.unit, row.form] = (row.title, row.seq, item, places.get(row, ""))
        if arrived:
            self._db.execute(_members.insert(), arrived)
        if changed:
            where = (
                _members.c.list == table,
                _members.c.unit == sa.bindparam("own_unit"),
                _members.c.form == sa.bindparam("own_form"),
            )
            new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("title", "seq", "item", "place")}
            self._db.execute(_members.update().where(*where).values(**new), changed)
        return arrived

    def remember_summary(self, name: str, cells: dict[str, dict[Cell, str]]) -> None:
        """What the summary holds in its editable cells; only the last few are kept."""
        text = json.dumps(
            {part: [[*cell, value] for cell, value in values.items()] for part, values in cells.items()},
            ensure_ascii=False,
        )
        self._db.execute(_snapshots.delete().where(_snapshots.c.name == name))
        self._db.execute(_snapshots.insert().values(name=name, cells=text))
        old = (
            self._db.execute(sa.select(_snapshots.c.id).order_by(_snapshots.c.id.desc()).offset(_KEPT_SNAPSHOTS))
            .scalars()
            .all()
        )
        self._db.execute(_snapshots.delete().where(_snapshots.c.id.in_(old)))

    def tell(self, item: str, text: str) -> None:
        """A line of an item's history; the history is only ever added to."""
        self._told.append({"run": self.run, "day": self.day, "item": item, "text": text})

    def keep(self) -> None:
        """Make what was written so far last. The lock is given up."""
        if self._told:
            self._db.execute(_events.insert(), self._told)
            self._told = []
        self._db.commit()

    def finish(self, counts: dict[str, int]) -> None:
        """Record the run itself."""
        self._db.execute(
            _runs.insert().values(id=self.run, day=self.day, counts=json.dumps(counts, ensure_ascii=False))
        )


@contextmanager
def open_ledger(folder: Path, url: str, day: str) -> Iterator[Ledger]:
    """The project's ledger in one transaction, which lasts only if `keep` is called: a run that dies changes nothing.

    Raises LedgerError if another run holds it, if it is damaged, or if a newer version wrote it.
    """
    engine = sa.create_engine(url or f"sqlite:///{folder / LEDGER_FILE}", connect_args={} if url else {"timeout": 0})
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        # pysqlite would begin a transaction only at the first write; the run wants the lock from its beginning
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            connection.begin()
            _prepare(connection)
            yield Ledger(connection, day)
    except sa.exc.OperationalError as error:
        if "locked" in str(error):
            raise LedgerError("另一个 sandan 正在汇总这个项目，请等它结束后再运行。") from error
        raise LedgerError(f"台账不能读写（{error.orig}）。请检查文件夹权限和磁盘空间。") from error
    except sa.exc.DatabaseError as error:
        raise LedgerError(
            f"{LEDGER_FILE} 已损坏，没有改动。请用备份替换，或移走后重新汇总（编号和意见会从汇总台账里尽量找回）。"
        ) from error
    finally:
        engine.dispose()


def _prepare(connection: sa.Connection) -> None:
    _meta.create_all(connection)
    version = connection.execute(sa.select(_settings.c.value).where(_settings.c.name == "schema")).scalar()
    if version is None:
        connection.execute(_settings.insert().values(name="schema", value=str(SCHEMA_VERSION)))
    elif int(version) > SCHEMA_VERSION:
        raise LedgerError(f"{LEDGER_FILE} 是更新版本的 sandan 写的，请升级后再运行。")
    for step in range(int(version or SCHEMA_VERSION), SCHEMA_VERSION):
        _MIGRATIONS[step](connection)
    connection.execute(_settings.update().where(_settings.c.name == "schema").values(value=str(SCHEMA_VERSION)))


_MIGRATIONS: dict[int, Any] = {}
"""Schema version -> the step to the next one."""


def read_log(folder: Path, url: str, item: str = "") -> list[Record]:
    """What happened to an item (with the numbers that went into it), or the latest events of all; [] without a ledger.

    Raises LedgerError as `open_ledger` does.
    """
    if not url and not (folder / LEDGER_FILE).is_file():
        return []
    engine = sa.create_engine(url or f"sqlite:///{folder / LEDGER_FILE}")
    try:
        with engine.connect() as connection:
            query = sa.select(_events.c.day, _events.c.item, _events.c.text).order_by(_events.c.id)
            if item:
                into = connection.execute(sa.select(_items.c.item).where(_items.c.went_to == item)).scalars().all()
                query = query.where(_events.c.item.in_([item, *into]))
            return [Record(*row) for row in connection.execute(query)]
    except sa.exc.DatabaseError as error:
        raise LedgerError(f"{LEDGER_FILE} 不能读取（{error.orig}）。") from error
    finally:
        engine.dispose()
