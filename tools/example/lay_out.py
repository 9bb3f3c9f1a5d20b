"""Lay the worked example's texts (texts.txt, written by hand) out as the files that a county really gets back.

    python tools/example/lay_out.py

Writes 方案.xlsx and workbooks/ of the repository: each unit's file has its own mess, listed in `UNITS`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.styles import Alignment, Border, Font, Side

from pipeline.forms import build_form
from pipeline.scheme import Body, Scheme, Unit, load_preset, write_scheme
from pipeline.tables import CAUSES, MEASURES, PROBLEMS
from pipeline.xlsx import packaging

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).with_name("texts.txt")
STAMP = dt.date(2022, 1, 15)

ROSTER = [
    ("县委办公室", "县委办", "党委部门"),
    ("县政府办公室", "县政府办、政府办", "政府部门"),
    ("县纪委监委机关", "县纪委监委、县纪委", "党委部门"),
    ("县委组织部", "组织部", "党委部门"),
    ("县委宣传部", "宣传部", "党委部门"),
    ("县发展和改革局", "县发改局、发改局", "政府部门"),
    ("县教育局", "教育局", "政府部门"),
    ("县财政局", "财政局", "政府部门"),
    ("县人力资源和社会保障局", "县人社局、人社局", "政府部门"),
    ("县住房和城乡建设局", "县住建局、住建局", "政府部门"),
    ("县交通运输局", "县交通局、交通局", "政府部门"),
    ("县农业农村局", "农业农村局", "政府部门"),
    ("县卫生健康局", "县卫健局、卫健局", "政府部门"),
    ("县应急管理局", "县应急局、应急局", "政府部门"),
    ("县市场监督管理局", "县市场监管局", "政府部门"),
    ("县行政审批局", "县审批局", "政府部门"),
    ("白露镇", "白露镇人民政府", "乡镇街道"),
    ("双溪乡", "双溪乡人民政府", "乡镇街道"),
    ("望山镇", "望山镇人民政府", "乡镇街道"),
    ("临泉街道", "临泉街道办事处、临泉办事处", "乡镇街道"),
]

P = ["序号", "对照方面", "问题", "具体表现", "典型事例", "查摆途径", "责任领导", "备注"]
C = ["序号", "原因", "剖析", "对应问题", "备注"]
M = [column.title for column in MEASURES]


class Texts(dict[str, Any]):
    """One unit's rows by table title, each a mapping column title -> value, and its 基本信息."""


def read_texts(scheme: Scheme) -> dict[str, Texts]:
    units: dict[str, Texts] = {}
    current = Texts()
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            current = Texts(
                date=cells[1],
                studies=cells[2],
                opinions=cells[3],
                talks=cells[4],
                问题清单=[],
                原因剖析=[],
                整改措施=[],
            )
            units[cells[0][1:]] = current
        elif cells[0] == "问题":
            aspect = scheme.aspects[int(cells[1]) - 1].short
            rows = current["问题清单"]
            rows.append(dict(zip(P, [len(rows) + 1, aspect, *cells[2:7], ""], strict=True)))
        elif cells[0] == "原因":
            rows = current["原因剖析"]
            rows.append(dict(zip(C, [len(rows) + 1, *cells[1:4], ""], strict=True)))
        else:
            rows = current["整改措施"]
            refs, direction, title, detail, goal, lead, support, leader, person, kind, deadline, status, evidence = (
                cells[1:] + [""] * 13
            )[:13]
            unit = next(reversed(units))
            if not lead:
                lead = unit
            values = [
                len(rows) + 1,
                refs,
                scheme.directions[int(direction) - 1],
                title,
                detail,
                goal,
                lead,
                support,
                leader,
                person,
                kind,
                deadline,
                status,
                "",
                evidence,
                "",
                "",
            ]
            rows.append(dict(zip(M, values, strict=True)))
    return units


# ---- ways to lay a unit's rows out ----


def standard(unit: str, texts: Texts, scheme: Scheme) -> bytes:
    """The issued form, filled in as it should be."""
    book = build_form(scheme, unit)
    basic = book["基本信息"]
    for row, value in zip(
        range(4, 12),
        (unit, "", "", "", texts["date"], *(int(texts[key]) for key in ("studies", "opinions", "talks"))),
        strict=True,
    ):
        basic.cell(row, 2, value or None)
    for table in (PROBLEMS, CAUSES, MEASURES):
        for number, row in enumerate(texts[table.title], start=4):
            for column, title in enumerate(table.titles(), start=1):
                book[table.title].cell(number, column, row.get(title) or None)
    return _saved(book)


def free(
    unit: str,
    texts: Texts,
    headers: dict[str, list[tuple[str, str]]] | None = None,
    names: dict[str, str] | None = None,
    title: bool = True,
    signature: bool = True,
    basic: bool = True,
    label: str = "",
    after: Callable[[Any, str, int], None] | None = None,
) -> bytes:
    """A sheet of the department's own making: other headers and order, title rows, a signature line."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if basic:
        sheet = book.create_sheet("基本情况")
        for row, pair in enumerate(
            (
                ("填报单位", label or unit),
                ("填报日期", texts["date"]),
                ("集中学习研讨次数", f"{texts['studies']}次"),
                ("征求意见条数", int(texts["opinions"])),
                ("谈心谈话人次", int(texts["talks"])),
            ),
            start=1,
        ):
            sheet.cell(row, 1, pair[0])
            sheet.cell(row, 2, pair[1])
    for table in (PROBLEMS, CAUSES, MEASURES):
        columns = (headers or {}).get(table.title) or [(text, text) for text in table.titles()]
        sheet = book.create_sheet((names or {}).get(table.title, table.title))
        top = 1
        if title:
            sheet.cell(1, 1, f"{unit}{table.title}").font = Font(size=16, bold=True)
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
            sheet.cell(2, 1, f"填报单位：{label or unit}　　　填报日期：{texts['date']}")
            sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(columns))
            top = 3
        for column, (text, _) in enumerate(columns, start=1):
            sheet.cell(top, column, text).font = Font(bold=True)
        for number, row in enumerate(texts[table.title], start=top + 1):
            for column, (_, key) in enumerate(columns, start=1):
                sheet.cell(number, column, row.get(key) or None)
        last = top + len(texts[table.title])
        if after:
            after(sheet, table.title, top)
        if signature:
            sheet.cell(sheet.max_row + 2, 1, "填报人：（略）　　审核人：（略）　　联系电话：（略）")
        _frame(sheet, top, last, len(columns))
    return _saved(book)


def _frame(sheet: Any, top: int, last: int, width: int) -> None:
    line = Side(style="thin")
    for row in sheet.iter_rows(min_row=top, max_row=last, max_col=width):
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for index in range(1, width + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width = 18


def old_excel(unit: str, texts: Texts) -> bytes:
    """A BIFF workbook (.xls of Excel 97, .et of WPS) with title rows and a signature line."""
    book = xlwt.Workbook(encoding="utf-8")
    for table in (PROBLEMS, CAUSES, MEASURES):
        sheet = book.add_sheet(table.title)
        titles = table.titles()
        sheet.write_merge(0, 0, 0, len(titles) - 1, f"{unit}{table.title}")
        sheet.write_merge(1, 1, 0, len(titles) - 1, f"填报单位：{unit}　填报日期：{texts['date']}")
        for column, title in enumerate(titles):
            sheet.write(2, column, title)
        for number, row in enumerate(texts[table.title], start=3):
            for column, title in enumerate(titles):
                if row.get(title):
                    sheet.write(number, column, row[title])
        sheet.write(4 + len(texts[table.title]), 0, "填报人：（略）  审核人：（略）")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_table(titles: list[str], rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    for row in rows:
        writer.writerow([row.get(title, "") for title in titles])
    return out.getvalue().encode("gb18030")


def _saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.properties.creator = "sandan"
    book.save(buffer)
    return packaging.repack(buffer.getvalue(), STAMP)


RENAMED = {
    "问题清单": [
        ("编号", "序号"),
        ("存在问题", "问题"),
        ("问题表现", "具体表现"),
        ("所属方面", "对照方面"),
        ("问题来源", "查摆途径"),
        ("备注", "备注"),
    ],
    "原因剖析": [("序号", "序号"), ("产生原因", "原因"), ("原因分析", "剖析"), ("对应问题序号", "对应问题")],
    "整改措施": [
        ("序号", "序号"),
        ("问题序号", "对应问题"),
        ("整改措施", "措施"),
        ("具体措施", "具体举措"),
        ("努力方向", "努力方向"),
        ("牵头部门", "牵头单位"),
        ("配合部门", "配合单位"),
        ("分管领导", "责任领导"),
        ("责任人", "责任人"),
        ("整改类型", "整改类型"),
        ("完成时限", "整改时限"),
        ("整改状态", "完成情况"),
        ("佐证材料", "佐证材料"),
    ],
}
EXTRA = {"问题清单": [*((title, title) for title in P[:-1]), ("涉及金额（万元）", "涉及金额"), ("备注", "备注")]}


def two_row_header(sheet: Any, title: str, top: int) -> None:
    """责任分工 over 牵头单位 … 责任人, and 整改要求 over 类型 and 时限: a header of two rows."""
    if title != "整改措施":
        return
    sheet.insert_rows(top)
    for first, last, text in ((7, 10, "责任分工"), (11, 12, "整改要求")):
        sheet.cell(top, first, text)
        sheet.merge_cells(start_row=top, start_column=first, end_row=top, end_column=last)
    for column in [*range(1, 7), *range(13, 18)]:
        sheet.cell(top, column, sheet.cell(top + 1, column).value)
        sheet.cell(top + 1, column).value = None
        sheet.merge_cells(start_row=top, start_column=column, end_row=top + 1, end_column=column)


def merged_aspects(sheet: Any, title: str, top: int) -> None:
    """Equal aspects one below the other become one merged cell."""
    if title != "问题清单":
        return
    row, last = top + 1, sheet.max_row
    while row <= last:
        end = row
        while end < last and sheet.cell(end + 1, 2).value == sheet.cell(row, 2).value:
            end += 1
        if end > row:
            sheet.merge_cells(start_row=row, start_column=2, end_row=end, end_column=2)
        row = end + 1


def blanks_and_totals(sheet: Any, title: str, top: int) -> None:
    sheet.insert_rows(top + 3)
    if title == "问题清单":
        sheet.row_dimensions[top + 2].hidden = True
        sheet.cell(sheet.max_row + 1, 1, "合计")
        sheet.cell(sheet.max_row, 3, f"{sheet.max_row - top - 2} 条")


def repeated_header(sheet: Any, title: str, top: int) -> None:
    if title == "问题清单":
        sheet.insert_rows(top + 4)
        for column in range(1, 9):
            sheet.cell(top + 4, column, sheet.cell(top, column).value)
        sheet.insert_rows(top + 1)
        for column, text in enumerate(("例", "信仰信念", "示例：理论学习不够", "示例：学习不够系统。"), start=1):
            sheet.cell(top + 1, column, text)


def broken_numbers(sheet: Any, title: str, top: int) -> None:
    if title == "问题清单":
        sheet.cell(top + 3, 1).value = 2
        sheet.cell(top + 5, 1).value = None


def line_breaks(sheet: Any, title: str, top: int) -> None:
    if title == "整改措施":
        for row in range(top + 1, top + 4):
            cell = sheet.cell(row, 5)
            cell.value = str(cell.value).replace("，", "，\n", 1)
        sheet.cell(top + 1, 7).value = "县应急管理局（牵头）\n县发改局（配合）"


def main() -> None:
    preset = load_preset("2021")
    settings = preset.scheme.settings.model_copy(
        update={
            "unit": "中共栖云县委常委班子",
            "document_title": "中共栖云县委常委班子党史学习教育专题民主生活会对照检查材料",
            "year": 2021,
            "deadline_year": 2022,
            "submit_by": dt.date(2022, 1, 15),
            "base_date": dt.date(2022, 7, 15),
        }
    )
    roster = tuple(
        Unit(name=name, aliases=tuple(aliases.split("、")), category=category) for name, aliases, category in ROSTER
    )
    body = Body(studies=5, opinions=46, talks=63)
    scheme = preset.scheme.model_copy(update={"settings": settings, "roster": roster, "body": body})
    write_scheme(scheme, ROOT / "方案.xlsx")
    texts = read_texts(scheme)
    for name, content in files(texts, scheme).items():
        path = ROOT / "workbooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def files(texts: dict[str, Texts], scheme: Scheme) -> dict[str, bytes]:
    """File name -> content, with each unit's own mess."""
    _make_mistakes(texts)
    early = Texts(
        texts["县教育局"],
        date="2022-01-06",
        问题清单=texts["县教育局"]["问题清单"][:3],
        整改措施=texts["县教育局"]["整改措施"][:2],
    )
    organisation = texts["县委组织部"]
    return {
        "县委办公室填报表.xlsx": standard("县委办公室", texts["县委办公室"], scheme),
        "县政府办.xls": old_excel("县政府办公室", texts["县政府办公室"]),
        "纪委监委/县纪委监委（报县委办）.xlsx": free(
            "县纪委监委机关", texts["县纪委监委机关"], RENAMED, label="县纪委监委"
        ),
        **{
            f"组织部/县委组织部-{title}.csv": text_table([*(table.titles())], organisation[title])
            for title, table in (("问题清单", PROBLEMS), ("原因剖析", CAUSES), ("整改措施", MEASURES))
        },
        "宣传部填报表.xlsx": standard("县委宣传部", texts["县委宣传部"], scheme),
        "发改局（盖章版）.xlsx": free(
            "县发展和改革局", texts["县发展和改革局"], label="县发改局", after=two_row_header
        ),
        "教育局-第一次.xlsx": standard("县教育局", early, scheme),
        "教育局-补充修改后最终版.xlsx": standard("县教育局", texts["县教育局"], scheme),
        "财政局.xlsx": free("县财政局", texts["县财政局"], after=merged_aspects),
        "人社局.xlsx": free(
            "县人力资源和社会保障局", texts["县人力资源和社会保障局"], label="县人社局", after=blanks_and_totals
        ),
        "住建局.xlsx": free("县住房和城乡建设局", texts["县住房和城乡建设局"], EXTRA),
        "交通运输局.et": old_excel("县交通运输局", texts["县交通运输局"]),
        "农业农村局.xlsx": free(
            "县农业农村局",
            texts["县农业农村局"],
            names={"问题清单": "Sheet1", "原因剖析": "Sheet2", "整改措施": "Sheet3"},
            after=repeated_header,
        ),
        "卫健局.xlsx": free("县卫生健康局", texts["县卫生健康局"], after=broken_numbers),
        "应急局.xlsx": free("县应急管理局", texts["县应急管理局"], after=line_breaks),
        "行政审批局填报表.xlsx": standard("县行政审批局", texts["县行政审批局"], scheme),
        "乡镇街道/白露镇.xlsx": standard("白露镇", texts["白露镇"], scheme),
        "乡镇街道/双溪乡.xlsx": free("双溪乡", texts["双溪乡"], title=False, signature=False),
        "乡镇街道/望山镇.xlsx": free("望山镇", texts["望山镇"]),
        "乡镇街道/临泉办事处.xlsx": free("临泉街道", texts["临泉街道"], label="临泉办事处"),
    }


def _make_mistakes(texts: dict[str, Texts]) -> None:
    """A few rows with real mistakes, such as every round has."""
    texts["县行政审批局"]["问题清单"][1]["对照方面"] = "政治建设"
    texts["县行政审批局"]["问题清单"][4]["对照方面"] = "（五）"
    texts["县交通运输局"]["整改措施"][3]["整改时限"] = "2022年6月31日前"
    texts["白露镇"]["整改措施"][2]["牵头单位"] = ""
    texts["双溪乡"]["整改措施"][2]["对应问题"] = "9"
    texts["县委宣传部"]["整改措施"][2]["牵头单位"] = "县委宣传部、县教育局"
    texts["望山镇"]["问题清单"][3]["具体表现"] = ""
    texts["望山镇"]["整改措施"][4]["整改类型"] = "尽快整改"
    texts["望山镇"]["整改措施"][3]["措施"] = "1.健全垃圾治理机制。2.兑现考核奖惩。"
    texts["望山镇"]["整改措施"][3]["具体举措"] = (
        "1.实行户分类、村收集、镇转运，乱倒垃圾的按村规民约处理并公示。2.每季度评比各村卫生，前三名奖励、末位约谈。"
    )
    for row in texts["县住房和城乡建设局"]["问题清单"]:
        row["涉及金额"] = {"老旧小区改造推进慢": 1860}.get(row["问题"], "")
        row["具体表现"] = row["具体表现"].translate(str.maketrans("0123456789", "０１２３４５６７８９"))


if __name__ == "__main__":
    main()
