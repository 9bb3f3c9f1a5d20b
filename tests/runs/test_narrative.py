"""The document: its layout as rendered, what stands in it and where from, the office's template, the check after writing."""

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from conftest import (
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
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Mm

from pipeline.narrative import Level, Paragraph, Run, write_narrative
from pipeline.narrative.tidy import tidy
from pipeline.publishing import VerificationError
from pipeline.run import merge_project, outputs_of
from pipeline.scheme import Body, Part, load_preset, preset_names

OFFICE, POPPLER = shutil.which("soffice"), shutil.which("pdftotext")
SAMPLE = [[1, "学习", "学得浅", "学习不系统。", "比如，全年只学3次。"], [2, "为民", "办得慢", "窗口少，办事慢。"]]


def books(unit="县教育局", problems=SAMPLE, **more):
    sheets = {"问题清单": problem_sheet(*problems)}
    sheets["整改措施"] = [MEASURE_HEADER, measure(1, 1, "抓学习", "每月学一次。"), measure(2, 2, "快办", "增设窗口。")]
    return {"a.xlsx": make_book(unit, **sheets, **more)}


def texts(folder, name="对照检查材料.docx"):
    return [paragraph.text for paragraph in docx.Document(folder / "outputs" / name).paragraphs]


def merged(tmp_path, made=None, parts=None, **settings):
    scheme = make_scheme(**settings)
    if parts:
        scheme = scheme.model_copy(update={"parts": parts})
    folder = make_project(tmp_path, scheme, made or books())
    merge_project(folder, TODAY)
    return folder


def rendered(path, folder):
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.pdf"


def page(pdf, number):
    command = ["pdftotext", "-f", str(number), "-l", str(number), "-layout", str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


# ---- layout ----


@pytest.mark.skipif(OFFICE is None or POPPLER is None, reason="LibreOffice or poppler is not installed")
def test_a_page_has_22_lines_of_28_characters_and_its_number_outside(tmp_path):
    """GB/T 9704-2012, 5.2.3: rendered, counted. 3 pages of one paragraph; page 2 is text alone."""
    path = tmp_path / "长.docx"
    write_narrative(
        path, [Paragraph(Level.TITLE, (Run("材料"),)), Paragraph(Level.BODY, (Run("学" * 1700),))], "材料", TODAY
    )
    pdf = rendered(path, tmp_path)
    lines = [line for line in page(pdf, 2).splitlines() if "学" in line]
    assert [line.count("学") for line in lines] == [28] * 22
    first, second, third = (next(line for line in page(pdf, at).splitlines() if "—" in line) for at in (1, 2, 3))
    assert [line.replace(" ", "").strip() for line in (first, second, third)] == ["—1—", "—2—", "—3—"]
    assert len(first) - len(first.lstrip()) > 15 > len(second) - len(second.lstrip())


def test_styles_are_real_and_name_their_fonts(tmp_path):
    folder = merged(tmp_path)
    document = docx.Document(folder / "outputs" / "对照检查材料.docx")
    east = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
    wanted = {"公文标题": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "公文正文": "仿宋_GB2312"}
    for name, font in wanted.items():
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(east) == font, name
        assert not [key for key in fonts.attrib if "heme" in key]
    levels = {"Heading 1": "0", "Heading 2": "1"}
    for name, level in levels.items():
        outline = document.styles[name].element.pPr.find(docx.oxml.ns.qn("w:outlineLvl"))
        assert outline.get(docx.oxml.ns.qn("w:val")) == level
    indent = document.styles["公文正文"].element.pPr.find(docx.oxml.ns.qn("w:ind"))
    assert indent.get(docx.oxml.ns.qn("w:firstLineChars")) == "200"
    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]
    with zipfile.ZipFile(folder / "outputs" / "对照检查材料.docx") as package:
        assert b"updateFields" not in package.read("word/settings.xml")


def test_secrecy_attachments_signature_and_date_where_the_scheme_asks(tmp_path):
    plain = texts(merged(tmp_path / "a"))
    assert not [text for text in plain if "附件" in text or "秘密" in text]
    full = texts(
        merged(
            tmp_path / "b",
            secrecy="秘密★1年",
            attachments=("问题清单", "任务清单"),
            signature="中共某县委常委班子",
            issued_on=dt.date(2022, 1, 5),
        )
    )
    assert full[:2] == ["", "秘密★1年"]
    assert full[-6:] == ["", "附件：1.问题清单", "　　　2.任务清单", "", "中共某县委常委班子", "2022年1月5日"]


def test_a_title_breaks_where_the_office_broke_it(tmp_path):
    folder = merged(tmp_path, document_title="中共某县委\n对照检查材料")
    assert texts(folder)[0] == "中共某县委\n对照检查材料"


def test_numbering_is_the_schemes_choice(tmp_path):
    said = texts(merged(tmp_path / "a", third_level="1.", measure_numbers="（1）", numbering_per_aspect=False))
    assert "1.学得浅。学习不系统。比如，全年只学3次。" in said
    assert "2.办得慢。窗口少，办事慢。" in said
    assert any("（1）" in text and "一是" not in text for text in said)
    again = texts(merged(tmp_path / "b"))
    assert "1、办得慢。窗口少，办事慢。" in again
    assert any("一是" in text for text in again)


def test_a_table_of_contents_leads_to_the_headings(tmp_path):
    folder = merged(tmp_path, contents=True)
    path = folder / "outputs" / "对照检查材料.docx"
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode()
    assert 'TOC \\o "1-2"' in xml
    anchors = re.findall(r'w:anchor="(_Toc\d+)"', xml)
    assert anchors
    assert set(anchors) == set(re.findall(r'w:bookmarkStart [^>]*w:name="(_Toc\d+)"', xml))
    assert xml.count('fldCharType="begin"') == xml.count('fldCharType="end"') == len(anchors) + 1
    said = texts(folder)
    assert said[0] == "目　录"
    headings = [p.text for p in docx.Document(path).paragraphs if p.style.name.startswith("Heading")]
    assert [text.split("\t")[0] for text in said[1 : 1 + len(headings)]] == headings


@pytest.mark.skipif(OFFICE is None or POPPLER is None, reason="LibreOffice or poppler is not installed")
def test_the_pages_of_the_contents_are_the_pages(tmp_path):
    long = [[number, "学习", f"第{number}个问题", "深入基层不够调查研究不多" * 25 + "。"] for number in range(1, 4)]
    folder = merged(tmp_path, books(problems=[*long, [9, "为民", "办得慢", "窗口少。"]]), contents=True)
    pdf = rendered(folder / "outputs" / "对照检查材料.docx", tmp_path)
    entries = [text.split("\t") for text in texts(folder) if "\t" in text]
    for heading, number in entries:
        assert re.sub(r"\s", "", heading[:12]) in re.sub(r"\s", "", page(pdf, int(number))), (heading, number)
    assert int(entries[-1][1]) > int(entries[0][1])


@pytest.mark.skipif(OFFICE is None or POPPLER is None, reason="LibreOffice or poppler is not installed")
@pytest.mark.parametrize("lines", range(15, 21))
def test_a_signature_never_stands_alone(tmp_path, lines):
    path = tmp_path / "署.docx"
    body = [Paragraph(Level.BODY, (Run("学" * 50),)) for _ in range(lines // 2)]
    body += [Paragraph(Level.BODY, (Run("学" * 20),)) for _ in range(lines % 2)]
    ending = [Paragraph(Level.SIGNATURE, (Run("某县委"),)), Paragraph(Level.DATE, (Run("2022年1月5日"),))]
    write_narrative(path, [Paragraph(Level.TITLE, (Run("材料"),)), *body, *ending], "材料", TODAY)
    pdf = rendered(path, tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    assert "学" in next(part for part in text.split("\f") if "某县委" in part)


# ---- answered for ----


def test_the_copy_for_review_says_where_each_text_comes_from(tmp_path):
    made = books() | {"b.xlsx": make_book("县财政局", 问题清单=problem_sheet([4, "学习", "学得浅", "学习不系统。"]))}
    folder = merged(tmp_path, made)
    clean, review = texts(folder), texts(folder, "对照检查材料（核稿）.docx")
    assert clean == review
    document = docx.Document(folder / "outputs" / "对照检查材料（核稿）.docx")
    notes = [comment.text for comment in document.comments]
    merged_note = next(note for note in notes if note.startswith("WT-001"))
    assert "由 2 行归并" in merged_note
    assert "县教育局：a.xlsx　问题清单　第 2 行" in merged_note
    assert "县财政局：b.xlsx　问题清单　第 2 行" in merged_note
    assert any("方案.xlsx 文稿!C2" in note for note in notes)
    included = [
        row for sheet in ("问题清单", "任务清单") for row in list_rows(folder / "outputs" / "汇总台账.xlsx", sheet)
    ]
    numbers = {
        value for row in included if row["入文"] == "是" for key, value in row.items() if key.endswith("编号") and value
    }
    assert {note.split("　")[0] for note in notes if re.match(r"(WT|CS)-\d", note)} == numbers
    assert not list(docx.Document(folder / "outputs" / "对照检查材料.docx").comments)


def with_paragraphs(change):
    """The outputs, their narrative saying other paragraphs than those of the outline."""
    return lambda draft: outputs_of(replace(draft, paragraphs=change(draft.paragraphs)))


def test_a_paragraph_nobody_wrote_stops_the_run(tmp_path):
    folder = merged(tmp_path)
    before = (folder / "outputs" / "对照检查材料.docx").read_bytes()
    more = Paragraph(Level.BODY, (Run("今后将进一步加强学习。"),))
    with pytest.raises(VerificationError, match="今后将进一步加强学习"):
        merge_project(folder, TODAY, outputs=with_paragraphs(lambda paragraphs: [*paragraphs, more]))
    assert (folder / "outputs" / "对照检查材料.docx").read_bytes() == before


@pytest.mark.parametrize(("old", "new"), [("问题2条", "问题3条"), ("学习不系统", "学习不够系统")])
def test_a_changed_figure_or_word_stops_the_run(tmp_path, old, new):
    parts = (Part(kind="开头", content="查摆问题{问题数}条。"), *PARTS[1:])
    folder = merged(tmp_path, parts=parts)
    assert any(old in text for text in texts(folder))

    def altered(paragraphs):
        return [Paragraph(p.level, (Run(p.text.replace(old, new)),), p.part, p.cell) for p in paragraphs]

    with pytest.raises(VerificationError):
        merge_project(folder, TODAY, outputs=with_paragraphs(altered))


def test_a_part_without_text_is_shown_as_missing(tmp_path):
    parts = (*PARTS, Part(kind="正文", title="典型案例剖析"))
    folder = merged(tmp_path, parts=parts)
    assert "【待补充：典型案例剖析】" in texts(folder)
    found = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert any(row["代码"] == "M12" and row["原值"] == "典型案例剖析" for row in found)


# ---- the office's own template ----


def template(path, styles, body=()):
    document = docx.Document()
    document.sections[0].left_margin = Mm(31)
    document.sections[0].header.paragraphs[0].text = "中共某县委文件"
    for name in styles:
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        document.styles[name].font.name = "Arial"
    for text in body:
        document.add_paragraph(text)
    document.save(path)


def test_the_offices_template_gives_header_margins_and_styles(tmp_path):
    scheme = make_scheme(template="红头.docx")
    folder = make_project(tmp_path, scheme, books())
    template(folder / "红头.docx", ["公文标题", "公文正文"], ["某委〔2022〕号", "{正文}", "抄送：各单位"])
    merge_project(folder, TODAY)
    document = docx.Document(folder / "outputs" / "对照检查材料.docx")
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[0] == "某委〔2022〕号"
    assert said[-1] == "抄送：各单位"
    assert "{正文}" not in said
    assert "1、学得浅。学习不系统。比如，全年只学3次。" in said
    assert round(document.sections[0].left_margin.mm) == 31
    assert document.sections[0].header.paragraphs[0].text == "中共某县委文件"
    assert document.styles["公文正文"].font.name == "Arial"
    missing = [
        row["原值"] for row in list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果") if row["代码"] == "S02"
    ]
    assert missing == [
        name for name in ("Heading 1", "Heading 2") if name not in docx.Document(folder / "红头.docx").styles
    ]


def test_a_template_that_does_not_open_is_a_setting_error(tmp_path):
    from pipeline.scheme import SchemeError

    folder = make_project(tmp_path, make_scheme(template="没有.docx"), books())
    with pytest.raises(SchemeError, match="文稿模板"):
        merge_project(folder, TODAY)
    assert not (folder / "outputs").exists()


# ---- text ----


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("学习不够,落实不力;效果差", "学习不够，落实不力；效果差"),
        ('强化"四个意识"', "强化“四个意识”"),
        ("慢了。。还慢", "慢了。还慢"),
        ("投入1,200万元，比例3:1，占12.5%，8:30开会", "投入1,200万元，比例3:1，占12.5%，8:30开会"),
        ('一个"引号', '一个"引号'),
        ("见 附件 (2)", "见附件 (2)"),
        ("群众 满意", "群众满意"),
    ],
)
def test_tidying_changes_punctuation_alone(text, wanted):
    assert tidy(text) == wanted


def test_text_is_tidied_only_where_the_scheme_allows(tmp_path):
    problems = [[1, "学习", "学得浅", '学习不系统,缺少"钉钉子"精神。'], [2, "为民", "办得慢", "慢。"]]
    assert '1、学得浅。学习不系统,缺少"钉钉子"精神。' in texts(merged(tmp_path / "a", books(problems=problems)))
    folder = merged(tmp_path / "b", books(problems=problems), tidy=True)
    assert "1、学得浅。学习不系统，缺少“钉钉子”精神。" in texts(folder)
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "问题清单")
    assert rows[0]["具体表现"] == '学习不系统,缺少"钉钉子"精神。'


# ---- presets ----


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_makes_a_document(tmp_path, name):
    preset = load_preset(name)
    aspects = preset.scheme.aspects
    scheme = preset.scheme.model_copy(update={"roster": make_scheme().roster})
    scheme = scheme.model_copy(update={"settings": scheme.settings.model_copy(update={"unit": "中共某县委"})})
    problems = [[number, aspect.short, f"问题{number}", f"表现{number}。"] for number, aspect in enumerate(aspects, 1)]
    made = {"a.xlsx": make_book("县教育局", 问题清单=problem_sheet(*problems))}
    folder = make_project(tmp_path, scheme, made)
    merge_project(folder, TODAY)
    said = texts(folder)
    titles = [part.title for part in scheme.parts if part.title and part.kind != "另行通报"]
    assert [text.split("、", 1)[1] for text in said if re.match("[一二三四五六七]、", text)] == titles
    assert [text.split("）", 1)[1] for text in said if text.startswith("（")] == [aspect.full for aspect in aspects]
    found = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert not [row for row in found if row["代码"] in ("T05", "D02", "D03")]
    own = [row["列名"] for row in found if row["代码"] == "D01"]
    assert own == ["集中学习研讨次数", "征求意见条数", "谈心谈话人次"], "a sum of departments is never the body's"
    assert all(f"【待补充：{name}】" in "".join(said) for name in own)


def test_the_bodys_own_figures_and_the_departments_sums_have_names_of_their_own(tmp_path):
    text = "班子研讨{集中学习研讨次数}次，各单位合计{各单位集中学习研讨次数}次。"
    made = books(basic={"集中学习研讨次数": 40})
    parts = (Part(kind="开头", content=text), *PARTS[1:])
    old = make_scheme().model_copy(update={"parts": parts})
    for name, scheme, wanted, code in (
        ("a", old.model_copy(update={"body": Body(studies=4)}), "班子研讨4次，各单位合计40次。", ""),
        (
            "b",
            old.model_copy(update={"body": Body()}),
            "班子研讨【待补充：集中学习研讨次数】次，各单位合计40次。",
            "D01",
        ),
        ("c", old, "班子研讨40次，各单位合计40次。", "D02"),
    ):
        folder = make_project(tmp_path / name, scheme, made)
        merge_project(folder, TODAY)
        assert texts(folder)[1] == wanted
        found = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
        assert [row["代码"] for row in found if row["代码"] in ("D01", "D02")] == ([code] if code else [])


def test_what_is_reported_separately_is_not_printed(tmp_path):
    parts = (*PARTS, Part(kind="另行通报", title="征求意见情况", content="共30条。"))
    assert not [text for text in texts(merged(tmp_path, parts=parts)) if "征求意见" in text]


def test_presets_say_what_is_not_verified():
    assert {"2021", "2022", "2023a", "2023b", "2024", "2025"} <= set(preset_names())
    assert len(load_preset("2024").scheme.aspects) == 4
    assert not load_preset("2024").unverified
    assert not load_preset("2025").unverified
    assert len([doubt for doubt in load_preset("2023b").unverified if "对照方面" in doubt]) == 6
    assert "正文" in {part.kind for part in load_preset("2025").scheme.parts}


# ---- voice ----


@pytest.mark.parametrize(
    ("detail", "wanted"),
    [
        ("我局对局党组部署落实不力。", ["我局", "局党组"]),
        ("本镇干部下村少。", ["本镇"]),
        ("坚持政府党组学习制度不严。", ["政府党组"]),
        ("县教育局下校少，局班子成员分工不清。", ["县教育局", "局班子"]),
        ("恳请上级加大资金支持，力量不足。", ["恳请上级加大资金支持"]),
        ("个别乡镇党委抓得不紧，部分局党组责任压得不实，督促镇党委不够。", []),
        ("我县部分干部本科学历不少，基本单位情况掌握不够，根本所在没有抓住，自我局限。", []),
    ],
)
def test_another_voice_is_found_and_marked_in_the_copy_for_review(tmp_path, detail, wanted):
    made = books(problems=[[1, "学习", "学得浅", detail], [2, "为民", "办得慢", "窗口少。"]])
    folder = merged(tmp_path, made, unit="中共某县委常委班子")
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    found = [row for row in rows if row["代码"] == "D30"]
    assert all((row["工作表"], row["单元格"]) == ("问题清单", "D4") for row in found)
    assert [row["原值"] for row in found] == (["、".join(sorted(wanted, key=wanted.index))] if wanted else [])
    document = docx.Document(folder / "outputs" / "对照检查材料（核稿）.docx")
    marked = [run.text for p in document.paragraphs for run in p.runs if run.font.highlight_color == 3]
    assert sorted(marked) == sorted(wanted)
    assert detail in "".join(texts(folder)), "never changed"
    plain = docx.Document(folder / "outputs" / "对照检查材料.docx")
    assert not [run for p in plain.paragraphs for run in p.runs if run.font.highlight_color == 3]


def test_a_bureaus_own_document_may_say_my_bureau(tmp_path):
    made = books(problems=[[1, "学习", "学得浅", "我局学习不够，我县情况掌握不多。"], [2, "为民", "办得慢", "慢。"]])
    folder = merged(tmp_path, made, unit="中共某县水利局党组")
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    assert [row["原值"] for row in rows if row["代码"] == "D30"] == ["我县"]


# ---- other kinds of document ----


def test_the_paper_may_have_its_other_name(tmp_path):
    folder = merged(tmp_path, kinds=("检视剖析材料",), document_title="某县委对照检查材料")
    assert texts(folder, "检视剖析材料.docx")[0] == "某县委检视剖析材料"
    assert texts(folder, "检视剖析材料（核稿）.docx") == texts(folder, "检视剖析材料.docx")
    assert not (folder / "outputs" / "对照检查材料.docx").exists()


def test_a_plan_says_who_does_what_until_when_as_text_and_as_a_table(tmp_path):
    folder = merged(tmp_path, kinds=("对照检查材料", "整改方案", "问题清单"), document_title="某县委对照检查材料")
    path = folder / "outputs" / "整改方案.docx"
    said = texts(folder, "整改方案.docx")
    assert said[0] == "某县委整改方案"
    assert "1、学得浅。学习不系统。" in said
    assert "（1）抓学习。每月学一次。（牵头单位：县教育局；责任领导：【待补充】；整改时限：2022-06-30）" in said
    document = docx.Document(path)
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == [
        *("1", "学得浅\n学习不系统。", "抓学习\n每月学一次。"),
        *("【待补充】", "县教育局", "", "2022-06-30"),
    ]
    assert table.rows[0]._tr.trPr.find(docx.oxml.ns.qn("w:tblHeader")) is not None
    assert document.sections[-1].page_width > document.sections[-1].page_height
    assert document.core_properties.language == "zh-CN"
    assert document.core_properties.title == "某县委整改方案"
    annex = docx.Document(folder / "outputs" / "问题清单（附件）.docx")
    assert [cell.text for cell in annex.tables[0].rows[1].cells][:4] == ["1", "WT-001", "学习", "学得浅"]
    assert any("主要负责人（签字）" in paragraph.text for paragraph in annex.paragraphs)
    before = path.read_bytes()
    merge_project(folder, TODAY)
    assert path.read_bytes() == before


@pytest.mark.skipif(OFFICE is None or POPPLER is None, reason="LibreOffice or poppler is not installed")
def test_the_plans_table_opens_and_repeats_its_header(tmp_path):
    rows = [[number, "学习", f"第{number}件难事", "情况各不相同，办得不够好。" * 6] for number in range(1, 13)]
    sheets = {"问题清单": problem_sheet(*rows)}
    folder = merged(tmp_path, {"a.xlsx": make_book("县教育局", **sheets)}, kinds=("整改方案",), problems_per_aspect=12)
    pdf = rendered(folder / "outputs" / "整改方案.docx", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    pages = [part for part in text.split("\f") if "牵头单位" in part and "整改时限" in part]
    assert len(pages) >= 2


def test_the_fonts_asked_for_are_said(tmp_path):
    folder = merged(tmp_path)
    rows = list_rows(folder / "outputs" / "汇总台账.xlsx", "核对结果")
    (said,) = [row for row in rows if row["代码"] == "D60"]
    assert all(font in said["原值"] for font in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"))
    document = docx.Document(folder / "outputs" / "对照检查材料.docx")
    assert (document.core_properties.language, document.core_properties.title) == ("zh-CN", "对照检查材料")
