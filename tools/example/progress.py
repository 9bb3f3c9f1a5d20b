"""Lay the worked example's two periods (progress.txt, invented) out as the progress workbooks that come back.

    python tools/example/progress.py

Run it after lay_out.py: the county is merged in a folder of its own to learn the measures' numbers, its forms are issued and filled
in, and the files are put into workbooks/进展. Numbers change when the matching does; then it is run again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.run import issue_progress_project, merge_project
from pipeline.tables import TRACE
from pipeline.xlsx import packaging
from pipeline.xlsx.lists import read_book, read_list

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).with_name("progress.txt")
TITLES = ("完成情况", "本期进展", "佐证材料", "完成日期", "申请事项", "申请延期至", "下次复核日期", "申请理由")
OWN = {"措施编号": "任务编号", "完成情况": "目前完成情况", "本期进展": "工作进展", "佐证材料": "印证材料"}
"""What a unit that makes a table of its own calls the columns."""
STAMP = dt.date(2022, 7, 10)
HEADER_ROW = 3


@dataclass
class Report:
    """A unit's texts of a period: title of a measure -> its cells."""

    unit: str
    period: str
    date: str
    shape: str
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[tuple[str, str], float] = field(default_factory=dict)  # (measure, quoted text) -> 本期完成值


def read_reports() -> list[Report]:
    reports: list[Report] = []
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            reports.append(Report(cells[0][1:], *cells[1:4]))
        elif line.startswith("="):
            reports[-1].values[cells[0][1:].strip(), cells[1]] = float(cells[2])
        else:
            reports[-1].rows[cells[0]] = dict(zip(TITLES, cells[1:], strict=False))
    return reports


def main() -> None:
    target = ROOT / "workbooks" / "进展"
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "方案.xlsx", folder)
        shutil.copytree(ROOT / "workbooks", folder / "workbooks")
        merge_project(folder, STAMP)
        numbers = measure_numbers(folder)
        for period in sorted({report.period for report in read_reports()}):
            issue_progress_project(folder, STAMP, period)
            for report in read_reports():
                if report.period == period:
                    write(report, folder / "outputs" / "下发进展" / f"{report.unit}.xlsx", numbers, target / period)


def measure_numbers(folder: Path) -> dict[tuple[str, str], str]:
    """(unit, title of its own row) -> the number that the row went into."""
    grid = read_book(folder / "outputs" / "汇总台账.xlsx", {TRACE.title}.__contains__).grids[TRACE.title]
    return {
        (row.get("unit"), row.get("text").partition("。")[0]): row.get("item")
        for row in read_list(grid, TRACE).rows
        if row.get("short") == "措施"
    }


def write(report: Report, form: Path, numbers: dict[tuple[str, str], str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    by_number = {numbers[report.unit, title]: cells for title, cells in report.rows.items()}
    path = folder / report.unit
    if report.shape == "文本":
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(["措施编号", *TITLES[:5]])
        for number, cells in by_number.items():
            writer.writerow([number, *(cells.get(title, "") for title in TITLES[:5])])
        path.with_suffix(".csv").write_bytes(out.getvalue().encode("gb18030"))
    elif report.shape == "自制":
        path.with_suffix(".xlsx").write_bytes(own_table(report, by_number))
    else:
        values = {(numbers[report.unit, title], quote): value for (title, quote), value in report.values.items()}
        path.with_suffix(".xlsx").write_bytes(filled_form(report, form, by_number, values))


def own_table(report: Report, by_number: dict[str, dict[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "进度"
    year, month = report.period.split("-")
    sheet.append([f"{report.unit}{year}年{int(month)}月整改工作进度表"])
    sheet.append([f"填报单位：{report.unit}", None, None, f"填报日期：{report.date}"])
    titles = TITLES[:5]
    sheet.append([OWN["措施编号"], *(OWN.get(title, title) for title in titles)])
    for number, cells in by_number.items():
        sheet.append([number, *(cells.get(title) or None for title in titles)])
    sheet.append(["填报人：", None, None, "审核人："])
    return packaging.workbook_bytes(book, STAMP)


def filled_form(
    report: Report, form: Path, by_number: dict[str, dict[str, str]], values: dict[tuple[str, str], float]
) -> bytes:
    book = openpyxl.load_workbook(form)
    sheet: Any = book["进展填报"]
    titles = [str(cell.value).rstrip("*") for cell in sheet[HEADER_ROW]]
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        for title, text in by_number.get(row[0].value, {}).items():
            row[titles.index(title)].value = text or None
    kept = set(by_number)
    for number in range(sheet.max_row, HEADER_ROW, -1):  # units fill in what they lead, and throw the rest away
        if sheet.cell(number, 1).value not in kept:
            sheet.delete_rows(number)
    for row in book["量化指标"].iter_rows(min_row=HEADER_ROW + 1) if "量化指标" in book.sheetnames else ():
        row[7].value = values.get((row[0].value, row[2].value))
    for row in book["基本信息"].iter_rows(min_row=HEADER_ROW + 1):
        if row[0].value == "填报日期":
            row[1].value = report.date
    return packaging.workbook_bytes(book, STAMP)


if __name__ == "__main__":
    main()
