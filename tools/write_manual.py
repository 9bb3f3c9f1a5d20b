"""Write the parts of docs/ that are made from the code: the list of findings and the commands.

    python tools/write_manual.py [--check]

With --check nothing is written; the exit status is 1 if a page is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.before_sending import BEFORE_SENDING
from pipeline.findings import rules
from pipeline.tables import BASIC, INPUTS

DOCS = Path(__file__).parents[1] / "docs"
_KINDS = {
    "F": "文件",
    "H": "表头和非数据行",
    "R": "数据行",
    "M": "归并以后",
    "L": "台账",
    "T": "文字体检",
    "D": "文稿",
    "S": "方案",
}


def findings_page() -> str:
    lines = [
        "# 核对结果里的每一条",
        "",
        "本页由 `python tools/write_manual.py` 从程序生成。花括号里是运行时填入的内容。",
        "",
    ]
    for letter, title in _KINDS.items():
        lines += [f"## {title}", "", "| 代码 | 级别 | 说的是什么 | 怎样改 |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {rule.code} | {rule.level} | {rule.message} | {rule.remedy} |"
            for rule in rules()
            if rule.code.startswith(letter)
        ]
        lines.append("")
    return "\n".join(lines)


def columns_page() -> str:
    lines = [
        "# 填报表的每一列",
        "",
        "本页由 `python tools/write_manual.py` 从程序生成。带 * 的必填；“也认得”是表头的其他写法。",
        "",
    ]
    for table in (BASIC, *INPUTS):
        lines += [f"## {table.title}", "", "| 列 | 怎样填 | 也认得 |", "| --- | --- | --- |"]
        lines += [
            f"| {column.title}{'*' if column.required else ''} | {column.help} | {'、'.join(column.aliases)} |"
            for column in table
        ]
        lines.append("")
    return "\n".join(lines)


def self_check_page() -> str:
    lines = ["# 送审前自查", "", "本页由 `python tools/write_manual.py` 从程序生成。这些程序判断不了，要人来看。", ""]
    return "\n".join([*lines, *(f"- [ ] {text}" for text in BEFORE_SENDING), ""])


PAGES = {"核对结果.md": findings_page, "填报表.md": columns_page, "送审前自查.md": self_check_page}


def main() -> int:
    stale = [
        name
        for name, page in PAGES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != page()
    ]
    if "--check" in sys.argv:
        print("过时的页：" + "、".join(stale) if stale else "没有过时的页")
        return 1 if stale else 0
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
