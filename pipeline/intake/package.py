"""A zipped workbook before anything unpacks it: how big it would get, and a mended copy for readers that are particular.

Limits as measured: no honest file of 4,905 public ones reached them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

MAX_FILE = 100 * 2**20
"""Bytes of a file that is opened at all."""
_MAX_UNPACKED, _MAX_PARTS = 300 * 2**20, 5_000
_MAX_RATIO, _RATIO_FROM = 200, 50 * 2**20
_MAX_ROW, _MAX_COLUMN = 100_000, 500
"""A cell beyond these is dropped by `mended` if it is empty, and named if it is not."""

_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})(\d+)\"[^>]*?(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d+)\"[^>]*?(?:/>|>\s*</(?:\w+:)?row>)")
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"[A-Z]+\d+:([A-Z]+)(\d+)\"[^>]*?/>")
_ENCODING = re.compile(r"^(<\?xml[^>]*?encoding=)[\"'][^\"']*[\"']")


class TooMuchError(Exception):
    """The package would unpack to more than is reasonable; the message says what, in the clerk's words."""


def measure(data: bytes) -> zipfile.ZipFile:
    """The package, its sizes checked against the limits before anything is unpacked.

    Raises TooMuchError; zipfile.BadZipFile if it is no package.
    """
    package = zipfile.ZipFile(io.BytesIO(data))
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS:
        raise TooMuchError(f"压缩包里有 {len(parts)} 个部件，不像是填报表")
    if total > _MAX_UNPACKED:
        raise TooMuchError(f"解压后有 {total // 2**20} MB，超过 {_MAX_UNPACKED // 2**20} MB 的上限，可能是压缩炸弹")
    for part in parts:
        if part.file_size > _RATIO_FROM and part.file_size > _MAX_RATIO * max(part.compress_size, 1):
            raise TooMuchError(
                f"其中一个部件解压后大了 {part.file_size // max(part.compress_size, 1)} 倍，可能是压缩炸弹"
            )
    return package


def mended(data: bytes) -> tuple[bytes, list[str]]:
    """The same workbook without what makes readers stumble, and the far cells that held something ("Sheet part!XFD1").

    Mended are: empty cells and rows far outside, merges over whole sheets, UTF-16 parts, backslashes in names, and
    compressions other than deflate. Raises TooMuchError as `measure` does, and for a part with entity declarations.
    """
    lost: list[str] = []
    out = io.BytesIO()
    with measure(data) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for part in package.infolist():
            name = part.filename.replace("\\", "/")
            if name.endswith("/"):
                continue
            with package.open(part) as stream:
                content = stream.read(_MAX_UNPACKED + 1)
            if len(content) > _MAX_UNPACKED:
                raise TooMuchError("解压后的大小与标明的不符，可能是压缩炸弹")
            if name.endswith((".xml", ".rels")):
                content = _utf8(content)
                if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                    raise TooMuchError("文件里有实体声明，正常的工作簿没有，为安全起见没有打开")
                if name.startswith("xl/worksheets/"):
                    content, far = _without_far_cells(content)
                    lost += [f"{name.rpartition('/')[2].removesuffix('.xml')}!{cell}" for cell in far]
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return out.getvalue(), lost


def _utf8(content: bytes) -> bytes:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
        return _ENCODING.sub(r'\1"UTF-8"', text).encode()
    return content


def _without_far_cells(xml: bytes) -> tuple[bytes, list[str]]:
    far: list[str] = []

    def cell(match: re.Match[bytes]) -> bytes:
        if int(match[2]) <= _MAX_ROW and _column(match[1]) <= _MAX_COLUMN:
            return match[0]
        if _FILLED.search(match[0]):
            far.append((match[1] + match[2]).decode())
        return b""

    def row(match: re.Match[bytes]) -> bytes:
        return match[0] if int(match[1]) <= _MAX_ROW else b""

    def merge(match: re.Match[bytes]) -> bytes:
        return match[0] if int(match[2]) <= _MAX_ROW and _column(match[1]) <= _MAX_COLUMN else b""

    return _MERGE.sub(merge, _ROW.sub(row, _CELL.sub(cell, xml))), far


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def bad_string_indexes(xml: bytes) -> Iterator[str]:
    """Cells whose shared-string index is negative: every reader takes a wrong text for them in silence."""
    if b"<v>-" in xml:
        for match in _NEGATIVE.finditer(xml):
            yield match[1].decode()


_NEGATIVE = re.compile(rb"<c\b(?=[^>]*\bt=\"s\")[^>]*?\br=\"([A-Z]+\d+)\"[^>]*><v>-")
