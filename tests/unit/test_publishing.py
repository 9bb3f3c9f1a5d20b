"""Outputs are put in place together: whole before, whole after, and what stands in the way is said."""

import errno
import os

import pytest
from conftest import TODAY, list_rows, make_book, make_project, make_scheme, problem_sheet

from pipeline import publishing
from pipeline.publishing import OutputError, finish_earlier, put_in_place, workshop
from pipeline.run import merge_project, outputs_of


def project(folder):
    made = {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet([1, "学习", "学得浅", "学习不系统。"]))}
    return make_project(folder, make_scheme(), made)


def contents(folder):
    return {path.name: path.read_bytes() for path in (folder / "outputs").rglob("*") if path.is_file()}


def fill(folder, text):
    with workshop(folder) as shop:
        (shop / "退回修改").mkdir()
        (shop / "退回修改" / "a.txt").write_text(text)
        for name in ("台账.txt", "运行记录.json"):
            (shop / name).write_text(text)
        put_in_place(shop, folder)


@pytest.mark.parametrize("at", range(5))
def test_killed_while_moving_the_next_command_finishes_it(tmp_path, monkeypatch, at):
    """Before the set counts the earlier one is whole; after it the next command brings all of the new one."""
    fill(tmp_path, "old")
    real, calls = os.replace, []

    def killed(source, target):
        calls.append(source)
        if len(calls) > at:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(publishing.os, "replace", killed)
    monkeypatch.setattr(publishing.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path, "new")
    monkeypatch.undo()
    if at == 0:
        earlier = [path for path in (tmp_path / "outputs").rglob("*.*") if ".正在" not in str(path) and path.is_file()]
        assert {path.read_bytes() for path in earlier} == {b"old"}
    finish_earlier(tmp_path)
    visible = {path.name: path.read_bytes() for path in (tmp_path / "outputs").rglob("*.*") if path.is_file()}
    expected = b"old" if at == 0 else b"new"
    assert visible == {"a.txt": expected, "台账.txt": expected, "运行记录.json": expected}
    assert not [path for path in (tmp_path / "outputs").iterdir() if path.name.startswith((".正在", ".待"))]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "磁盘空间不足"), (errno.EROFS, "只读"), (errno.EACCES, "没有写入权限")]
)
def test_each_obstacle_has_its_own_words(tmp_path, number, words):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    before = contents(folder)

    class Full:
        name = "满.txt"

        def write(self, folder):
            raise OSError(number, os.strerror(number))

    (folder / "workbooks" / "b.xlsx").write_bytes((folder / "workbooks" / "a.xlsx").read_bytes())
    with pytest.raises(OutputError, match=words):
        merge_project(folder, TODAY, outputs=lambda draft: (*outputs_of(draft), Full()))
    assert contents(folder) == before


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(
        publishing.tempfile, "mkdtemp", lambda **_: (_ for _ in ()).throw(OSError(errno.EACCES, "denied"))
    )
    with pytest.raises(OutputError, match="没有写入权限"), workshop(tmp_path):
        pass


def test_an_output_held_open_is_said_before_anything_changes(tmp_path, monkeypatch):
    folder = project(tmp_path)
    merge_project(folder, TODAY)
    before = contents(folder)
    (folder / "workbooks" / "b.xlsx").write_bytes((folder / "workbooks" / "a.xlsx").read_bytes())
    path_open = type(folder).open

    def held(self, mode="r", *args, **more):
        if self.name == "对照检查材料.docx" and mode == "r+b":
            raise PermissionError(errno.EACCES, "held")
        return path_open(self, mode, *args, **more)

    monkeypatch.setattr(type(folder), "open", held)
    with pytest.raises(OutputError, match="正被别的程序打开"):
        merge_project(folder, TODAY)
    monkeypatch.undo()
    assert contents(folder) == before
    assert list_rows(folder / "outputs" / "汇总台账.xlsx", "问题清单")
