"""From one schema to the next, in the transaction that opens the ledger. A step is never changed once it was released."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from pipeline.ledger import schema
from pipeline.ledger.followed import closing_content
from pipeline.ledger.judgements import number_of, number_text

FormOf = Callable[[str], str]
Rows = list[dict[str, Any]]

_V1 = ("settings", "runs", "members", "items", "decisions", "edits", "snapshots", "events")


def migrate(connection: sa.Connection, version: int, form_of: FormOf) -> None:
    """Bring a ledger of `version` to the present schema; `form_of` is the present normal form of a text."""
    for step in range(version, schema.SCHEMA_VERSION):
        _STEPS[step](connection, form_of)
    settings = schema.settings
    done = settings.update().where(settings.c.name == "schema").values(value=str(schema.SCHEMA_VERSION))
    connection.execute(done)


def _to_2(connection: sa.Connection, form_of: FormOf) -> None:
    """Decisions on pairs become judgements; lines of history stay as they were told; forms of rows stay version 1's."""
    old = sa.MetaData()
    old.reflect(connection, only=_V1)
    rows = {name: _rows(connection, old.tables[name]) for name in _V1}
    old.drop_all(connection)
    schema.META.create_all(connection)

    def put(table: sa.Table, values: Rows) -> None:
        if values:
            connection.execute(table.insert(), values)

    put(schema.settings, rows["settings"])
    put(schema.runs, [{"state": "done", "at": row["day"], "counts": row["counts"]} for row in rows["runs"]])
    given = connection.execute(sa.select(schema.runs.c.id).order_by(schema.runs.c.id)).scalars().all()
    run_of = dict(zip((row["id"] for row in rows["runs"]), given, strict=True))
    put(schema.items, [{**row, "went_to": row["went_to"] or "", "round": ""} for row in rows["items"]])
    put(schema.members, [_member(row) for row in rows["members"]])
    decided = _judgements(connection, rows["decisions"], form_of)
    put(schema.edits, [_edit(row) for row in rows["edits"]])
    put(schema.events, [_event(row, run_of) for row in rows["events"]])
    taken = max((row["id"] for name in ("decisions", "edits") for row in rows[name]), default=0)
    last = max((row["id"] for row in rows["snapshots"]), default=0)
    for row in rows["snapshots"]:
        content = {**json.loads(row["cells"]), "taken": taken, "families": []}
        # only of the last summary is it known which decisions it showed
        content["decided"] = decided if row["id"] == last else None
        put(schema.snapshots, [{"name": row["name"], "content": json.dumps(content, ensure_ascii=False)}])


def _rows(connection: sa.Connection, table: sa.Table) -> Rows:
    order = [table.c.id] if "id" in table.c else []
    return [dict(row) for row in connection.execute(sa.select(table).order_by(*order)).mappings()]


def _member(row: dict[str, Any]) -> dict[str, Any]:
    same = {name: row[name] or "" for name in ("list", "unit", "form", "title", "item", "place")}
    return {
        **same,
        "seq": row["seq"] or 0,
        "round": "",
        "key": schema.form_key(row["form"]),
        "text": "",
        "tracked": "",
        "old_form": True,
    }


def _edit(row: dict[str, Any]) -> dict[str, Any]:
    same = {name: row[name] or "" for name in ("item", "sheet", "key", "value", "base")}
    state = "in_force" if row["in_force"] else "superseded"
    return {**same, "at": row["day"] or "", "by": "", "source": "", "op": "", "taken": row["id"], "state": state}


def _event(row: dict[str, Any], run_of: dict[int, int]) -> dict[str, Any]:
    payload = json.dumps({"text": row["text"]}, ensure_ascii=False)
    return {
        "run": run_of.get(row["run"]),
        "kind": "legacy",
        "item": row["item"] or "",
        "by": "",
        "at": row["day"] or "",
        "payload": payload,
    }


def _judgements(connection: sa.Connection, decisions: Rows, form_of: FormOf) -> list[list[str]]:
    """Each pair once decided becomes a judgement of two lines, decided again a version of it; returns the lines in force."""
    numbers: dict[tuple[str, str, str], str] = {}
    shown: list[list[str]] = []
    for row in decisions:
        forms = [form_of(row[name]) for name in ("text_a", "text_b")]
        one, two = sorted(forms)
        number = numbers.setdefault((row["list"], one, two), number_text(len(numbers) + 1))
        values = {
            "number": number,
            "serial": number_of(number),
            "list": row["list"],
            "at": row["day"] or "",
            "taken": row["id"],
        }
        made = connection.execute(
            schema.judgements.insert().values(**values, by="", source="", op="", in_force=row["in_force"])
        )
        key = made.inserted_primary_key
        assert key is not None
        marks = ("A", "A" if row["same"] else "B")
        units, texts = (row["unit_a"], row["unit_b"]), (row["text_a"], row["text_b"])
        lines = [
            {"judgement": key[0], "place": place, "unit": unit, "text": text, "form": form, "mark": mark}
            | {"key": schema.form_key(form), "asked": "", "asked_form": ""}
            for place, (unit, text, form, mark) in enumerate(zip(units, texts, forms, marks, strict=True))
        ]
        connection.execute(schema.judgement_lines.insert(), lines)
        if row["in_force"]:
            shown += [[number, row["list"], line["unit"], line["form"], line["mark"]] for line in lines]
    return shown


def _to_3(connection: sa.Connection, _: FormOf) -> None:
    """Progress and closing get tables; what was typed into 销号状态 becomes where the measure stands, and no edit any more."""
    schema.META.create_all(connection)
    own = schema.edits
    here = (own.c.sheet == "closing_list", own.c.key.in_(_TYPED), own.c.state == "in_force")
    typed: dict[str, dict[str, str]] = {}
    for row in connection.execute(sa.select(own.c.item, own.c.key, own.c.value, own.c.at).where(*here)):
        typed.setdefault(row.item, {"at": row.at})[row.key] = row.value
    values = [{"item": item, "content": closing_content(item, cells)} for item, cells in typed.items()]
    if values:
        connection.execute(schema.closings.insert(), values)
    connection.execute(own.update().where(*here).values(state="superseded"))


_TYPED = ("application", "opinion", "closing", "closed_on")
"""Columns of 对账销号 that the office used to type into."""

_STEPS: dict[int, Callable[[sa.Connection, FormOf], None]] = {1: _to_2, 2: _to_3}

_PREFIX_1 = re.compile(
    r"^(?:\s*(?:[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|\d{1,2}\s*[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[①-⑳]|第[一二三四五六七八九十]{1,2}[,，、:：]|[一二三四五六七八九十]是|[★◆●■▲·•※*\-—]+\s*))+"
)
_NOT_TEXT_1 = re.compile(r"[^\w%\ue000]+|_")
_POINT_1 = re.compile(r"(?<=\d)\.(?=\d)")


def form_1(text: str) -> str:
    """The normal form that version 1 kept rows by (signs between figures were lost in it: 3-5 was 35)."""
    bare = _PREFIX_1.sub("", text.strip(), count=1).strip() or text.strip()
    folded = unicodedata.normalize("NFKC", bare).casefold()
    return _NOT_TEXT_1.sub("", _POINT_1.sub("\ue000", folded)).replace("\ue000", ".")
