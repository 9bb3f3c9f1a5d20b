"""The ledger's tables, schema version 3. Forms are found by a key of fixed length: PostgreSQL cannot index long texts."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

SCHEMA_VERSION = 3

META = sa.MetaData()


def form_key(form: str) -> str:
    """What a normal form is found by."""
    return hashlib.sha256(form.encode()).hexdigest()[:32]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False, server_default="") for name in names]


settings = sa.Table(
    "settings", META, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
)
runs = sa.Table(
    "runs",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String, nullable=False, index=True),
    *_texts("at", "by", "host"),
    sa.Column("pid", sa.Integer),
    sa.Column("started", sa.Float),  # of the process, seconds since 1970: a pid alone may have been given again
    sa.Column("claimed", sa.Float),  # seconds since 1970
    sa.Column("taken", sa.Integer, nullable=False, server_default="0"),  # place of its acts in the order of taking
    sa.Column("reserved", sa.Integer, nullable=False, server_default="0"),  # judgement numbers up to here are its own
    sa.Column("counts", sa.Text),
)
members = sa.Table(
    "members",
    META,
    sa.Column("list", sa.String, primary_key=True),
    sa.Column("round", sa.String, primary_key=True),
    sa.Column("unit", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    *_texts("form", "text", "title", "place", "tracked"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("item", sa.String, nullable=False, index=True),
    sa.Column("old_form", sa.Boolean, nullable=False, server_default=sa.false()),  # the form is version 1's
    sa.Column("replaced", sa.Boolean, nullable=False, server_default=sa.false()),  # corrected: another row is it now
)
items = sa.Table(
    "items",
    META,
    sa.Column("item", sa.String, primary_key=True),
    sa.Column("list", sa.String, nullable=False, index=True),
    sa.Column("round", sa.String, nullable=False, server_default=""),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("went_to", sa.String, nullable=False, server_default="", index=True),
)
judgements = sa.Table(
    "judgements",  # one row a version; the one in force of a number is its latest, unless it was revoked
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String, nullable=False, index=True),
    sa.Column("serial", sa.Integer, nullable=False, index=True),  # 12 of JD-012
    sa.Column("list", sa.String, nullable=False),
    *_texts("by", "at", "source", "op"),
    sa.Column("taken", sa.Integer, nullable=False, server_default="0"),
    sa.Column("in_force", sa.Boolean, nullable=False, index=True),
)
judgement_lines = sa.Table(
    "judgement_lines",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("judgement", sa.Integer, sa.ForeignKey("judgements.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("key", sa.String, nullable=False, index=True),
    *_texts("unit", "text", "form", "mark", "asked", "asked_form"),
)
edits = sa.Table(
    "edits",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item", sa.String, nullable=False, index=True),
    *_texts("sheet", "key", "value", "base", "by", "at", "source", "op"),
    sa.Column("taken", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String, nullable=False, index=True),
)
unplaced = sa.Table(
    "unplaced",  # what stood in a summary and could not be placed: kept, never applied by itself
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer),
    *_texts("item", "sheet", "key", "value", "at", "source"),
)
snapshots = sa.Table(
    "snapshots",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, unique=True, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
events = sa.Table(
    "events",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("item", sa.String, nullable=False, index=True),
    *_texts("by", "at", "payload"),
)
ops = sa.Table(
    "ops",
    META,
    sa.Column("op", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    *_texts("ref", "at"),
)
reports = sa.Table(
    "reports",  # the progress report that counts of each unit and period; its file may be gone
    META,
    sa.Column("period", sa.String, primary_key=True),
    sa.Column("unit", sa.String, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
periods = sa.Table(
    "periods",  # where the round stood; a period's row is not written any more once a later one has begun
    META,
    sa.Column("period", sa.String, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
closings = sa.Table(
    "closings",  # where each measure stands in closing; how it came there is told by the events
    META,
    sa.Column("item", sa.String, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
