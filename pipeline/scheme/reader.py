"""方案.xlsx -> Scheme, with every wrong setting named by sheet and cell."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from pydantic import ValidationError

from pipeline.progress.sections import DEFAULT_SECTIONS, TABLES, Section
from pipeline.progress.sections import PLACEHOLDERS as BULLETIN_PLACEHOLDERS
from pipeline.scheme.model import (
    PLACEHOLDER,
    PLACEHOLDERS,
    Aspect,
    Body,
    Part,
    Scheme,
    SchemeError,
    Settings,
    Term,
    Unit,
)
from pipeline.vocabulary import PartKind

SHEETS: dict[str, tuple[str, ...]] = {
    "基本设置": ("项目", "内容", "说明"),
    "对照方面": ("序号", "简称", "全称"),
    "原因类别": ("序号", "简称", "全称"),
    "努力方向": ("序号", "标题"),
    "填报单位": ("序号", "单位名称", "别名", "单位类别"),
    "外单位": ("序号", "单位名称", "别名"),
    "班子情况": ("项目", "内容", "说明"),
    "文稿": ("段落", "标题", "内容", "说明"),
    "通报": ("标题", "内容", "附表"),
    "词库": ("类别", "词", "同义词"),
}
"""The sheets of 方案.xlsx and their columns (contract, section 2)."""

TERM_KINDS = ("同义词", "简称", "不归并")
_TERM_WORDS = {
    "不归并": ("不归并", "不合并", "不得", "不可", "禁"),
    "简称": ("简称", "缩写", "缩略", "全称"),
    "同义词": ("同义", "近义", "等同"),
}
"""Kinds of 词库, and what an office may call them; what keeps apart is looked for first."""

_SWITCHES = {name for name, field in Settings.model_fields.items() if field.annotation is bool}
_OPTIONAL = {"原因类别", "班子情况", "词库", "外单位", "通报"}
_SEPARATORS = re.compile(r"[、,，;；\n]+")


class _Row(dict[str, str]):
    """A row of a sheet: column title -> text, and where it stands."""

    def __init__(self, sheet: str, number: int, values: dict[str, str], letters: dict[str, str]):
        super().__init__(values)
        self.sheet, self.number, self.letters = sheet, number, letters

    def cell(self, title: str) -> str:
        return f"{self.letters.get(title, 'A')}{self.number}"

    def where(self, title: str) -> str:
        return f"方案.xlsx“{self.sheet}”{self.cell(title)}"


def read_scheme(path: Path) -> Scheme:
    """The scheme in the workbook at `path`.

    Raises SchemeError, whose problems name sheet, cell and what is allowed, if it is missing, unreadable or wrong.
    """
    if not path.is_file():
        raise SchemeError([f"没有找到方案：{path}。请先运行 sandan init 生成方案.xlsx。"])
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        raise SchemeError(
            [f"方案.xlsx 打不开（{type(error).__name__}）。请在 Excel 中另存为 .xlsx 后再试。"]
        ) from error
    problems: list[str] = []
    rows = {name: list(_rows(book, name, problems)) for name in SHEETS}
    settings, unknown = _settings(rows["基本设置"], problems)
    aspects = _aspects(rows["对照方面"], problems)
    if not aspects and "对照方面" in book.sheetnames:
        problems.append("方案.xlsx“对照方面”没有内容：至少要有一个对照方面。")
    scheme_parts = {
        "aspects": aspects,
        "categories": _aspects(rows["原因类别"], problems),
        "directions": _distinct(rows["努力方向"], "标题", problems),
        "roster": _roster(rows["填报单位"], problems),
        "externals": _roster([row for row in rows["外单位"] if row.get("单位名称", "")], problems),
        "parts": _parts(rows["文稿"], problems),
        "body": _body(rows["班子情况"], problems) if "班子情况" in book.sheetnames else None,
        "terms": _terms(rows["词库"], problems),
        "bulletin": _sections(rows["通报"], problems) or DEFAULT_SECTIONS,
    }
    if problems or settings is None:
        raise SchemeError(problems)
    return Scheme(settings=settings, unknown_settings=unknown, **scheme_parts)  # type: ignore[arg-type]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _rows(book: Any, name: str, problems: list[str]) -> Iterator[_Row]:
    """The filled rows below the header of a sheet; the header may stand below up to four title rows."""
    if name not in book.sheetnames:
        if name not in _OPTIONAL:
            problems.append(f"方案.xlsx缺少工作表“{name}”（列：{'、'.join(SHEETS[name])}）。")
        return
    letters: dict[str, str] = {}
    for cells in book[name].iter_rows():
        texts = {_text(cell.value): cell for cell in cells if _text(cell.value)}
        if not letters:
            found = [title for title in SHEETS[name] if title in texts]
            if len(found) >= min(2, len(SHEETS[name])):
                letters = {title: texts[title].column_letter for title in found}
                missing = [
                    title for title in SHEETS[name] if title not in texts and title not in ("序号", "说明", "单位类别")
                ]
                if missing:
                    problems.append(f"方案.xlsx“{name}”缺少列：{'、'.join(missing)}。")
            elif cells and cells[0].row > 5:
                break
            continue
        values = {_text(cell.column_letter): _text(cell.value) for cell in cells}
        row = {title: values.get(letter, "") for title, letter in letters.items()}
        if any(text for title, text in row.items() if title != "序号"):
            yield _Row(name, cells[0].row, row, letters)
    if not letters:
        problems.append(f"方案.xlsx“{name}”没有找到表头（列：{'、'.join(SHEETS[name])}）。")


def _settings(rows: list[_Row], problems: list[str]) -> tuple[Settings | None, tuple[tuple[str, str], ...]]:
    fields = {field.title: name for name, field in Settings.model_fields.items()}
    given: dict[str, Any] = {}
    source: dict[str, _Row] = {}
    unknown: list[tuple[str, str]] = []
    for row in rows:
        title, text = row["项目"], row["内容"]
        name = fields.get(title)
        if name is None:
            if title:
                unknown.append((row.cell("项目"), title))
            continue
        if name in source:
            problems.append(f"{row.where('项目')}：“{title}”写了两次。")
        source[name] = row
        if text:
            value = _setting_value(name, text)
            if value is None:
                allowed = "是、否" if name in _SWITCHES else "日期，例：2022-01-31"
                problems.append(f"{row.where('内容')}：“{title}”不能填“{text}”，应填{allowed}。")
            else:
                given[name] = value
    if "year" not in given:
        problems.append("方案.xlsx“基本设置”：没有填“年度”（四位数字，例：2021）。")
        return None, ()
    try:
        return Settings(**given), tuple(unknown)
    except ValidationError as error:
        for item in error.errors():
            name = str(item["loc"][0])
            field = Settings.model_fields[name]
            row = source[name]
            problems.append(
                f"{row.where('内容')}：“{field.title}”不能填“{row['内容']}”。允许的内容：{field.description}"
            )
        return None, ()


def _setting_value(name: str, text: str) -> Any:
    """The text of a setting as its type; None where it cannot be understood."""
    folded = unicodedata.normalize("NFKC", text)
    if name in _SWITCHES:
        return {"是": True, "否": False}.get(folded)
    if name in ("submit_by", "base_date", "issued_on"):
        match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", folded)
        try:
            return dt.date(*map(int, match.groups())) if match else None
        except ValueError:
            return None
    if name in ("masks", "attachments", "kinds"):
        return tuple(part for part in _SEPARATORS.split(text) if part)
    if name in ("year", "deadline_year"):
        return folded.removesuffix("年度").removesuffix("年")
    if name == "auto_merge":
        return {"是": "稳妥"}.get(folded, folded)
    if name == "third_level":
        return {"1、": "1、", "1.": "1.", "1．": "1.", "1": text}.get(text, text)
    if name == "measure_numbers":
        return {"(1)": "（1）", "一是": "一是"}.get(folded, text)
    return text


def _distinct(rows: list[_Row], title: str, problems: list[str]) -> tuple[str, ...]:
    seen: dict[str, _Row] = {}
    for row in rows:
        text = row.get(title, "")
        if text in seen:
            problems.append(f"{row.where(title)}：“{text}”与第 {seen[text].number} 行重复。")
        elif text:
            seen[text] = row
    return tuple(seen)


def _aspects(rows: list[_Row], problems: list[str]) -> tuple[Aspect, ...]:
    _distinct(rows, "简称", problems)
    _distinct(rows, "全称", problems)
    aspects = []
    for row in rows:
        short, full = row.get("简称", ""), row.get("全称", "")
        aspects.append(Aspect(short=short or full, full=full or short, cell=row.cell("全称" if full else "简称")))
    return tuple(aspects)


def _roster(rows: list[_Row], problems: list[str]) -> tuple[Unit, ...]:
    owner: dict[str, str] = {}
    units: list[Unit] = []
    for row in rows:
        name = row.get("单位名称", "")
        if not name:
            problems.append(f"{row.where('单位名称')}：没有填单位名称。")
            continue
        aliases = tuple(part.strip() for part in _SEPARATORS.split(row.get("别名", "")) if part.strip())
        for spelling in (name, *aliases):
            if owner.setdefault(spelling, name) != name or (spelling == name and name in [unit.name for unit in units]):
                problems.append(f"{row.where('单位名称')}：“{spelling}”已是“{owner[spelling]}”的名称或别名，不能重复。")
        units.append(Unit(name=name, aliases=aliases, category=row.get("单位类别", "")))
    return tuple(units)


def _parts(rows: list[_Row], problems: list[str]) -> tuple[Part, ...]:
    parts = []
    for row in rows:
        kind, content = row["段落"], row.get("内容", "")
        if kind not in tuple(PartKind):
            problems.append(f"{row.where('段落')}：段落不能填“{kind}”，应填：{'、'.join(PartKind)}。")
            continue
        for name in PLACEHOLDER.findall(content):
            if name not in PLACEHOLDERS:
                allowed = "、".join("{" + known + "}" for known in PLACEHOLDERS)
                problems.append(f"{row.where('内容')}：不认识 {{{name}}}，可用：{allowed}。")
        title, note = row.get("标题", ""), row.get("说明", "")
        parts.append(Part(kind=PartKind(kind), title=title, content=content, cell=row.cell("内容"), note=note))
    return tuple(parts)


def _sections(rows: list[_Row], problems: list[str]) -> tuple[Section, ...]:
    sections = []
    for row in rows:
        table = row.get("附表", "")
        if table and table not in TABLES:
            problems.append(f"{row.where('附表')}：没有“{table}”，可填：{'、'.join(TABLES)}。")
        for name in PLACEHOLDER.findall(row.get("内容", "")):
            if name not in BULLETIN_PLACEHOLDERS:
                allowed = "、".join(BULLETIN_PLACEHOLDERS)
                problems.append(f"{row.where('内容')}：不认识 {{{name}}}，可用：{allowed}。")
        sections.append(Section(row.get("标题", ""), row.get("内容", ""), table, row.cell("内容")))
    return tuple(sections)


def _body(rows: list[_Row], problems: list[str]) -> Body:
    """The body's own figures; a blank cell is one that nobody has filled in yet."""
    fields = {field.title: name for name, field in Body.model_fields.items()}
    given: dict[str, int] = {}
    for row in rows:
        name, text = fields.get(row["项目"]), unicodedata.normalize("NFKC", row["内容"])
        if name is None:
            problems.append(f"{row.where('项目')}：不认识“{row['项目']}”，应为：{'、'.join(map(str, fields))}。")
        elif text:
            match = re.fullmatch(r"(\d{1,6})(?:次|条|人次)?", text)
            if match:
                given[name] = int(match[1])
            else:
                problems.append(f"{row.where('内容')}：“{row['项目']}”不能填“{row['内容']}”，应填数字，例：6。")
    return Body(**given)


def _terms(rows: list[_Row], problems: list[str]) -> tuple[Term, ...]:
    terms = []
    for row in rows:
        kind = next((known for known, words in _TERM_WORDS.items() if any(word in row["类别"] for word in words)), "")
        if not kind:
            problems.append(f"{row.where('类别')}：类别不能填“{row['类别']}”，应填：{'、'.join(TERM_KINDS)}。")
            continue
        synonyms = tuple(part.strip() for part in _SEPARATORS.split(row.get("同义词", "")) if part.strip())
        terms.append(Term(category=kind, word=row["词"], synonyms=synonyms))
    return tuple(terms)
