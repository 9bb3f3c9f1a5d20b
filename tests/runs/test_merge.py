"""The whole merge: items, links, conflicts, outputs."""

import datetime as dt
import json
import random
import zipfile

import openpyxl
import pytest
from conftest import (
    CAUSE_HEADER,
    MEASURE_HEADER,
    PARTS,
    TODAY,
    list_rows,
    make_book,
    make_project,
    make_scheme,
    measure,
    problem_sheet,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.run import NothingToMergeError, merge_project, outputs_of
from pipeline.scheme import Part


def book(unit, problems, measures=(), causes=(), **more):
    return make_book(
        unit,
        问题清单=problem_sheet(*problems),
        原因剖析=[CAUSE_HEADER, *causes],
        整改措施=[MEASURE_HEADER, *measures],
        **more,
    )


@pytest.fixture
def merged(tmp_path):
    same = "学习不系统，年内只组织了3次集中学习。"
    folder = make_project(
        tmp_path,
        make_scheme(),
        {
            "a.xlsx": book(
                "县教育局",
                [[1, "学习", "学得浅", same, None, "群众提"], [2, "为民", "热线接得慢", "热线电话平均等待4分钟。"]],
                [
                    measure(
                        1,
                        "1",
                        "抓学习",
                        "每月集中学习一次。",
                        "县教育局、白露镇",
                        "2022-06-30",
                        完成情况="已完成",
                        责任人="甲科长",
                        佐证材料="记录",
                    ),
                    measure(
                        2,
                        "1-2",
                        "提速",
                        "增设坐席2个。",
                        "县教育局",
                        "长期坚持",
                        整改类型="长期坚持",
                        配合单位="县财政局",
                    ),
                ],
                [[1, "责任心不强", "满足于过得去。", "1、2"]],
            ),
            "b.xlsx": book(
                "县财政局",
                [[1, "为民", "1.学得浅。", "学习不系统,年内只组织了３次集中学习", None, "上级点"]],
                [
                    measure(
                        1,
                        1,
                        "抓学习",
                        "每月集中学习一次。",
                        "县财政局",
                        "2022-09-30",
                        完成情况="正在推进",
                        责任人="乙科长",
                    )
                ],
            ),
        },
    )
    outcome = merge_project(folder, TODAY)
    return folder / "outputs", outcome


def test_equal_rows_are_one_item_with_every_source(merged):
    rows = {row["问题"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "问题清单")}
    item = rows["学得浅"]
    assert item["提出单位"] == "县教育局、县财政局"
    assert item["提出单位数"] == 2
    assert item["查摆途径"] == "群众提、上级点"
    trace = list_rows(merged[0] / "汇总台账.xlsx", "合并明细")
    assert [row["归并方式"] for row in trace if row["归并编号"] == item["问题编号"]] == ["完全相同", "完全相同"]


def test_links_are_item_numbers_and_survive(merged):
    problems = {row["问题"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "问题清单")}
    tasks = {row["措施"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "任务清单")}
    assert problems["学得浅"]["对应措施"] == f"{tasks['抓学习']['措施编号']}、{tasks['提速']['措施编号']}"
    assert tasks["提速"]["对应问题"] == f"{problems['学得浅']['问题编号']}、{problems['热线接得慢']['问题编号']}"
    assert problems["学得浅"]["对应原因"] == "YY-001"


def test_a_measure_keeps_all_units_and_conflicts_are_found(merged):
    tasks = {row["措施"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "任务清单")}
    item = tasks["抓学习"]
    assert item["牵头单位"] == "县教育局、白露镇、县财政局"
    assert item["完成情况"] == "正在推进", "a rate must not be overstated"
    conflicts = {
        row["列名"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "核对结果") if row["代码"] in ("M01", "M02")
    }
    assert {"整改时限", "责任人", "完成情况", "对照方面"} <= set(conflicts)
    assert "县教育局“2022-06-30”；县财政局“2022-09-30”" in conflicts["整改时限"]["问题说明"]


def test_duties_name_only_people_of_the_own_rows(merged):
    duties = {
        (row["责任单位"], row["措施"], row["角色"]): row for row in list_rows(merged[0] / "汇总台账.xlsx", "责任清单")
    }
    assert duties["县教育局", "抓学习", "牵头"]["责任人"] == "甲科长"
    assert duties["县财政局", "抓学习", "牵头"]["责任人"] == "乙科长"
    assert duties["县财政局", "提速", "配合"]["责任人"] is None
    order = [row["责任单位"] for row in list_rows(merged[0] / "汇总台账.xlsx", "责任清单")]
    assert order == sorted(order, key=["县教育局", "县财政局", "白露镇"].index)


def test_lights_and_long_term(merged):
    closing = {row["措施"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "对账销号")}
    assert closing["提速"]["预警"] == "绿"
    tasks = {row["措施"]: row for row in list_rows(merged[0] / "汇总台账.xlsx", "任务清单")}
    assert (tasks["提速"]["长期坚持"], tasks["提速"]["到期日"]) == ("是", None)


def test_all_sheets_columns_and_tables_are_there(merged):
    workbook = openpyxl.load_workbook(merged[0] / "汇总台账.xlsx")
    assert workbook.sheetnames == [
        "总览",
        "问题清单",
        "原因剖析",
        "任务清单",
        "责任清单",
        "对账销号",
        "待确认",
        "已定事项",
        "合并明细",
        "填报情况",
        "未作数据的行",
        "核对结果",
        "统计",
        "问题清单（打印）",
        "任务清单（打印）",
    ]
    for sheet in workbook.worksheets[1:-3]:
        assert len(sheet.tables) == 1
        assert sheet.freeze_panes
        assert sheet.auto_filter is not None


def test_the_manifest_says_what_came_in_and_out_but_no_text(merged):
    manifest = json.loads((merged[0] / "运行记录.json").read_text(encoding="utf-8"))
    assert manifest["计数"]["读入行"] == manifest["计数"]["合并明细行"] == 7
    assert set(manifest["输入"]) == {"a.xlsx", "b.xlsx"}
    assert {"汇总台账.xlsx", "对照检查材料.docx"} <= set(manifest["输出"])
    assert "学得浅" not in json.dumps(manifest, ensure_ascii=False)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    books = {"a.xlsx": book("县教育局", [[1, "学习", "学得浅", "浅。"]], [measure(1, 1, "抓学习", "每月学。")])}
    made = []
    for name in ("一", "二"):
        folder = make_project(tmp_path / name, make_scheme(), books)
        if made:
            (folder / "workbooks" / "a.xlsx").write_bytes((tmp_path / "一" / "workbooks" / "a.xlsx").read_bytes())
        merge_project(folder, TODAY)
        made.append(
            {path.name: path.read_bytes() for path in sorted((folder / "outputs").rglob("*")) if path.is_file()}
        )
    assert made[0] == made[1]


def test_text_that_a_spreadsheet_would_run_is_text(tmp_path):
    nasty = ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    problems = [[number, "学习", text, text + "。"] for number, text in enumerate(nasty, start=1)]
    source = make_book("县教育局", 问题清单=problem_sheet(*problems), 整改措施=[MEASURE_HEADER])
    for row in source["问题清单"].iter_rows(min_row=2):
        for cell in row[2:4]:
            cell.data_type = "s"
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": source})
    merge_project(folder, TODAY)
    for path in (folder / "outputs").rglob("*.xlsx"):
        workbook = openpyxl.load_workbook(path)
        for sheet in workbook:
            formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            assert not set(nasty) & set(formulas)
            assert not [formula for formula in formulas if "HYPERLINK" in formula or "cmd" in formula]
            if sheet.title not in ("总览", "统计", "责任清单", "对账销号") and not sheet.title.endswith("（打印）"):
                assert not formulas, (path.name, sheet.title)
        with zipfile.ZipFile(path) as package:
            assert not any(b"http://x" in package.read(name) for name in package.namelist() if name.endswith(".rels"))


def test_nobody_s_name_is_in_the_file_properties(tmp_path):
    source = book("县教育局", [[1, "学习", "学得浅", "浅。"]], basic={"填报人": "张小明"})
    source.properties.creator = "张小明"
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": source})
    merge_project(folder, TODAY)
    for path in (folder / "outputs").rglob("*.*x"):
        with zipfile.ZipFile(path) as package:
            assert "张小明" not in package.read("docProps/core.xml").decode()


def test_marked_copies_show_each_finding_and_read_clean_once_mended(tmp_path):
    folder = make_project(
        tmp_path,
        make_scheme(("县教育局",)),
        {"a.xlsx": book("县教育局", [[1, "学習", "学得浅", "浅。"]], [measure(1, 1, "抓学习", "每月学。")])},
    )
    merge_project(folder, TODAY)
    copy = openpyxl.load_workbook(folder / "outputs" / "退回修改" / "a.xlsx")
    assert "不能填“学習”" in copy["问题清单"]["B2"].comment.text
    assert copy["修改清单"]["C3"].hyperlink.location or copy["修改清单"]["C3"].hyperlink.target
    copy["问题清单"]["B2"] = "学习"
    copy.save(folder / "workbooks" / "a.xlsx")
    mended = merge_project(folder, TODAY)
    assert mended.errors == 0
    assert mended.counts["读入行"] == 2, "the marks are not data"
    assert not [row for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果") if row["代码"][0] in "FHR"]
    assert not (folder / "outputs" / "退回修改" / "a.xlsx").exists()


def test_nothing_to_merge(tmp_path):
    folder = make_project(tmp_path, make_scheme(), {})
    with pytest.raises(NothingToMergeError):
        merge_project(folder, TODAY)
    assert not (folder / "outputs").exists() or not list((folder / "outputs").iterdir())


class Broken:
    """An output that cannot be written."""

    name = "坏.txt"

    def __init__(self, error):
        self.error = error

    def write(self, folder):
        raise self.error

    def verify(self, folder):
        raise AssertionError("never written")


def test_a_failed_run_leaves_the_old_outputs_whole(tmp_path):
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": book("县教育局", [[1, "学习", "学得浅", "浅。"]])})
    merge_project(folder, TODAY)
    before = {path.name: path.read_bytes() for path in (folder / "outputs").iterdir() if path.is_file()}
    with pytest.raises(RuntimeError):
        merge_project(folder, TODAY, outputs=lambda draft: (*outputs_of(draft), Broken(RuntimeError("died"))))
    assert {path.name: path.read_bytes() for path in (folder / "outputs").iterdir() if path.is_file()} == before


def test_a_scheme_of_four_aspects_and_other_headings(tmp_path):
    from pipeline.scheme import Aspect

    scheme = make_scheme(third_level="1.", measures_per_direction=1).model_copy(
        update={
            "aspects": tuple(Aspect(short=f"丙{n}", full=f"关于丙{n}的事项") for n in range(1, 5)),
            "directions": ("往东", "往西"),
            "parts": (
                Part(kind="开头", content="本材料依据{年度}年度要求形成。"),
                Part(kind="正文", title="上年度整改落实情况", content="上年度任务已报告。\n另有一段。"),
                Part(kind="问题", title="检视出的差距"),
                Part(kind="正文", title="典型案例剖析", content="案例一。"),
                Part(kind="措施", title="下步打算"),
                Part(kind="结尾", content="特此报告。"),
            ),
        }
    )
    folder = make_project(
        tmp_path,
        scheme,
        {
            "a.xlsx": make_book(
                问题清单=problem_sheet(*[[n, f"丙{n}", f"差距{n}", f"表现{n}。"] for n in range(1, 5)]),
                整改措施=[
                    MEASURE_HEADER,
                    measure(1, 1, "甲招", "甲办法。", 努力方向="往东"),
                    measure(2, 2, "乙招", "乙办法。", 努力方向="往西"),
                ],
            )
        },
    )
    merge_project(folder, TODAY)
    import docx

    paragraphs = [paragraph.text for paragraph in docx.Document(folder / "outputs" / "对照检查材料.docx").paragraphs]
    assert paragraphs == [
        "对照检查材料",
        "本材料依据2022年度要求形成。",
        "一、上年度整改落实情况",
        "上年度任务已报告。",
        "另有一段。",
        "二、检视出的差距",
        "（一）关于丙1的事项",
        "1.差距1。表现1。",
        "（二）关于丙2的事项",
        "1.差距2。表现2。",
        "（三）关于丙3的事项",
        "1.差距3。表现3。",
        "（四）关于丙4的事项",
        "1.差距4。表现4。",
        "三、典型案例剖析",
        "案例一。",
        "四、下步打算",
        "1.往东。一是甲招。甲办法。",
        "2.往西。一是乙招。乙办法。",
        "特此报告。",
    ]


def test_a_gap_is_shown_where_it_is_and_found(tmp_path):
    folder = make_project(
        tmp_path,
        make_scheme().model_copy(update={"parts": (*PARTS, Part(kind="结尾", content="征求意见{征求意见条数}条。"))}),
        {"a.xlsx": make_book(问题清单=problem_sheet([1, "学习", "学得浅", None], [2, "为民", "接得慢", "慢。"]))},
    )
    merge_project(folder, TODAY)
    import docx

    document = docx.Document(folder / "outputs" / "对照检查材料.docx")
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "1、学得浅。【待补充：具体表现（a.xlsx!问题清单!D2）】" in texts
    assert "征求意见【待补充：征求意见条数】条。" in texts
    gaps = [run for paragraph in document.paragraphs for run in paragraph.runs if "待补充" in run.text]
    assert all(run.font.highlight_color is not None for run in gaps)
    assert {"M10", "M09"} <= {row["代码"] for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")}


def test_numbers_at_the_opening_are_sums_of_what_was_reported(tmp_path):
    scheme = make_scheme().model_copy(
        update={"parts": (Part(kind="开头", content="研讨{集中学习研讨次数}次，谈话{谈心谈话人次}人次。"), *PARTS[1:])}
    )
    folder = make_project(
        tmp_path,
        scheme,
        {
            "a.xlsx": book(
                "县教育局", [[1, "学习", "甲", "甲。"]], basic={"集中学习研讨次数": "3次", "谈心谈话人次": 10}
            ),
            "b.xlsx": book(
                "县财政局", [[1, "学习", "乙", "乙。"]], basic={"集中学习研讨次数": 4, "谈心谈话人次": "若干"}
            ),
        },
    )
    merge_project(folder, TODAY)
    import docx

    assert docx.Document(folder / "outputs" / "对照检查材料.docx").paragraphs[1].text == "研讨7次，谈话10人次。"
    found = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert any(row["代码"] == "F14" and row["单位"] == "县财政局" for row in found)
    assert any(row["代码"] == "M08" and "县财政局" in row["问题说明"] for row in found)


# ---- conservation ----

_TEXT = st.text(st.sampled_from("学习不深入服务群众慢了。，12是一、 =（）\n"), max_size=14)
_ROW = st.tuples(
    st.one_of(st.integers(0, 5), st.none(), _TEXT), st.sampled_from(["学习", "为民", "（一）", "乱", ""]), _TEXT, _TEXT
)


@given(st.lists(st.lists(_ROW, max_size=6), min_size=1, max_size=3), st.integers(0, 2), st.randoms())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_that_was_typed_is_in_the_trace_or_said(tmp_path_factory, sheets, padding, chosen):
    folder = tmp_path_factory.mktemp("p")
    books, typed, everything = {}, {}, {}
    for number, rows in enumerate(sheets):
        unit = ["县教育局", "县财政局", "白露镇"][number]
        order = list(range(4))
        chosen.shuffle(order)
        header = ["序号", "对照方面", "问题", "具体表现"]
        made = make_book(unit, 问题清单=[["标题"]] * padding + [[header[at] for at in order]])
        for at, row in enumerate(rows):
            line = padding + 2 + at
            for column, source in enumerate(order, start=1):
                cell = made["问题清单"].cell(line, column, row[source] or None)
                if isinstance(row[source], str):
                    cell.data_type = "s"
            everything[f"{number}.xlsx", line] = row
            if any(str(value or "").strip() for value in row[1:]):
                typed[f"{number}.xlsx", line] = row
        books[f"{number}.xlsx"] = made
    make_project(folder, make_scheme(), books)
    outcome = merge_project(folder, TODAY)
    trace = list_rows(folder / "outputs" / "汇总台账.xlsx", "合并明细")
    found = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert outcome.counts["读入行"] == len(trace)
    lines = [(row["文件"], row["行号"]) for row in trace]
    assert len(set(lines)) == len(lines), "no row twice"
    said = {
        (row["文件"], int("".join(char for char in row["单元格"] if char.isdigit())))
        for row in found
        if row["代码"] in ("H04", "H07") and row["单元格"]
    }
    assert set(typed) <= set(lines) | said, "no row lost"
    assert set(lines) <= everything.keys(), "no row invented"
    for row in trace:
        title, detail = everything[row["文件"], row["行号"]][2:]
        wanted = f"{title}。{detail}" if title.strip() and detail.strip() else (title if title.strip() else detail)
        if title.strip() or detail.strip():
            assert (row["原文"] or "").strip() == wanted.replace("\r", "").strip()
        if row["归并方式"] == "拒收":
            assert row["依据"]


def test_the_order_of_files_does_not_matter(tmp_path):
    made = []
    for seed in (0, 1):
        names = ["a", "b", "c"]
        random.Random(seed).shuffle(names)
        folder = tmp_path / str(seed)
        units = ["县教育局", "县财政局", "白露镇"]
        make_project(
            folder,
            make_scheme(),
            {
                f"{name}.xlsx": book(
                    unit, [[1, "学习", "学得浅", "学习不系统。"], [2, "为民", f"{unit}的事", f"{unit}办事慢。"]]
                )
                for name, unit in zip(names, units, strict=True)
            },
        )
        merge_project(folder, TODAY)
        rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "问题清单")
        made.append([(row["问题编号"], row["问题"], row["提出单位"]) for row in rows])
    assert made[0] == made[1]


def test_today_is_passed_in(tmp_path):
    folder = make_project(
        tmp_path,
        make_scheme(),
        {"a.xlsx": book("县教育局", [[1, "学习", "甲", "甲。"]], [measure(1, 1, "抓", "抓。", deadline="2022-06-30")])},
    )
    lights = []
    for day in (dt.date(2022, 1, 1), dt.date(2022, 6, 15), dt.date(2022, 7, 1)):
        merge_project(folder, day)
        lights.append(list_rows(folder / "outputs" / "汇总台账.xlsx", "对账销号")[0]["预警"])
    assert lights == ["绿", "黄", "红"]
