"""What stands behind each text of the narrative: the rows it was merged from, and who changed it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.consolidation import Result
from pipeline.narrative.outline import Paragraph
from pipeline.narrative.voice import Slip, slips
from pipeline.records import Item
from pipeline.tables import INPUTS, Table

_SHOWN = 12
"""More sources than this are counted: 合并明细 has them all."""


def notes(merged: Result, paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    """Item number, or place of the scheme's text, -> what the copy for review says beside it."""
    said = {item for paragraph in paragraphs for item in paragraph.items}
    spoken: dict[str, list[Slip]] = {}
    for slip in slips(merged):
        spoken.setdefault(slip.item.id, []).append(slip)
    found = {
        item.id: _item_note(merged, table, item, spoken.get(item.id, ()))
        for table in INPUTS
        for item in merged.items[table.key]
        if item.id in said
    }
    cells = {paragraph.cell for paragraph in paragraphs if paragraph.cell}
    return found | {cell: f"来自方案.xlsx {cell}；其中的数字由本次汇总得出，与汇总台账一致。" for cell in sorted(cells)}


def _item_note(merged: Result, table: Table, item: Item, spoken: Sequence[Slip] = ()) -> str:
    joins = merged.matchings[table.key].joins
    lines = [f"{item.id}　{item.reason}"]
    if len(item.rows) > 1:
        lines.append(f"由 {len(item.rows)} 行归并，文字取自标＊的一行：")
    for row in item.rows[:_SHOWN]:
        mark = "＊" if row.id == item.shown and len(item.rows) > 1 else ""
        way = f"（{joins[row.id].way}）" if len(item.rows) > 1 else ""
        lines.append(f"{mark}{row.unit}：{row.id.file}　{row.id.sheet}　第 {row.id.row} 行{way}")
    if len(item.rows) > _SHOWN:
        lines.append(f"另有 {len(item.rows) - _SHOWN} 行，见汇总台账“合并明细”。")
    if item.cells["wording"].strip():
        example = item.cells.get("example", "")
        lines.append(f"文稿用办公室改写的文字（{item.edited['wording']}），原文：{item.cells['detail']}{example}")
    edited = [f"{column.title}（{item.edited[column.key]}）" for column in table if column.key in item.edited]
    if edited:
        lines.append(f"办公室在汇总台账中改过：{'、'.join(edited)}。")
    lines += [f"“{slip.word}”：{slip.fault}；要改的话写在“文稿文字”里。" for slip in spoken]
    return "\n".join(lines)
