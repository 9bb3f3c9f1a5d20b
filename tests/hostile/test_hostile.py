"""Hostile, broken and odd files beside an honest one: each is answered for, and costs nobody else anything."""

import datetime as dt
import io
import os
import random
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from conftest import TODAY, list_rows, make_book, make_project, make_scheme, problem_sheet

from pipeline.intake import worker
from pipeline.intake.collect import collect, find_files
from pipeline.run import check_project, merge_project

HONEST = [[1, "学习", "学得浅", "学习不系统。"], [2, "为民", "办得慢", "窗口少。"]]


def book_bytes(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def good(unit="县财政局", rows=HONEST):
    return book_bytes(make_book(unit, 问题清单=problem_sheet(*rows)))


def shared(unit, rows):
    """A workbook whose texts are in a table of their own, as Excel writes them."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    basic = book.add_worksheet("基本信息")
    basic.write_row(0, 0, ["项目", "内容"])
    basic.write_row(1, 0, ["填报单位", unit])
    sheet = book.add_worksheet("问题清单")
    for number, row in enumerate(problem_sheet(*rows)):
        for column, value in enumerate(row):
            sheet.write_formula(number, column, value, None, 0) if str(value).startswith("=") else sheet.write(
                number, column, value
            )
    book.close()
    return buffer.getvalue()


def changed(data, changes=(), *, add=None, compression=zipfile.ZIP_DEFLATED, rename=None):
    """The package with parts changed: name -> function of its bytes; `add` new parts."""
    out = io.BytesIO()
    changes = dict(changes)
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", compression) as target:
        for name in source.namelist():
            content = source.read(name)
            for pattern, change in changes.items():
                if re.search(pattern, name):
                    content = change(content)
            if content is not None:
                target.writestr(rename(name) if rename else name, content)
        for name, content in (add or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def with_cell(xml):
    """A cell put at the end of the sheet's data."""
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


SHEET = r"xl/worksheets/sheet2\.xml"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_EMPTY = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
TALL = b'<row r="1048576"><c r="L1048576" s="0"/></row>'
LAUGHS = b'<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def prolog(entities):
    return lambda xml: re.sub(rb"^(<\?xml[^>]*\?>)?", lambda match: match[0] + entities, xml, count=1)


def utf16(xml):
    text = re.sub(r"^<\?xml[^>]*\?>", "", xml.decode())
    return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def strict(xml):
    return xml.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


HTML = (
    "<html><meta charset=utf-8><table><tr><th>序号</th><th>对照方面</th><th>问题</th><th>具体表现</th></tr>"
    "<tr><td>1</td><td rowspan=2>学习</td><td>学得浅</td><td>学习不系统。</td></tr>"
    "<tr><td>2</td><td>记得少</td><td>笔记<br>少。</td></tr></table></html>"
)
XML2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="问题清单"><Table>'
    + "".join(
        "<Row>" + "".join(f"<Cell><Data ss:Type='String'>{text}</Data></Cell>" for text in line) + "</Row>"
        for line in [["序号", "对照方面", "问题", "具体表现"], ["1", "学习", "学得浅", "学习不系统。"]]
    )
    + "</Table></Worksheet></Workbook>"
)
TSV = "序号\t对照方面\t问题\t具体表现\n1\t学习\t学得浅\t学习不系统。\n"
GOOD = good()
NOISE = random.Random(1).randbytes(5000)

UNREADABLE = {
    "bomb.xlsx": (changed(GOOD, {SHEET: lambda xml: xml + b" " * (400 << 20)}), "压缩炸弹"),
    "parts.xlsx": (changed(GOOD, add={f"junk/{number}": b"" for number in range(5001)}), "部件"),
    "laughs.xlsx": (changed(GOOD, {"xl/workbook.xml": prolog(LAUGHS)}), "实体声明"),
    "entity.xlsx": (changed(GOOD, {"xl/workbook.xml": prolog(OUTSIDE)}), "实体声明"),
    "zero.xlsx": (b"", "0 字节"),
    "noise.xlsx": (NOISE, ""),
    "noise.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, ""),
    "cut.xlsx": (GOOD[: len(GOOD) // 2], ""),
    "picture.xls": (b"\x89PNG\r\n\x1a\n" + NOISE, "图片"),
    "paper.xlsx": (b"%PDF-1.7\n" + NOISE, "PDF"),
    "word.xlsx": (changed(GOOD, {"xl/": lambda _: None}, add={"word/document.xml": "<w/>"}), "Word"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "page.xls": ("<html><body>请登录</body></html>".encode(), "网页"),
}

READABLE = {
    "far.xlsx": changed(GOOD, {SHEET: with_cell(FAR)}),
    "far-empty.xlsx": changed(GOOD, {SHEET: with_cell(FAR_EMPTY)}),
    "tall.xlsx": changed(GOOD, {SHEET: with_cell(TALL)}),
    "merge.xlsx": changed(
        GOOD,
        {
            SHEET: lambda xml: xml.replace(
                b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells>'
            )
        },
    ),
    "traversal.xlsx": changed(GOOD, add={"../../evil.txt": b"evil", "/tmp/evil": b"evil"}),
    "macros.xlsm": changed(GOOD, add={"xl/vbaProject.bin": NOISE}),
    "links.xlsx": changed(GOOD, add={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    "strict.xlsx": changed(GOOD, {r"\.xml$|\.rels$": strict}),
    "utf16.xlsx": changed(GOOD, {SHEET: utf16}),
    "bzip2.xlsx": changed(GOOD, compression=zipfile.ZIP_BZIP2),
    "lzma.xlsx": changed(GOOD, compression=zipfile.ZIP_LZMA),
    "backslash.xlsx": changed(GOOD, rename=lambda name: name.replace("/", "\\") if name.startswith("xl/") else name),
    "no-types.xlsx": changed(GOOD, {r"\[Content_Types\]": lambda _: None}),
    "really-xlsx.xls": GOOD,
    "table.xls": HTML.encode(),
    "old.xls": XML2003.encode(),
    "tab.xls": TSV.encode("gb18030"),
}


def run(folder, files):
    (folder / "workbooks").mkdir(parents=True)
    for name, data in files.items():
        (folder / "workbooks" / name).write_bytes(data)
    intake = collect(folder / "workbooks", make_scheme(), TODAY)
    return intake, {state.file: state for state in intake.states if state.file}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    files = {name: data for name, (data, _) in UNREADABLE.items()}
    return run(tmp_path_factory.mktemp("bad"), {"honest.xlsx": good("县教育局"), **files})


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said_with_its_reason(bad, name):
    intake, states = bad
    assert states[name].state == "打不开"
    finding = next(finding for finding in intake.findings if finding.place.file == name and finding.code == "F01")
    assert UNREADABLE[name][1] in finding.message


def test_the_honest_file_beside_them_is_whole(bad):
    intake, states = bad
    assert states["honest.xlsx"].state == "已报"
    assert [row.title for row in intake.rows["problems"]] == ["学得浅", "办得慢"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    return folder, *run(folder / "in", READABLE)


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_read(odd, name):
    _, intake, states = odd
    assert states[name].state != "打不开", [f.message for f in intake.findings if f.place.file == name]
    titles = [row.title for row in intake.rows["problems"] if row.id.file == name]
    assert titles[0] == "学得浅"
    assert len(titles) == (1 if name in ("old.xls", "tab.xls") else 2)


def test_what_is_odd_about_them_is_said(odd):
    folder, intake, _ = odd
    said = {(finding.place.file, finding.code) for finding in intake.findings}
    assert {("far.xlsx", "F19"), ("macros.xlsm", "F17"), ("links.xlsx", "F18")} <= said
    assert ("far-empty.xlsx", "F19") not in said
    assert not list(folder.rglob("evil*"))


def test_a_string_index_that_leads_nowhere_is_no_text(tmp_path):
    """Index -1 gives a wrong text in silence in every reader."""
    data = shared("县财政局", HONEST)
    minus = changed(data, {SHEET: lambda xml: re.sub(rb'(<c r="D2"[^>]*t="s"[^>]*><v>)\d+', rb"\g<1>-1", xml)})
    beyond = changed(data, {SHEET: lambda xml: re.sub(rb'(<c r="D2"[^>]*t="s"[^>]*><v>)\d+', rb"\g<1>99999", xml)})
    intake, states = run(tmp_path, {"minus.xlsx": minus, "beyond.xlsx": beyond, "a.xlsx": good("县教育局")})
    assert states["a.xlsx"].state == "已报"
    assert [
        finding.code for finding in intake.findings if finding.place.file == "minus.xlsx" and finding.place.cell == "D2"
    ][:1] == ["R16"]
    assert states["beyond.xlsx"].state == "打不开" or any(
        f.place.file == "beyond.xlsx" and f.level == "错误" for f in intake.findings
    )


def test_dates_errors_formulas_long_and_strange_texts(tmp_path):
    rows = [[1, "学习", "学得浅😀𠮷", "长" * 32_000], [2, "学习", "坏字", "学习不系统。"], [3, "学习", "没算", "=1+1"]]
    data = shared("县教育局", rows)
    data = changed(
        data, {"sharedStrings": lambda xml: xml.replace("学习不系统".encode(), "学习不_x0001_系统".encode())}
    )
    data = changed(data, {SHEET: lambda xml: re.sub(rb'(<c r="D4"[^>]*>).*?</c>', rb"\g<1><f>1+1</f></c>", xml)})
    folder = make_project(tmp_path, make_scheme(), {})
    (folder / "workbooks" / "a.xlsx").write_bytes(data)
    merge_project(folder, TODAY)
    summary = folder / "outputs" / "汇总台账.xlsx"
    listed = {row["问题"]: row for row in list_rows(summary, "问题清单")}
    assert len(listed["学得浅😀𠮷"]["具体表现"]) == 32_000
    assert listed["坏字"]["具体表现"] == "学习不系统。"
    codes = {(row["代码"], row["单元格"]) for row in list_rows(summary, "核对结果")}
    assert ("F20", "D3") in codes
    assert any(code == "R16" for code, _ in codes)
    assert (folder / "outputs" / "退回修改" / "a.xlsx").exists()


def test_what_is_no_file_is_not_read_and_said(tmp_path):
    folder = tmp_path / "workbooks"
    (folder / "夹.xlsx").mkdir(parents=True)
    (folder / "夹.xlsx" / "里面.xlsx").write_bytes(GOOD)
    (folder / "真.xlsx").write_bytes(good("县教育局"))
    (folder / "链.xlsx").symlink_to(folder / "真.xlsx")
    (folder / "断.xlsx").symlink_to(folder / "没有.xlsx")
    (folder / "圈").symlink_to(folder)
    (folder / "~$真.xlsx").write_bytes(b"lock")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "管.xlsx")
    names, notes = find_files(folder)
    assert sorted(names) == ["夹.xlsx/里面.xlsx", "真.xlsx"]
    said = {note.place.file: note.code for note in notes}
    assert said["链.xlsx"] == said["断.xlsx"] == said["夹.xlsx"] == said["圈"] == "F21"
    assert said["~$真.xlsx"] == "F02"


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_in_another_encoding(tmp_path):
    folder = tmp_path / "workbooks"
    folder.mkdir()
    os.makedirs(os.fsencode(folder), exist_ok=True)
    with open(os.fsencode(folder) + "/县教育局.xlsx".encode("gb18030"), "wb") as stream:
        stream.write(GOOD)
    make_project(tmp_path, make_scheme(), {})
    merge_project(tmp_path, TODAY)
    rows = list_rows(tmp_path / "outputs" / "汇总台账.xlsx", "填报情况")
    assert [row["状态"] for row in rows if row["文件"] == "县教育局.xlsx"] == ["已报"]


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    real, times = os.stat, iter((1, 2))
    monkeypatch.setattr(
        worker.os, "stat", lambda p: type("S", (), {"st_mtime_ns": next(times), "st_size": real(p).st_size})()
    )
    found = worker.read_file((make_scheme(), TODAY), ("a.xlsx", str(path), False))
    assert "F22" in [finding.code for finding in found.findings]
    assert len(found.rows) == 2


def test_no_permission_and_too_large(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    monkeypatch.setattr(worker, "MAX_FILE", 1000)
    found = worker.read_file((make_scheme(), TODAY), ("a.xlsx", str(path), False))
    assert "不像是填报表" in found.findings[0].message
    gone = worker.read_file((make_scheme(), TODAY), ("b.xlsx", str(tmp_path / "b.xlsx"), False))
    assert (gone.opened, gone.findings[0].code) == (False, "F01")


def test_many_files_in_one_folder(tmp_path):
    """600 here; benchmarks/district.py reads 1,087, tools/fuzz_intake.py 5,000 and more."""
    small = book_bytes(make_book("县教育局", 问题清单=problem_sheet([1, "学习", "甲", "甲。"])))
    intake, states = run(tmp_path, {f"{number:04}.xlsx": small for number in range(600)})
    assert len(states) == 600
    assert intake.rows_read == 600


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_gives_the_same(tmp_path, workers, monkeypatch):
    files = {"a.xlsx": good("县教育局"), "b.xlsx": good("县财政局"), "c.xls": HTML.encode(), "d.xlsx": NOISE}
    monkeypatch.setattr("pipeline.sandbox.os.cpu_count", lambda: workers)
    folder = make_project(tmp_path, make_scheme(base_date=dt.date(2022, 1, 10)), {})
    for name, data in files.items():
        (folder / "workbooks" / name).write_bytes(data)
    check_project(folder, TODAY)
    made = {path.name: path.read_bytes() for path in (folder / "outputs").rglob("*.xlsx")}
    known = _SEEN.setdefault("made", made)
    assert made == known


_SEEN: dict[str, dict[str, bytes]] = {}


def test_nothing_is_sent_anywhere(tmp_path):
    """A whole merge, its workers too, in an interpreter where any socket ends the program."""
    import subprocess
    import sys

    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(
        "import os, socket\n"
        "class Forbidden(socket.socket):\n"
        "    def __init__(self, *a, **k):\n"
        "        os._exit(99)\n"
        "socket.socket = Forbidden\n"
        "socket.create_connection = socket.socketpair = lambda *a, **k: os._exit(99)\n",
        encoding="utf-8",
    )
    folder = make_project(
        tmp_path / "p", make_scheme(), {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*HONEST))}
    )
    env = {**os.environ, "PYTHONPATH": f"{tmp_path / 'guard'}{os.pathsep}{os.getcwd()}"}
    proof = subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], env=env, check=False)
    assert proof.returncode == 99
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "merge", str(folder)],
        env=env,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert len(list_rows(folder / "outputs" / "汇总台账.xlsx", "问题清单")) == 2


def test_no_text_of_a_row_is_in_the_manifest(tmp_path):
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*HONEST))})
    merge_project(folder, TODAY)
    manifest = (folder / "outputs" / "运行记录.json").read_text(encoding="utf-8")
    assert not [text for row in HONEST for text in row[2:] if text in manifest]


def test_mutants_are_answered():
    """A few hundred broken copies of the worked example; tools/fuzz_intake.py makes ten thousand."""
    import subprocess
    import sys

    tool = Path(__file__).parents[2] / "tools" / "fuzz_intake.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--count", "400", "--seed", "7"], capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout.decode()[-800:] + done.stderr.decode()[-800:]
    assert "400 mutants" in done.stdout.decode()
