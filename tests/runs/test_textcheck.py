"""体检: each thing it looks for is found where it is, and honest text is left alone."""

import openpyxl
import pytest
from conftest import MEASURE_HEADER, TODAY, list_rows, make_book, make_project, make_scheme, measure, problem_sheet

from pipeline.run import merge_project
from pipeline.scheme import Aspect, Body, Term, load_preset, read_scheme, write_scheme
from pipeline.textcheck.scheme import drifted_theme, drifted_titles
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


def test_only_the_national_stem_of_a_theme_is_compared():
    scheme = load_preset("2025").scheme
    theme = scheme.settings.theme

    def said(other):
        return drifted_theme(
            scheme.model_copy(update={"settings": scheme.settings.model_copy(update={"theme": other})})
        )

    assert not said(theme)
    local = theme.replace("，以打攻坚战、持久战的决心和恒心", "，认真落实省委部署").replace(
        "奋力开创中国式现代化建设新局面", ""
    )
    assert not said(local + "奋力谱写栖云高质量发展新篇章")
    (finding,) = said(theme.replace("凝心聚力", "凝心聚气"))
    assert finding.code == "D03"
    assert "“气”应为“力”" in finding.message


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


# ---- as a superior reads it ----


def inspected(tmp_path, problems, measures=(), causes=(), scheme=None, **settings):
    sheets = {"问题清单": problem_sheet(*problems), "整改措施": [MEASURE_HEADER, *measures]}
    if causes:
        sheets["原因剖析"] = [["序号", "原因", "剖析", "对应问题", "备注"], *causes]
    scheme = scheme or make_scheme(unit="中共栖云县委", **settings)
    folder = make_project(tmp_path, scheme, {"a.xlsx": make_book("县教育局", **sheets)})
    merge_project(folder, TODAY)
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    return {row["代码"]: row for row in rows if row["代码"] >= "D40" and row["代码"] < "D60"}


SOLID = [
    [1, "学习", "学得浅", "全年集中学习只有3次，研讨发言照念材料。" * 6],
    [2, "为民", "办得慢", "大厅只开3个窗口，群众平均等40分钟。" * 6],
]


def test_a_solid_document_is_left_in_peace(tmp_path):
    measures = [
        measure(1, 1, "抓学习", "每月学一次。"),
        measure(2, 2, "快办", "6月底前加开两个窗口。", 努力方向="服务群众"),
    ]
    assert inspected(tmp_path, SOLID, measures) == {}


@pytest.mark.parametrize(
    ("detail", "code"),
    [
        ("加强学习，提高认识。", "D45"),
        ("作风不够扎实，劲头不足。", "D43"),
        ("虽然能够坚持学习，但是只学了3次，不够深入。", "D44"),
        ("学习不够深入，只学3次。", "D49"),
        ("只学3次。", "D41"),
    ],
)
def test_what_a_reviewer_would_mark_in_a_problem(tmp_path, detail, code):
    row = inspected(tmp_path, [[1, "学习", "学得浅", detail], SOLID[1]])[code]
    assert row["级别"] != "错误"
    assert row["文件"] in ("汇总台账.xlsx", "对照检查材料.docx")
    assert row["列名"] in ("具体表现", "对照方面")


def test_what_a_reviewer_would_mark_in_measures_causes_and_the_whole(tmp_path):
    found = inspected(
        tmp_path,
        SOLID,
        [measure(1, 1, "抓学习", "持续用力，久久为功。")],
        [[1, "认识浅", "认识不到位。", 1, None]],
        least_characters=5000,
    )
    assert {"D42", "D48", "D52"} <= found.keys()
    assert "少于方案规定的 5000 字" in found["D52"]["问题说明"]
    scheme = make_scheme().model_copy(update={"body": Body(opinions=30)})
    found = inspected(tmp_path / "b", SOLID, scheme=scheme)
    assert {"D46", "D51"} <= found.keys()


def test_last_years_text_is_recognised(tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph(f"1、学得浅。{SOLID[0][3]}")
    tmp_path.mkdir(exist_ok=True)
    document.save(tmp_path / "去年.docx")
    found = inspected(tmp_path, SOLID, last_document="去年.docx")
    assert "100%" in found["D50"]["问题说明"]


def test_an_aspect_of_the_notice_that_is_missing(tmp_path):
    preset = load_preset("2024").scheme
    scheme = preset.model_copy(update={"aspects": preset.aspects[1:], "roster": make_scheme().roster})
    problems = [[n, aspect.short, f"问题{n}", SOLID[0][3]] for n, aspect in enumerate(scheme.aspects, 1)]
    found = inspected(tmp_path, problems, scheme=scheme)
    assert found["D40"]["原值"] == preset.aspects[0].full


def test_the_offices_own_text_is_looked_through(tmp_path):
    scheme = make_scheme(unit="中共栖云县委")
    first = scheme.parts[0].model_copy(update={"content": "我市按照xx要求召开会议。"})
    scheme = scheme.model_copy(update={"parts": (first, *scheme.parts[1:])})
    folder = make_project(tmp_path, scheme, {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*SOLID))})
    merge_project(folder, TODAY)
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert [row["原值"] for row in rows if row["代码"] == "D53"] == ["我市", "xx"]
