"""Office packages saved to the same bytes each time, without people's names."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PEOPLE = re.compile(rb"(<(dc:creator|cp:lastModifiedBy)[^>]*>)[^<]*(</(?:dc:creator|cp:lastModifiedBy)>)")
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def save_workbook(workbook: Workbook, path: Path, stamp: dt.date) -> None:
    """Save as `workbook_bytes` makes it. Raises OSError as the file system does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook_bytes(workbook, stamp))


def workbook_bytes(workbook: Workbook, stamp: dt.date) -> bytes:
    """Without people's names and the same bytes for the same content: times are `stamp`, zip order is fixed."""
    moment = dt.datetime(stamp.year, stamp.month, stamp.day)
    workbook.properties.creator = "sandan"
    workbook.properties.lastModifiedBy = None
    workbook.properties.created = workbook.properties.modified = moment
    buffer = io.BytesIO()
    workbook.save(buffer)
    return repack(buffer.getvalue(), stamp)


def without_people(core: bytes, stamp: dt.date) -> bytes:
    """docProps/core.xml without people's names, and with `stamp` as its times."""
    core = _PEOPLE.sub(rb"\g<1>sandan\g<3>", core)
    return _STAMPS.sub(rb"\g<1>" + f"{stamp:%Y-%m-%d}T00:00:00Z".encode() + rb"\g<3>", core)


def repack(package: bytes, stamp: dt.date) -> bytes:
    """The same Office package with fixed member times, and `stamp` as the document's times."""
    when = f"{stamp:%Y-%m-%d}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMPS.sub(rb"\g<1>" + when + rb"\g<3>", data)
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()
