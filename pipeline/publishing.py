"""The folder outputs/: made beside, put in place together, and mended if a run was killed in between.

A set of outputs is made in a folder of its own. When it is whole, that folder is renamed, which is the moment from which
it counts; then its files are moved over the earlier ones, the manifest last. A run that dies before the renaming leaves
the earlier set as it was; one that dies after it leaves the rest of the moving to the next command.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pipeline.project import MANIFEST, OUTPUTS

_MAKING, _READY = ".正在生成-", ".待放好-"
_REASONS = {
    errno.ENOSPC: "磁盘空间不足。请清理磁盘后再运行",
    errno.EDQUOT: "磁盘配额不足。请清理磁盘后再运行",
    errno.EROFS: "文件夹所在的磁盘是只读的。请换一个可以写入的位置",
    errno.EACCES: "没有写入权限。请检查文件夹的只读属性和权限，或关闭正在打开它的程序",
    errno.EPERM: "没有写入权限。请检查文件夹的只读属性和权限",
}


class OutputError(Exception):
    """The outputs cannot be put in place; the message says why and what to do."""


class Output(Protocol):
    """One thing that a run writes: a workbook, a document, a folder of copies."""

    @property
    def name(self) -> str:
        """Its name below outputs/."""

    def write(self, folder: Path) -> None:
        """Write it into `folder`; OSError as the file system raises it."""

    def verify(self, folder: Path) -> None:
        """Read it again; VerificationError if it is not what was meant."""


class VerificationError(Exception):
    """What was written is not what was meant. It is the program's fault; the earlier outputs stay."""


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder below `folder`/outputs in which a set is made; gone afterwards, whatever happens.

    Raises OutputError where nothing can be written. Call `finish_earlier` first, under the project's lock.
    """
    outputs = folder / OUTPUTS
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        shop = Path(tempfile.mkdtemp(prefix=_MAKING, dir=outputs))
    except OSError as error:
        raise OutputError(f"不能写入 {outputs}：{_reason(error)}。") from error
    try:
        yield shop
    except OSError as error:
        raise OutputError(f"写出时出错：{_reason(error)}。原有的输出没有改动。") from error
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def finish_earlier(folder: Path) -> None:
    """Move what a killed run had made whole, and throw away what it had not. OutputError if a file is held open."""
    outputs = folder / OUTPUTS
    for ready in sorted(outputs.glob(f"{_READY}*")):
        check_free(ready, outputs)
        _move(ready, outputs)
    for litter in outputs.glob(f"{_MAKING}*"):
        shutil.rmtree(litter, ignore_errors=True)


def check_free(shop: Path, outputs: Path) -> None:
    """Nothing that would be written over is held open by another program: found out before anything is changed."""
    for made in sorted(shop.rglob("*")):
        there = outputs / made.relative_to(shop)
        if made.is_file() and there.is_file():
            try:
                with there.open("r+b"):
                    pass
            except OSError as error:
                raise OutputError(
                    f"{there} 正被别的程序打开或不允许写入，请关闭后再运行。原有的输出没有改动。"
                ) from error


def put_in_place(shop: Path, folder: Path) -> None:
    """Make the set count, and move it over what is there."""
    outputs = folder / OUTPUTS
    ready = outputs / shop.name.replace(_MAKING, _READY, 1)
    os.replace(shop, ready)
    _move(ready, outputs)


def _move(ready: Path, outputs: Path) -> None:
    """The manifest comes last: who reads it knows that the rest is there."""
    for made in sorted(ready.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
        there = outputs / made.name
        if made.is_dir():
            old = outputs / f".旧-{made.name}"
            shutil.rmtree(old, ignore_errors=True)
            if there.exists():
                os.replace(there, old)
            os.replace(made, there)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(made, there)
    shutil.rmtree(ready, ignore_errors=True)
