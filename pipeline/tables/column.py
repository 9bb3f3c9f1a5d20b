"""What a column and a table are; every table of the house is declared with these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a cell of the column is understood."""

    TEXT = "text"
    SEQ = "seq"
    CHOICE = "choice"
    CHOICES = "choices"  # several allowed values in one cell, separated by 、
    ASPECT = "aspect"  # a value of the scheme's 对照方面
    DIRECTION = "direction"  # a value of the scheme's 努力方向
    UNITS = "units"  # units of the roster, several separated by 、
    REFS = "refs"  # numbers of the same submission's 问题清单
    LINKS = "links"  # numbers of merged items, several separated by 、
    DEADLINE = "deadline"
    DATE = "date"
    COUNT = "count"
    RATE = "rate"  # a share, shown in per cent


class Merge(StrEnum):
    """How the values of an item's rows become the item's value."""

    CHOSEN = "chosen"  # the value of the row whose text the item shows, never a mixture
    UNION = "union"  # all distinct values, in order
    SINGLE = "single"  # one value expected: the first that is there, and a finding where rows differ
    NONE = "none"  # stays with the row (合并明细), does not become the item's


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its title is what people see, its key what the code uses."""

    key: str
    title: str
    width: int = 12
    help: str = ""
    required: bool = False
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    repeats: bool = False  # a merged cell down this column means that the value repeats
    merge: Merge = Merge.SINGLE
    list_width: int = 0  # its width in the merged lists, 0: as in the form; a list must be readable on A4
    editable: bool = False  # whether the office may write over it in a merged list
    on_paper: bool = True  # False: for the screen alone; such columns at a list's end are not printed


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a header row; `columns` in the order in which we write them."""

    key: str
    title: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    prefix: str = ""  # of the item numbers: WT, YY, CS
    short: str = ""  # 表别

    def __hash__(self) -> int:
        return hash((self.key, len(self.columns)))

    def column(self, key: str) -> Column:
        """The column named `key`; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)

    def titles(self) -> list[str]:
        """The header row."""
        return [column.title for column in self.columns]

    def keys(self) -> list[str]:
        """The columns' names in the code, in order."""
        return [column.key for column in self.columns]

    def editable(self) -> tuple[str, ...]:
        """The names of the columns that the office may write over."""
        return tuple(column.key for column in self.columns if column.editable)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)
