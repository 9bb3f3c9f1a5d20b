"""Write the pages of docs/ that are made from the code: findings, columns, settings, commands.

    python tools/write_manual.py [--check]

With --check nothing is written; the exit status is 1 if a page is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import typer.main

from pipeline import cli
from pipeline.before_sending import BEFORE_SENDING
from pipeline.closing import as_markdown, as_mermaid
from pipeline.findings import FAMILIES, rules
from pipeline.progress import sections
from pipeline.progress.tables import METRICS, PROGRESS
from pipeline.scheme import PLACEHOLDERS, Settings
from pipeline.scheme.reader import SHEETS
from pipeline.tables import BASIC, INPUTS, list_tables

MANUAL = Path(__file__).parents[1] / "docs" / "manual"
_MADE = "本页由 `python tools/write_manual.py` 从程序生成。"


def table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    """A Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return [
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    ]


def findings_page() -> str:
    lines = ["# 核对结果里的每一条", "", _MADE + "花括号里是运行时填入的内容。", ""]
    for letter, title in FAMILIES.items():
        own = [rule for rule in rules() if rule.code.startswith(letter)]
        rows = [(rule.code, rule.level, rule.message, rule.remedy + rule.office) for rule in own]
        lines += [f"## {title}", "", *table(("代码", "级别", "说的是什么", "怎样改"), rows), ""]
    return "\n".join(lines)


def columns_page() -> str:
    lines = ["# 填报表的每一列", "", _MADE + "带 * 的必填；“也认得”是表头的其他写法。", ""]
    for sheet in (BASIC, *INPUTS, PROGRESS, METRICS):
        rows = [(column.title + "*" * column.required, column.help, "、".join(column.aliases)) for column in sheet]
        lines += [f"## {sheet.title}", "", *table(("列", "怎样填", "也认得"), rows), ""]
    lines += ["# 汇总台账中可以改的列", ""]
    rows = [(sheet.title, "、".join(column.title for column in sheet if column.editable)) for sheet in list_tables()]
    return "\n".join([*lines, *table(("工作表", "可以改的列"), rows), ""])


def settings_page() -> str:
    rows = [(field.title, field.description) for field in Settings.model_fields.values()]
    sheets = [(name, "、".join(columns)) for name, columns in SHEETS.items()]
    places = "、".join("{" + name + "}" for name in PLACEHOLDERS)
    lines = ["# 方案.xlsx 的每一项", "", _MADE, "", "## 工作表", "", *table(("工作表", "列"), sheets), ""]
    lines += ["## 基本设置", "", *table(("项目", "填什么"), rows), "", "## 文稿里可以用的花括号", "", places + "。", ""]
    named = "、".join("{" + name + "}" for name in sections.PLACEHOLDERS)
    lines += ["## 通报里可以用的花括号", "", named + "。", "", "附表可填：" + "、".join(sections.TABLES) + "。", ""]
    return "\n".join(lines)


def commands_page() -> str:
    group = typer.main.get_command(cli.app)
    lines = ["# 命令", "", _MADE, ""]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        context = typer.Context(command, info_name=f"sandan {name}")
        lines += [f"## sandan {name}", "", "```", command.get_help(context), "```", ""]
    codes = [(code, meaning) for code, meaning in cli.EXIT_CODES.items()]
    return "\n".join([*lines, "## 退出码", "", *table(("退出码", "意思"), codes), ""])


def self_check_page() -> str:
    lines = ["# 送审前自查", "", "本页由 `python tools/write_manual.py` 从程序生成。这些程序判断不了，要人来看。", ""]
    return "\n".join([*lines, *(f"- [ ] {text}" for text in BEFORE_SENDING), ""])


def closing_page() -> str:
    lines = [
        "# 对账销号：谁在什么时候能做什么",
        "",
        _MADE + "程序按这张表办，不在表里的一步不改变状态，并在核对结果中说明可以做什么。",
        "",
    ]
    return "\n".join([*lines, as_markdown(), "```mermaid", as_mermaid().rstrip(), "```", ""])


PAGES = {
    "销号.md": closing_page,
    "核对结果.md": findings_page,
    "填报表.md": columns_page,
    "方案.md": settings_page,
    "命令.md": commands_page,
    "送审前自查.md": self_check_page,
}


def main() -> int:
    stale = [
        name
        for name, page in PAGES.items()
        if not (MANUAL / name).is_file() or (MANUAL / name).read_text(encoding="utf-8") != page()
    ]
    if "--check" in sys.argv:
        print("过时的页：" + "、".join(stale) if stale else "没有过时的页")
        return 1 if stale else 0
    for name, page in PAGES.items():
        (MANUAL / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
