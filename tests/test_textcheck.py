"""体检: each thing it looks for is found where it is, and honest text is left alone."""

import openpyxl
import pytest
from conftest import MEASURE_HEADER, TODAY, list_rows, make_book, make_project, make_scheme, measure, problem_sheet

from pipeline.run import merge_project
from pipeline.scheme import Aspect, Term, load_preset, read_scheme, write_scheme
from pipeline.textcheck.scheme import drifted_titles
from pipeline.textcheck.texts import _unclosed
from pipeline.textcheck.words import superseded


def found(tmp_path, detail="学习不系统。", title="学得浅", measures=(), scheme=None):
    sheets = {"问题清单": problem_sheet([1, "学习", title, detail], [2, "为民", "办得慢", "窗口少。"])}
    if measures:
        sheets["整改措施"] = [MEASURE_HEADER, *measures]
    scheme = scheme or make_scheme(unit="中共栖云县委常委班子")
    folder = make_project(tmp_path, scheme, {"a.xlsx": make_book("县教育局", **sheets)})
    merge_project(folder, TODAY)
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    return {(row["代码"], row["原值"]): row for row in rows if row["代码"].startswith("T")}


@pytest.mark.parametrize(
    ("detail", "code", "value"),
    [
        ("我市干部作风不实。", "T01", "我市"),
        ("努力做到交通运输部系统带头。", "T01", "交通运输部"),
        ("学习朝阳区经验不够。", "T01", "朝阳区"),
        ("矛盾多，青山镇最突出。", "T01", "青山镇"),
        ("xx单位学习次数少。", "T02", "xx"),
        ("走访×××户。", "T02", "×××"),
        ("某县干部作风不实。", "T02", "某县"),
        ("对工商局移交的线索核查慢。", "T03", "工商局"),
        ("近期受到谈话函询。", "T09", "谈话函询"),
        ("联系人13812345678，办得慢。", "T10", "手机号"),
        ("身份证110101199003071234登记错。", "T10", "身份证号"),
        ("办得慢。。群众有意见。", "T11", "。。"),
        ("落实《方案不力。", "T12", "《"),
        ("落实方案》不力。", "T12", "》"),
        ("学习不够系统", "T13", "学习不够系统"),
        ("深入基层不够" * 26 + "。", "T14", "156"),
        ("学习不够,落实不力。", "T15", "学习不够,落实不力。"),
    ],
)
def test_it_is_found_at_its_cell(tmp_path, detail, code, value):
    row = found(tmp_path, detail)[code, value]
    assert (row["文件"], row["工作表"], row["单元格"], row["列名"]) == ("a.xlsx", "问题清单", "D2", "具体表现")


@pytest.mark.parametrize(
    "detail",
    [
        "我县部分乡镇学习抓得不紧，县财政局、白露镇等单位学习次数少。",
        "（一）制度执行不严；（二）责任压得不实：1）检查少，2）问责少。",
        "会同教育部门、街道社区摸底不够，全镇12个村（社区）仅走访3次，投入1,200万元。",
        "“三会一课”落实不到位，《党支部工作条例》学得不深，有的同志说“没时间”。",
        "在乡镇、村级两头跑，返乡人员、城镇居民反映办事慢！",
    ],
)
def test_honest_text_is_left_alone(tmp_path, detail):
    assert {code for code, _ in found(tmp_path, detail)} <= {"T07", "T08"}


def test_masks_and_names_that_the_office_allows(tmp_path):
    scheme = make_scheme(unit="中共栖云县委", masks=("xx",)).model_copy(
        update={"terms": (Term(category="同义词", word="青山镇", synonyms=()),)}
    )
    assert {code for code, _ in found(tmp_path, "在青山镇，xx小区停水多。", scheme=scheme)} <= {"T07", "T08"}


def test_a_claim_needs_evidence(tmp_path):
    claim = measure(1, 1, "抓学习", "每月学一次。", 完成情况="已完成", 进展说明="已形成长效机制。")
    assert any(code == "T06" for code, _ in found(tmp_path / "a", measures=[claim]))
    proved = measure(
        1, 1, "抓学习", "每月学一次。", 完成情况="已完成", 进展说明="已形成长效机制。", 佐证材料="制度汇编"
    )
    assert not any(code == "T06" for code, _ in found(tmp_path / "b", measures=[proved]))
    promised = measure(1, 1, "抓学习", "建立学习长效机制，年底前整改到位。")
    assert not any(code == "T06" for code, _ in found(tmp_path / "c", measures=[promised]))


def test_units_that_sent_the_same_texts(tmp_path):
    long = [
        "理论学习抓得不紧，全年集中学习只有{}次，研讨发言照本宣科，联系实际不够。",
        "下基层调研不深入，走访群众只有{}户，掌握情况不全面，解决问题不及时。",
    ]
    rows = [[number, "学习", f"问题{number}", text.format(3)] for number, text in enumerate(long, 1)]
    other = [[number, "学习", f"问题{number}", text.format(3)] for number, text in enumerate(long, 1)]
    third = [[1, "学习", "窗口少", "便民服务大厅只开三个窗口，办事群众排队等候时间长，意见比较大。"]]
    books = {
        name: make_book(unit, 问题清单=problem_sheet(*own))
        for name, unit, own in (
            ("a.xlsx", "县教育局", rows),
            ("b.xlsx", "县财政局", other),
            ("c.xlsx", "白露镇", third),
        )
    }
    folder = make_project(tmp_path, make_scheme(), books)
    merge_project(folder, TODAY)
    said = [row for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果") if row["代码"] == "T04"]
    assert len(said) == 1
    assert "县教育局与县财政局有 2 条文字相同" in said[0]["问题说明"]


def test_a_title_that_drifted_by_a_character(tmp_path):
    scheme = load_preset("2024").scheme
    assert not drifted_titles(scheme)
    wrong = scheme.aspects[2].full.replace("遵规守纪", "遵守纪律")
    aspects = (*scheme.aspects[:2], Aspect(short="担责", full=wrong), scheme.aspects[3])
    path = tmp_path / "方案.xlsx"
    write_scheme(scheme.model_copy(update={"aspects": aspects}), path)
    book = openpyxl.load_workbook(path)
    book["对照方面"].insert_rows(1, 2)  # title rows above the header
    book.save(path)
    (finding,) = drifted_titles(read_scheme(path))
    assert finding.code == "T05"
    assert finding.place.cell == "C6"
    assert "规" in finding.message
    own = (Aspect(short="营商", full="营商环境方面"),)
    assert not drifted_titles(scheme.model_copy(update={"aspects": own}))


def test_the_same_lead_twice(tmp_path):
    rows = [[1, "学习", "抓得不紧", "理论学习次数少。"], [2, "为民", "抓得不紧", "窗口服务排队久。"]]
    folder = make_project(tmp_path, make_scheme(), {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*rows))})
    merge_project(folder, TODAY)
    said = [row for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果") if row["代码"] == "T16"]
    assert [(row["原值"], row["单元格"]) for row in said] == [("抓得不紧", "C3")]


def test_share_and_length_are_measured(tmp_path):
    said = found(tmp_path)
    assert any(code == "T08" for code, _ in said)


def test_phrases_are_out_of_date_from_their_year():
    assert not list(superseded("新冠肺炎疫情防控", 2021))
    assert [phrase for phrase, _, _ in superseded("新冠肺炎疫情防控", 2023)] == ["新冠肺炎"]
    assert not list(superseded("农业部门", 2025))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("（2）优化", ""),
        ("1）检查，2）问责", ""),
        ("“甲（乙）”", ""),
        ("“甲（乙”）", "”"),
        ("甲）", "）"),
        ("《甲", "《"),
    ],
)
def test_brackets(text, wanted):
    assert _unclosed(text) == wanted
