"""A whole district, beside the script that an office would write: 1,087 workbooks with 6,522 problems and as many measures.

    python benchmarks/district.py [--units 1087] [--keep FOLDER]

One run measures, each in a process of its own:
- `sandan merge`, stage by stage, with its peak memory (its reading workers included);
- the plain script: pandas.read_excel (openpyxl) over every file, rapidfuzz cdist over all pairs, to_excel, python-docx;
- the floor: python-calamine alone over the same files, XlsxWriter alone over the same cells.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from training.hands import read_rows

DAY = dt.date(2022, 7, 15)
PER_UNIT = 6


def make_district(folder: Path, units: int) -> None:
    """Write 方案.xlsx and `units` workbooks, every one of PER_UNIT problems and measures; the same each time."""
    from pipeline.forms import build_form
    from pipeline.scheme import Unit, load_preset, write_scheme
    from pipeline.tables import BASIC

    chosen = random.Random(7)
    names = [f"{chr(0x4E00 + 37 * (at % 500))}{'甲乙丙丁'[at % 4]}{at}号单位" for at in range(units)]
    scheme = load_preset("2021").scheme
    settings = scheme.settings.model_copy(update={"unit": "中共某县委常委班子", "base_date": DAY})
    roster = tuple(Unit(name=name) for name in names)
    write_scheme(scheme.model_copy(update={"settings": settings, "roster": roster}), folder / "方案.xlsx")
    pools = {key: read_rows(key) for key in ("problems", "measures")}
    clauses = {
        key: [part for row in rows for part in row["text"].rstrip("。").split("，") if len(part) > 4]
        for key, rows in pools.items()
    }

    def text(key: str) -> tuple[str, str]:
        """A labelled row now and then; else clauses with half of their words replaced, so that most rows are alone."""
        if chosen.random() < 0.25:
            row = chosen.choice(pools[key])
            return row["title"], row["text"]
        parts = chosen.sample(clauses[key], chosen.randint(2, 4))
        return changed(chosen.choice(pools[key])["title"]), "，".join(map(changed, parts)) + "。"

    def changed(clause: str) -> str:
        return "".join(
            chosen.choice(words) if chosen.random() < 0.5 else clause[at : at + 2] for at in range(0, len(clause), 2)
        )

    words = sorted(
        {part[at : at + 2] for parts in clauses.values() for part in parts for at in range(0, len(part) - 1, 2)}
    )
    (folder / "workbooks").mkdir(parents=True)
    whole = scheme.model_copy(update={"roster": roster})
    for number, name in enumerate(names):
        book = build_form(
            whole, name
        )  # what departments really fill in, its frames, drop-downs and empty lines included
        for row, value in enumerate((name, "某同志", "", "", "2022-01-10", 4, 9, 12), start=1):
            cell = next(
                cell
                for line in book["基本信息"]
                for cell in line
                if cell.value and BASIC.titles()[row - 1] in str(cell.value)
            )
            book["基本信息"].cell(cell.row, 2).value = value
        lines = []
        for at in range(1, PER_UNIT + 1):
            title, detail = text("problems")
            aspect = chosen.choice(scheme.aspects).short
            lines.append([at, aspect, title, detail, "", chosen.choice(["群众提", "自己找", "上级点"])])
        _fill(book["问题清单"], lines)
        lines = []
        for at in range(1, PER_UNIT + 1):
            title, detail = text("measures")
            row = [at, at, chosen.choice(scheme.directions), title, detail, "", name, "", "", "", "限期整改"]
            lines.append([*row, f"2022-{chosen.randint(1, 12):02}-28", chosen.choice(["正在推进", "未启动"])])
        _fill(book["整改措施"], lines)
        book.save(folder / "workbooks" / f"{number:04}.xlsx")


def _fill(sheet: Any, lines: list[list[Any]]) -> None:
    """The lines below the header of a blank form."""
    header = next(row[0].row for row in sheet.iter_rows(max_row=6) if str(row[0].value).startswith("序号"))
    for number, line in enumerate(lines, start=header + 1):
        for column, value in enumerate(line, start=1):
            sheet.cell(number, column).value = value or None


def ours(folder: Path) -> dict[str, float]:
    """The whole merge; seconds by stage."""
    from pipeline import run

    shutil.rmtree(folder / "outputs", ignore_errors=True)
    (folder / "台账.db").unlink(missing_ok=True)
    stages: dict[str, float] = {}
    last = [time.perf_counter(), "开始"]

    def progress(stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        label = stage if stage == "读取" else f"{stage} {done}/{total}"
        stages[label] = stages.get(label, 0.0) + now - float(last[0])
        last[0] = now

    run.merge_project(folder, DAY, progress)
    stages["放好"] = time.perf_counter() - float(last[0])
    return stages


def plain(folder: Path) -> dict[str, float]:
    """What an office's own script does: read, compare all pairs, group by a threshold, write a table and a document."""
    import docx
    import numpy as np
    import pandas as pd
    from rapidfuzz import fuzz, process

    stages: dict[str, float] = {}
    began = time.perf_counter()
    frames: dict[str, list[pd.DataFrame]] = {"问题清单": [], "整改措施": []}
    for path in sorted((folder / "workbooks").glob("*.xlsx")):
        for name, found in frames.items():
            frame = pd.read_excel(path, sheet_name=name, header=2, engine="openpyxl")
            frame.columns = [str(title).rstrip("*") for title in frame.columns]
            found.append(frame.dropna(subset=[frame.columns[3]]).assign(文件=path.name))
    whole = {name: pd.concat(found, ignore_index=True) for name, found in frames.items()}
    stages["读取"] = time.perf_counter() - began
    began = time.perf_counter()
    for name, (title, detail) in {"问题清单": ("问题", "具体表现"), "整改措施": ("措施", "具体举措")}.items():
        texts = (whole[name][title] + whole[name][detail]).tolist()
        scores = process.cdist(texts, texts, scorer=fuzz.token_sort_ratio, dtype=np.uint8, workers=-1)
        whole[name]["组"] = (scores >= 85).argmax(axis=1)
    stages["归并"] = time.perf_counter() - began
    began = time.perf_counter()
    with pd.ExcelWriter(folder / "plain.xlsx", engine="openpyxl") as writer:
        for name, frame in whole.items():
            frame.to_excel(writer, sheet_name=name, index=False)
            frame.drop_duplicates("组").to_excel(writer, sheet_name=f"{name}（归并）", index=False)
    document = docx.Document()
    for _, row in whole["问题清单"].drop_duplicates("组").head(200).iterrows():
        document.add_paragraph(f"{row['问题']}。{row['具体表现']}")
    document.save(str(folder / "plain.docx"))
    stages["写出"] = time.perf_counter() - began
    return stages


def floor(folder: Path) -> dict[str, float]:
    """The least that any merge in this language does: calamine over the files, XlsxWriter over the cells of the summary."""
    import python_calamine
    import xlsxwriter

    stages: dict[str, float] = {}
    began = time.perf_counter()
    for path in sorted((folder / "workbooks").glob("*.xlsx")):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    stages["读取（calamine）"] = time.perf_counter() - began
    summary = python_calamine.CalamineWorkbook.from_path(str(folder / "outputs" / "汇总台账.xlsx"))
    grids = [summary.get_sheet_by_name(name).to_python() for name in summary.sheet_names]
    began = time.perf_counter()
    book = xlsxwriter.Workbook(str(folder / "floor.xlsx"))
    for grid in grids:
        sheet = book.add_worksheet()
        for number, row in enumerate(grid):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif isinstance(value, int | float):
                    sheet.write_number(number, column, value)
    book.close()
    stages["写出（XlsxWriter）"] = time.perf_counter() - began
    return stages


def _measured(work: Any, folder: Path, results: Any) -> None:
    import psutil

    own = psutil.Process()
    peak = [0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    memory = process.memory_full_info()
                    total += getattr(memory, "pss", memory.uss)
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], total)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    stages = work(folder)
    seconds = time.perf_counter() - began
    over.set()
    results.put((seconds, peak[0] / 2**20, stages))


def measure(work: Any, folder: Path) -> tuple[float, float, dict[str, float]]:
    """Seconds, peak MB of the process and its workers together (pages that they share counted once), seconds by stage."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_measured, args=(work, folder, results))
    process.start()
    measured: tuple[float, float, dict[str, float]] = results.get()
    process.join()
    return measured


def main() -> None:
    """Make the district, run the three, print seconds, memory and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1087)
    parser.add_argument("--keep", type=Path, help="a folder to make the district in and leave there")
    parser.add_argument("--ours-only", action="store_true", help="leave the rival out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary) / "district"
        if not (folder / "方案.xlsx").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make_district(folder, options.units)
        seconds: dict[str, float] = {}
        works = {"sandan merge": ours, "floor": floor} | ({} if options.ours_only else {"plain script": plain})
        for name, work in works.items():
            seconds[name], memory, stages = measure(work, folder)
            print(f"{name:14} {seconds[name]:7.1f} s  {memory:6.0f} MB")
            for stage, part in stages.items():
                print(f"    {stage:20} {part:7.2f} s")
        for name in works:
            if name != "sandan merge":
                print(f"{name}: {seconds[name] / seconds['sandan merge']:.1f} x sandan merge")


if __name__ == "__main__":
    main()
