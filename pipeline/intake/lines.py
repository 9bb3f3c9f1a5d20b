"""The lines of a table below its header: which are rows, and what the others are; nothing is left out unsaid."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.intake import values
from pipeline.intake.assign import Field
from pipeline.intake.grid import Grid
from pipeline.intake.numbering import number_path
from pipeline.intake.regions import Region
from pipeline.intake.spelling import TABLES, fold_header, label_of
from pipeline.scheme import Scheme
from pipeline.tables import Kind
from pipeline.vocabulary import TableKey

SIGNATURE = "落款（签名）行"
_SIGNATURE = re.compile(
    r"(填报人|填表人|制表人?|审核人?|审签人?|复核人?|校对人?|经办人|负责人|单位负责人|主要负责人|分管领导|签发人?|签字|联系人|联系电话|电话|手机|"
    r"填报单位|报送单位|填报日期|填报时间|填表日期|填表时间|报送日期|报送时间|日期|单位[（(]?(?:盖章|公章)|单位|盖章|公章)[^：:，。]{0,8}[：:]"
)
_SIGN_OFF = re.compile(r"^(（盖章）|\(盖章\)|单位盖章|以下(无正文|空白|无内容)|此页无正文|\d{4}年\d{1,2}月\d{1,2}日$)")
_NOTE = re.compile(r"^[（(]?(注|备注|说明|填表说明|填报说明|填写说明|附注)\d?[：:]|^[*※]")
_TOTAL = re.compile(r"^(本页|本表|以上)?(合计|小计|总计|共计|累计)[：:]?$")
_TOTAL_SHORT = re.compile(
    r"^(本页|本表|以上)?(合计|小计|总计|共计|累计|共)[：:]?[（(]?\s*\d+\s*[条项个件]?[）)]?[。；;]?$"
)
_EXAMPLE_MARK = re.compile(r"^[（(【\[]?(示例|样例|填写示例|范例|例)\d?[）)】\]]?$")
_EXAMPLE_TEXT = re.compile(r"^[（(【\[]?(示例|样例|填写示例|例如?)[）)】\]：:、]")
_PAGE = re.compile(r"^(第\s*\d+\s*页.*|续表|（续）|—?\s*\d+\s*—)$")
_HINT = re.compile(
    r"^[（(]?(必填|选填|下拉|从下拉|请填|填写|填阿拉伯|格式|限\d+字|不超过\d+字|示例|例[:：]|没有可不填)"
)
_SMALL = re.compile(r"^[\d.%％]{1,8}\s*[条项个件次%]?$")
_TABLE_WORDS = re.compile(
    r"(?:存在的?|查摆的?|主要|整改)*(?:问题|措施|原因|任务)?(?:清单|台账|剖析|汇总表?|表|部分)?(?:[（(]\d+[）)])?$"
)
_ALIKE = 0.6
"""Share of cells that repeat the header for a line to be one."""


@dataclass(frozen=True)
class Line:
    """A line that is a row: its grid row, its own cells by column, and what a group heading above says of it."""

    row: int
    own: dict[int, str]
    group: dict[Field, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Left:
    """A line that is no row: its grid row, its own cells and what it is."""

    row: int
    own: dict[int, str]
    what: str

    @property
    def text(self) -> str:
        """The whole line."""
        return "　".join(self.own.values())


def read_lines(grid: Grid, region: Region, scheme: Scheme) -> tuple[list[Line], list[Left]]:
    """The rows of a table, and the lines between them that are something else, both in their order."""
    reader = _Lines(grid, region, scheme)
    lines: list[Line] = []
    left: list[Left] = []
    group: dict[Field, str] = {}
    for row, own in reader.filled:
        if reader.is_only_number(own):
            continue
        heading = reader.group(row, own)
        what = "分类小标题行" if heading else reader.what(row, own)
        if heading:
            group = heading
        if what:
            left.append(Left(row, own, what))
        else:
            lines.append(Line(row, own, group))
    return lines, left


class _Lines:
    """What is asked of the lines of one table."""

    def __init__(self, grid: Grid, region: Region, scheme: Scheme):
        self.grid, self.region, self.scheme = grid, region, scheme
        keys = region.assignment.columns
        self.by_column: dict[int, Field] = {column: meant for meant, column in keys.items()}
        self.texts = {column for (_, key), column in keys.items() if key in ("title", "detail")}
        self.seqs = {column for (_, key), column in keys.items() if key == "seq"}
        self.filled = list(self._filled())
        with_text = [
            row
            for row, own in self.filled
            if self.texts & own.keys()
            and len(own) > 1
            and not any(_SIGNATURE.match(text.strip()) for text in own.values())
        ]
        self.last = max(with_text, default=region.bottom)
        self.first = min(with_text, default=region.end)

    def _filled(self) -> Iterator[tuple[int, dict[int, str]]]:
        right = self.region.right
        beside = any(
            self.grid.text(self.region.top, column) for column in range(right, self.grid.width(self.region.top))
        )
        for row in range(self.region.bottom + 1, self.region.end):
            stop = right if beside else self.grid.width(row)
            own = {
                column: text
                for column in range(self.region.left if self.region.left > 1 else 0, stop)
                if (text := self.grid.text(row, column))
            }
            if own:
                yield row, own

    def is_only_number(self, own: dict[int, str]) -> bool:
        """A printed 序号 with nothing beside it is an empty line of the form."""
        return set(own) <= self.seqs and all(number_path(text) for text in own.values())

    def numbered(self, own: dict[int, str]) -> bool:
        """Whether 序号 says that this is a row."""
        return any(number_path(own[column]) for column in self.seqs if column in own)

    def group(self, row: int, own: dict[int, str]) -> dict[Field, str]:
        """What a heading between the rows says of those below it: their 对照方面 or 努力方向."""
        if len(own) != 1 or len(self.region.assignment.columns) < 2:
            return {}
        column, text = next(iter(own.items()))
        if len(text) > 60 or (column in self.texts and not self._merged_across(row, column)):
            return {}
        return said_by_title(text, self.region, self.scheme)

    def _merged_across(self, row: int, column: int) -> bool:
        return self.grid.right_of(row, column) > column + 1

    def what(self, row: int, own: dict[int, str]) -> str:
        """What a line is, if it is not a data row; "" for a data row."""
        texts = [text.strip() for text in own.values()]
        first, alone = texts[0], len(texts) == 1
        if self._repeats_header(own):
            return "重复的表头"
        if self.texts & own.keys() and self._counts_columns(own):
            return "列号行"
        if any(_EXAMPLE_MARK.search(own[column].strip()) for column in self.seqs if column in own):
            return "示例行"
        if row < self.first + 1 and sum(bool(_HINT.search(text)) for text in texts) >= 2 and not self.numbered(own):
            return "填写说明行"
        if not self.numbered(own):
            if what := self._foot(row, texts, own):
                return what
            if first in ("示例", "样例", "例") or (
                _EXAMPLE_TEXT.search(first) and len(texts) <= 2 and row <= self.first
            ):
                return "示例行"
        if alone and _PAGE.search(first):
            return "页码行"
        if alone and self._is_title(row, own):
            return "标题行"
        return ""

    def _foot(self, row: int, texts: list[str], own: dict[int, str]) -> str:
        """Signatures, sums and notes: their words alone are not enough, the line must also stand or look like one."""
        first = texts[0]
        behind = row > self.last or not self.texts & own.keys()
        signs = [text for text in texts if _SIGNATURE.search(text)]
        if signs and all(_SIGNATURE.search(text) or len(text) <= 12 for text in texts):
            starts = bool(_SIGNATURE.match(first.lstrip("（( ")))
            if starts and (behind or len(signs) + first.count("：") > 2) and not self._has_long(texts):
                return SIGNATURE
        if len(texts) == 1 and _SIGN_OFF.search(first) and row > self.last:
            return SIGNATURE
        if _NOTE.search(first) and len(texts) <= 2 and (row > self.last or row < self.first):
            return "注释行"
        total = _TOTAL.search(first) or any(_TOTAL.search(own[c].strip()) for c in self.texts | self.seqs if c in own)
        if total and all(len(text) <= 12 for text in texts):
            return "合计（小计）行"
        if all(_TOTAL_SHORT.search(text) or _TOTAL.search(text) or _SMALL.search(text) for text in texts) and any(
            _TOTAL_SHORT.search(text) for text in texts
        ):
            return "合计（小计）行"
        return ""

    @staticmethod
    def _has_long(texts: list[str]) -> bool:
        return any(len(text) > 40 and not _SIGNATURE.search(text[20:]) for text in texts)

    def _is_title(self, row: int, own: dict[int, str]) -> bool:
        """A line that stands alone and is merged over the table, or is numbered and ends like a heading."""
        column, text = next(iter(own.items()))
        text = text.strip()
        if len(text) > 60:
            return False
        across = self._merged_across(row, column) and self.grid.right_of(row, column) - column >= 3
        numbered = bool(re.match(r"^[（(]?[一二三四五六七八九十]+[）)、.．]", text))
        ends = text.rstrip("：:").endswith(("方面", "类", "情况", "清单", "表", "问题", "措施", "剖析", "原因", "方向"))
        if row > self.last:  # what follows the last row and precedes the next table is that table's title
            return self.region.end < self.grid.height and column not in self.texts - {0}
        if column in self.texts:
            return across and (numbered or ends)
        return across or ((numbered or ends) and not number_path(text))

    def _counts_columns(self, own: dict[int, str]) -> bool:
        texts = [text.strip().strip("（()）栏") for text in own.values()]
        if len(texts) < 3:
            return False
        for kind in (str.isdigit, str.isalpha):
            if all(kind(text) and len(text) <= 2 for text in texts):
                numbers = [int(text) if text.isdigit() else ord(text[0]) for text in texts]
                if all(b - a == 1 for a, b in itertools.pairwise(numbers)):
                    return True
        return False

    def _repeats_header(self, own: dict[int, str]) -> bool:
        hits = 0
        for column, text in own.items():
            headers = [self.grid.text(row, column) for row in range(self.region.top, self.region.bottom + 1)]
            folded = fold_header(text)
            hits += any(folded and folded == fold_header(header) for header in headers) or self.by_column.get(
                column
            ) in label_of(text)
        return hits >= 2 and hits >= _ALIKE * len(own)


def said_by_title(text: str, region: Region, scheme: Scheme) -> dict[Field, str]:
    """对照方面 or 努力方向 that a sheet's name or a title says of a table that has no column for it (or a blank one)."""
    found: dict[Field, str] = {}
    if not re.search(r"[^\d一二三四五六七八九十（）()、.．第]{2}", _TABLE_WORDS.sub("", text)):
        return {}  # 二、原因剖析 is the second part, not the second aspect
    bare = re.sub(r"^(?:对照方面|查摆方面|努力方向|方面|方向)[:：]", "", text.strip())
    bare = _TABLE_WORDS.sub("", bare) or bare
    for table in TABLES.values():
        for column in table:
            if column.kind not in (Kind.ASPECT, Kind.DIRECTION) or table.key not in region.tables:
                continue
            names = values.names_of(column.kind, scheme)
            meant = values.heading(bare, names).value or _named_inside(text, names)
            if meant and table.key in (TableKey.PROBLEMS, TableKey.MEASURES):
                found[table.key, column.key] = meant
    return found


def _named_inside(text: str, names: tuple[tuple[str, str], ...]) -> str:
    """The one aspect whose short or full name stands in a text."""
    inside = [
        short
        for short, full in names
        if (len(short) >= 2 and short in text) or (len(full) >= 4 and full.removesuffix("方面") in text)
    ]
    return inside[0] if len(inside) == 1 else ""
