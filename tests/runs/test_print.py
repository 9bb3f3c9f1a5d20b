"""The workbook on paper: drawn by LibreOffice, and its type measured. And its colours, as those see them who see few."""

import itertools
import re
import shutil
import subprocess
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from conftest import TODAY

from pipeline.run import merge_project
from pipeline.summary import paper, styles
from pipeline.summary.periods import Period
from pipeline.summary.workbook import write_summary
from pipeline.tables import cause_list, closing_list, duty_list, list_tables, problem_list, task_list

ROOT = Path(__file__).parents[2]
needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice or poppler is not installed"
)
WORDS = "{http://www.w3.org/1999/xhtml}"
HANGS = ("问题清单（打印）", "任务清单（打印）", "责任清单", "对账销号")
PROGRESS = ("进展明细", "调度", "本期变化", "量化指标")
LISTS = (
    *("问题清单", "原因剖析", "任务清单", *HANGS, *PROGRESS),
    *("待确认", "已定事项", "合并明细", "填报情况", "未作数据的行", "核对结果"),
)


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """汇总台账.xlsx of the worked example."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(ROOT / "方案.xlsx", folder)
    shutil.copytree(ROOT / "workbooks", folder / "workbooks")
    merge_project(folder, TODAY)
    return folder / "outputs" / "汇总台账.xlsx"


@pytest.fixture(scope="session")
def pages(example, tmp_path_factory):
    """Title of a sheet -> its pages as LibreOffice prints them."""
    return printed(example, tmp_path_factory.mktemp("pdf"))


@dataclass(frozen=True)
class Word:
    """A word on a page: where it stands, in points from the top left, and how high its line is."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self):
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]
    sizes: Counter


def printed(path, folder):
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=300)
    pdf = folder / f"{path.stem}.pdf"
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True).stdout
    sizes = type_sizes(pdf)
    found = {}
    for number, page in enumerate(ElementTree.fromstring(boxes).iter(f"{WORDS}page")):
        words = tuple(
            Word(word.text or "", *(float(word.get(at)) for at in ("xMin", "yMin", "xMax", "yMax")))
            for word in page.iter(f"{WORDS}word")
        )
        made = Page(float(page.get("width")), float(page.get("height")), words, sizes[number])
        found.setdefault(headed(made), []).append(made)
    return found


def headed(page):
    """Which sheet a page belongs to: what its header says, and what its columns are."""
    top = "".join(word.text for word in page.words if word.middle < 54)
    text = "".join(word.text for word in page.words)
    title = next((name for name in (*LISTS, "统计") if name in top), "总览")
    return (
        f"{title}（打印）"
        if f"{title}（打印）" in HANGS and "提出单位数" not in text and "整改类型" not in text
        else title
    )


def type_sizes(pdf):
    """Glyphs by type size in points, for each page: what LibreOffice's content streams set them at."""
    held = pdf.read_bytes()
    starts = {int(found[1]): found.end() for found in re.finditer(rb"(\d+) 0 obj", held)}
    contents = [int(found[1]) for found in re.finditer(rb"/Contents (\d+) 0 R", held)]
    bodies = [held.index(b"stream", starts[number]) + len(b"stream") for number in contents]
    streams = [zlib.decompressobj().decompress(held[body:].lstrip(b"\r\n")) for body in bodies]
    shown = re.compile(rb"/F\d+ ([\d.]+) Tf")
    return [Counter(float(size) for size in shown.findall(stream)) for stream in streams]


@needs_office
@pytest.mark.parametrize("title", [*LISTS, "总览", "统计"])
def test_nothing_is_printed_below_eight_points(pages, title):
    sizes = sum((page.sizes for page in pages[title]), Counter())
    assert min(size for size, count in sizes.items() if count) >= paper.SMALLEST, sizes


@needs_office
def test_the_dashboard_is_one_page_and_full(pages):
    (page,) = pages["总览"]
    assert page.width > page.height > 800, "A3 across"
    low, high = min(word.top for word in page.words), max(word.bottom for word in page.words)
    assert (high - low) / page.height > 0.75
    for left, top in itertools.product((0, 0.5), (0, 0.5)):
        quarter = [
            word
            for word in page.words
            if left <= word.left / page.width < left + 0.5 and top <= word.middle / page.height < top + 0.5
        ]
        assert len(quarter) > 25, (left, top)


@needs_office
@pytest.mark.parametrize("title", [*HANGS, "问题清单", "任务清单", "原因剖析", "填报情况", "核对结果", "合并明细"])
def test_no_cell_is_clipped(example, pages, title):
    """Every character of every printed cell is on paper, within the lines of its own row."""
    sheet = openpyxl.load_workbook(example, data_only=True)[title]
    columns = sheet.print_area.rsplit("!", 1)[-1].replace("$", "").split(":")[1].rstrip("0123456789")
    last = openpyxl.utils.column_index_from_string(columns)
    rows = [row for row in sheet.iter_rows(min_row=4, max_col=last) if row[0].value is not None]
    lost = []
    at = 0
    for page in pages[title]:
        body = sorted((word for word in page.words if 54 < word.middle < page.height - 44), key=lambda w: w.middle)
        at = _page(sheet, page, body, rows, at, lost)
    assert at == len(rows)
    assert not lost, lost[:5]


_MIDDLE = 3.5
"""Points above and below the middle of a line that hold its strokes."""


def _page(sheet, page, body, rows, at, lost):
    """Take the rows that stand on a page; returns the number of the first row of the next."""
    header = sheet.row_dimensions[3].height
    if not body:
        return at
    total, count = header, 0
    scale = _scale(sheet, page)
    # LibreOffice puts the list where the page's header ends; its own header stands in the middle of its row
    start = next(word.middle for word in body if word.text == sheet["A3"].value) - header * scale / 2
    while at + count < len(rows) and start + total * scale + _MIDDLE < body[-1].middle:
        total, count = total + sheet.row_dimensions[rows[at + count][0].row].height, count + 1
    top = start + header * scale
    for row in rows[at : at + count]:
        height = sheet.row_dimensions[row[0].row].height * scale
        within = (word.text for word in body if top + _MIDDLE <= word.middle <= top + height - _MIDDLE)
        inside = Counter("".join(within))
        wanted = Counter("".join("".join(shown(cell).split()) for cell in row))
        if missing := wanted - inside:
            lost.append((row[0].value, "".join(missing.elements())[:20]))
        top += height
    return at + count


def shown(cell):
    if cell.value is None:
        return ""
    return cell.value.strftime("%Y-%m-%d") if cell.is_date else str(cell.value)


def _scale(sheet, page):
    """How much LibreOffice shrank the sheet: what its body is set at, of what it was written at."""
    sizes = [size for size, count in page.sizes.items() if count]
    return Counter(page.sizes).most_common(1)[0][0] / styles.BODY if sizes else 1.0


def test_no_date_stands_as_a_number(example):
    """Under a heading that names a day, what is a number is shown as a date."""
    seen = 0
    for sheet in openpyxl.load_workbook(example, data_only=True):
        for column in sheet.iter_cols(min_row=3):
            if str(column[0].value).endswith(("日期", "到期日", "延期至")):
                numbers = [cell for cell in column[1:] if cell.value is not None and not isinstance(cell.value, str)]
                assert all(cell.is_date for cell in numbers), (sheet.title, column[0].value)
                seen += len(numbers)
    assert seen > 50


@needs_office
@pytest.mark.parametrize("title", HANGS[:3])
def test_no_printed_column_is_blank(example, title):
    sheet = openpyxl.load_workbook(example, data_only=True)[title]
    for column in sheet.iter_cols(min_row=4):
        assert any(cell.value for cell in column), sheet.cell(3, column[0].column).value


def test_what_a_list_prints_is_readable_by_its_widths():
    """As tests without LibreOffice can tell: the widths allow 8 points on the paper that is chosen."""
    for table in (*list_tables(), duty_list()):
        widths = [column.width for column in table.columns[: paper.printed_columns(table)]]
        assert paper.smallest_type(widths, paper.paper_for(widths)) >= paper.SMALLEST, table.title
    ends = {table.title: table.titles()[paper.printed_columns(table) - 1] for table in (problem_list(), cause_list())}
    assert ends == {"问题清单": "对应措施", "原因剖析": "对应问题"}
    assert task_list().titles()[: paper.printed_columns(task_list())][-1] == "完成情况"
    assert paper.printed_columns(closing_list()) >= 12


def test_progress_stands_on_the_page_once_there_is_a_period(tmp_path, example, monkeypatch):
    made = {}
    monkeypatch.setattr(
        "pipeline.summary.output.write_summary",
        lambda *given, **more: made.update(given=given) or write_summary(*given, **more),
    )
    shutil.copy(example.parents[1] / "方案.xlsx", tmp_path)
    shutil.copytree(example.parents[1] / "workbooks", tmp_path / "workbooks", ignore=shutil.ignore_patterns("进展"))
    merge_project(tmp_path, TODAY)
    _, result, findings, *_ = made["given"]
    periods = [Period(f"2022-0{month}", 91, 3 * month, 2 * month, month, month) for month in range(3, 8)]
    for name, given in (("without", []), ("with", periods)):
        write_summary(tmp_path / f"{name}.xlsx", result, findings, periods=given)
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx") as package:
            charts = [n for n in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", n)]
            lines = [n for n in charts if b"lineChart" in package.read(n)]
        sheet = openpyxl.load_workbook(tmp_path / f"{name}.xlsx", data_only=True)["总览"]
        texts = {cell.value for row in sheet for cell in row}
        assert bool(lines) is bool(given)
        assert ("是不是在往前走？" in texts) is bool(given)
        assert ("2022-07：已完成 14 项，比上期多 2 项" in texts) is bool(given)


# Colours. Simulation after Machado, Oliveira and Fernandes 2009 (severity 1.0), distances as CIE76 in Lab.
SIGHT = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
STATES = (styles.DONE_COLOUR, styles.LATE_COLOUR, styles.SOON_COLOUR, styles.OPEN_COLOUR)


def linear(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour, matrix):
    return [min(1.0, max(0.0, sum(m * c for m, c in zip(line, linear(colour), strict=True)))) for line in matrix]


def lab(rgb):
    r, g, b = rgb
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SIGHT)
def test_the_states_stay_apart_for_every_eye(sight):
    """20 is far: a just noticeable difference is 2.3."""
    for one, two in itertools.combinations(STATES, 2):
        distance = (
            sum((a - b) ** 2 for a, b in zip(lab(seen(one, SIGHT[sight])), lab(seen(two, SIGHT[sight])), strict=True))
            ** 0.5
        )
        assert distance >= 15, (one, two, round(distance, 1))


def contrast(one, two):
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(two))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_and_frames_can_be_read():
    for text in (styles.INK, styles.MUTED, styles.NAVY, styles.BLUE, styles.LATE_TEXT, styles.SOON_TEXT):
        assert contrast(text, styles.WHITE) >= 4.5, text
        assert contrast(text, styles.PALE) >= 4.5, text
    for frame in (styles.OPEN_FRAME, styles.SOON_FRAME, styles.LATE_COLOUR, styles.DONE_COLOUR):
        assert contrast(frame, styles.WHITE) >= 3, frame
    assert contrast(styles.WHITE, styles.LATE_COLOUR) >= 3
    assert contrast(styles.INK, styles.SOON_COLOUR) >= 4.5
    assert contrast(styles.INK, styles.SKY) >= 4.5
