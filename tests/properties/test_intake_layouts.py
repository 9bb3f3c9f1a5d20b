"""Layouts that offices may think of, made at random from a known truth: every cell must come out as it was meant."""

import datetime as dt
import io
from dataclasses import dataclass, field

import openpyxl
from conftest import TODAY, make_scheme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.intake import read_submission
from pipeline.intake.collect import assemble
from pipeline.tables import CAUSES, MEASURES, PROBLEMS

UNITS = ("县教育局", "县财政局", "县卫健局", "白露镇")
SCHEME = make_scheme(UNITS, unit="中共云岭县委")
SUBJECTS = ["理论学习", "调查研究", "服务群众", "项目推进", "作风建设", "制度执行", "风险防范", "队伍管理"]
LACKS = ["抓得不紧", "不够深入", "有所松懈", "还有差距", "不够经常"]
DETAILS = [
    "{}方面谋划不多，全年专题研究只有{}次，有的同志满足于开会传达，与实际结合不紧。",
    "{}不够主动，走访的村（社区）不到{}个，对群众反映的急难愁盼问题解决不够及时。",
    "{}上存在一阵风现象，{}项制度制定后没有跟踪检查，落实情况不平衡，效果不明显。",
]
DOES = ["抓学习", "强调研", "办实事", "建制度", "严督查", "带队伍"]
HOWS = [
    "制定{}计划，每季度专题研究{}次，班子成员带头领办，结果在一定范围内公示。",
    "建立{}台账，每月调度{}次，对进展慢的约谈提醒，年底前逐项验收，防止反弹。",
]
WHYS = ["对{}的重要性认识不足，存在以干代学、以会代训的现象，主动性差了{}分。"]
PEOPLE = ["张三", "李四", "王五", "赵六", "孙七"]
DUE = {"2022-06-30": dt.date(2022, 6, 30), "2022年9月底前": dt.date(2022, 9, 30), "2022.12.31": dt.date(2022, 12, 31)}


@dataclass
class Problem:
    cells: dict[str, str]
    causes: list[dict[str, str]] = field(default_factory=list)
    measures: list[dict[str, str]] = field(default_factory=list)


@st.composite
def truths(draw):
    """Problems with their causes and measures; texts are all different."""
    number = iter(range(1, 1000))
    problems = []
    for _ in range(draw(st.integers(1, 5))):
        subject = draw(st.sampled_from(SUBJECTS))
        unique = next(number)
        problem = Problem(
            {
                "aspect": draw(st.sampled_from(["学习", "为民"])),
                "title": f"{subject}{draw(st.sampled_from(LACKS))}{unique}",
                "detail": draw(st.sampled_from(DETAILS)).format(subject, unique),
                "channels": draw(st.sampled_from(["群众提", "自己找、互相帮", "上级点"])),
            }
        )
        for _ in range(draw(st.integers(0, 1))):
            problem.causes.append(
                {"title": f"{subject}认识不足{next(number)}", "detail": WHYS[0].format(subject, next(number))}
            )
        for _ in range(draw(st.integers(1, 3))):
            unique = next(number)
            problem.measures.append(
                {
                    "direction": draw(st.sampled_from(["强化学习", "服务群众"])),
                    "title": f"{draw(st.sampled_from(DOES))}{unique}",
                    "detail": draw(st.sampled_from(HOWS)).format(subject, unique),
                    "lead": draw(st.sampled_from(["县教育局", "县财政局、白露镇", "县卫健局"])),
                    "person": draw(st.sampled_from(PEOPLE)),
                    "type": "限期整改",
                    "deadline": draw(st.sampled_from(list(DUE))),
                }
            )
        problems.append(problem)
    return problems


def header_of(draw, table, key):
    """One of the spellings of a column that cannot be mistaken within its table."""
    column = table.column(key)
    names = [column.title]
    if key not in ("title", "detail", "refs"):
        names += [
            name
            for name in column.aliases
            if len(name) >= 2 and name not in ("类型", "时限类型", "方面", "单位", "号", "承办单位")
        ]
    name = draw(st.sampled_from(names))
    return draw(st.sampled_from(["{}", "{}*", "{}（必填）", " {} "])).format(name)


SIGNATURES = ["填报人：张三　审核人：李四", "注：本表一式两份。", "联系电话：1234567　填报日期：2022年1月10日"]


def table_rows(draw, table, keys, records, aliases=True):
    """Header and rows of one table, columns in any order; and where the header stands."""
    keys = ["seq", *draw(st.permutations(keys))] if draw(st.booleans()) else draw(st.permutations(["seq", *keys]))
    extra = draw(st.booleans())
    header = [header_of(draw, table, key) if aliases else table.column(key).title for key in keys] + (
        ["涉及金额"] if extra else []
    )
    rows = []
    for title in range(draw(st.integers(0, 2))):
        rows.append([f"云岭县对照检查{'清单' if title else '材料'}"])
        if draw(st.booleans()):
            rows.append([])
    rows.append(header)
    if draw(st.integers(0, 3)) == 0:
        rows.append([str(number) for number in range(1, len(header) + 1)])
    for number, record in enumerate(records, start=1):
        rows.append([number if key == "seq" else record.get(key) for key in keys] + ([number * 10] if extra else []))
        if draw(st.integers(0, 4)) == 0:
            rows.append([])
        if draw(st.integers(0, 6)) == 0:
            rows.append(header)
    return rows


def separate(draw, problems):
    """A table each, on sheets of their own or one below another."""
    measures = [{**m, "refs": str(n)} for n, p in enumerate(problems, 1) for m in p.measures]
    causes = [{**c, "refs": str(n)} for n, p in enumerate(problems, 1) for c in p.causes]
    tables = {
        "问题清单": table_rows(draw, PROBLEMS, ["aspect", "title", "detail", "channels"], [p.cells for p in problems]),
        "整改措施": table_rows(
            draw, MEASURES, ["refs", "direction", "title", "detail", "lead", "person", "type", "deadline"], measures
        ),
    }
    if causes:
        tables["原因剖析"] = table_rows(draw, CAUSES, ["title", "detail", "refs"], causes)
    names = draw(st.permutations(list(tables)))
    foot = [[draw(st.sampled_from(SIGNATURES))]] if draw(st.booleans()) else []
    if draw(st.booleans()):
        return {name: (tables[name] + foot, []) for name in names}
    rows = []
    for number, name in enumerate(names):
        rows += [[f"{'一二三'[number]}、{name}"], *tables[name], []]
    return {"Sheet1": (rows + foot, [])}


WIDE = ["aspect", "title", "detail", "m.title", "m.detail", "m.lead", "m.person", "m.type", "m.deadline", "m.direction"]
WIDE_HEADERS = {
    "title": ["问题", "问题标题"],
    "detail": ["具体表现", "问题描述"],
    "m.title": ["措施", "措施名称", "整改任务"],
    "m.detail": ["具体举措", "整改措施内容", "具体措施"],
    "m.lead": ["责任单位", "牵头单位"],
    "m.person": ["责任人", "整改责任人"],
    "m.type": ["整改类型"],
    "m.deadline": ["整改时限", "完成时限", "完成时间"],
    "m.direction": ["努力方向"],
    "aspect": ["对照方面", "查摆方面"],
}


def wide(draw, problems):
    """Problems with their measures in one row; further measures below, the problem's cells merged, blank or repeated."""
    way = draw(st.sampled_from(["merged", "blank", "repeated"]))
    grouped = draw(st.booleans())
    keys = ["seq", *WIDE]
    header = ["序号", *(draw(st.sampled_from(WIDE_HEADERS[key])) for key in WIDE)]
    rows = [["整改台账"]] if draw(st.booleans()) else []
    merges = [(1, 1, 1, len(keys))] if rows and draw(st.booleans()) else []
    if grouped:
        top = len(rows) + 1
        rows.append(["序号", "查摆问题", None, None, "整改落实", *[None] * (len(WIDE) - 4)])
        merges += [(top, 1, top + 1, 1), (top, 2, top, 4), (top, 5, top, len(keys))]
        header = [None, *header[1:]]
    rows.append(header)
    for number, problem in enumerate(problems, start=1):
        first = len(rows) + 1
        for position, measure in enumerate(problem.measures):
            own = position == 0 or way == "repeated"
            row = {**(problem.cells if own else {}), **{f"m.{key}": value for key, value in measure.items()}}
            row["seq"] = number if own else None
            rows.append([row.get(key) for key in keys])
        if way == "merged" and len(problem.measures) > 1:
            merges += [(first, column, len(rows), column) for column in (1, 2, 3, 4)]
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(SIGNATURES))])
    return {"Sheet1": (rows, merges)}


def cards(draw, problems):
    """A card per problem: labels left, values right, each measure with its own labels below."""
    rows = []
    for number, problem in enumerate(problems, start=1):
        if draw(st.booleans()):
            rows.append([f"问题{number}"])
        rows += [
            ["对照方面", problem.cells["aspect"]],
            ["问题", problem.cells["title"]],
            ["具体表现", problem.cells["detail"]],
        ]
        for position, measure in enumerate(problem.measures, start=1):
            label = "措施" if len(problem.measures) == 1 else f"措施{position}"
            rows += [
                [label, measure["title"]],
                ["具体举措", measure["detail"], "责任人", measure["person"]],
                ["牵头单位", measure["lead"], "整改时限", measure["deadline"]],
                ["整改类型", measure["type"], "努力方向", measure["direction"]],
            ]
        rows.append([])
    return {"问题整改卡": (rows, [])}


def transposed(draw, problems):
    """The table of problems on its side, measures as ever."""
    keys = draw(st.permutations(["aspect", "title", "detail", "channels"]))
    rows = [["序号", *range(1, len(problems) + 1)]]
    rows += [[PROBLEMS.column(key).title, *(p.cells[key] for p in problems)] for key in keys]
    measures = [{**m, "refs": str(n)} for n, p in enumerate(problems, 1) for m in p.measures]
    below = table_rows(
        draw, MEASURES, ["refs", "direction", "title", "detail", "lead", "person", "type", "deadline"], measures
    )
    return {"问题清单": (rows, []), "整改措施": (below, [])}


def by_aspect(draw, problems):
    """The aspect given by headings between the rows, or by the sheets' names; measures name the problem's title."""
    groups = {aspect: [p for p in problems if p.cells["aspect"] == aspect] for aspect in ("学习", "为民")}
    sheets = {}
    if draw(st.booleans()):
        for aspect, of in groups.items():
            rows = [["序号", "问题", "具体表现", "查摆途径"]]
            rows += [[n, p.cells["title"], p.cells["detail"], p.cells["channels"]] for n, p in enumerate(of, 1)]
            sheets[draw(st.sampled_from(["{}方面", "{}", "问题清单（{}）"])).format(aspect)] = (rows, [])
    else:
        rows, merges, number = [["序号", "问题", "具体表现", "查摆途径"]], [], 0
        for position, (aspect, of) in enumerate(groups.items()):
            rows.append([f"（{'一二'[position]}）带头{aspect}方面"])
            if draw(st.booleans()):
                merges.append((len(rows), 1, len(rows), 4))
            for problem in of:
                number += 1
                rows.append([number, problem.cells["title"], problem.cells["detail"], problem.cells["channels"]])
        sheets["问题清单"] = (rows, merges)
    measures = [{**m, "refs": p.cells["title"]} for p in problems for m in p.measures]
    keys = ["refs", "direction", "title", "detail", "lead", "person", "type", "deadline"]
    sheets["整改措施"] = (table_rows(draw, MEASURES, keys, measures), [])
    return sheets


BARE_HEADERS = {
    "seq": ["序号", "编号", "项次"],
    "aspect": ["对照方面", "查摆方面", "所属方面"],
    "detail": [
        "存在问题",
        "存在的问题",
        "存在的主要问题",
        "问题描述",
        "反馈问题",
        "查摆出的问题",
        "主要问题及表现",
        "问题",
    ],
    "cause": ["原因分析", "产生原因", "原因剖析", "主要原因"],
    "m.detail": ["整改措施", "整改举措", "具体措施", "具体整改措施", "改进措施", "整改任务和措施"],
    "m.lead": ["责任单位", "牵头单位", "责任部门"],
    "m.person": ["责任人", "整改责任人", "具体责任人"],
    "m.deadline": ["整改时限", "完成时限", "完成时间", "整改期限", "时限要求"],
    "m.goal": ["整改目标", "工作目标"],
    "m.leader": ["责任领导", "分管领导"],
    "other": ["问题类别", "是否销号", "涉及金额（万元）"],
}


def bare(draw, problems):
    """The commonest sheet of all: a problem in a sentence, its cause, its measures, each further measure in a row below."""
    keys = ["seq", *draw(st.permutations(["aspect", "detail"]))]
    keys += ["cause"] if draw(st.booleans()) else []
    rest = ["m.lead", "m.person", "m.deadline", "m.goal", "m.leader", "other"]
    keys += ["m.detail", *draw(st.permutations(rest))[: draw(st.integers(2, 6))]]
    keys = [*keys, *[key for key in ("m.lead", "m.person", "m.deadline") if key not in keys]]
    way = draw(st.sampled_from(["merged", "blank", "numbered"]))
    rows = (
        [[f"云岭县{draw(st.sampled_from(['整改台账', '问题整改清单', '对照检查整改方案']))}"]]
        if draw(st.booleans())
        else []
    )
    rows.append([draw(st.sampled_from(BARE_HEADERS[key])) for key in keys])
    merges = []
    for number, problem in enumerate(problems, start=1):
        first = len(rows) + 1
        cause = problem.causes[0]["detail"] if problem.causes else None
        own = {**problem.cells, "seq": number, "cause": cause, "other": "其他"}
        measures = [{f"m.{key}": value for key, value in m.items()} for m in problem.measures]
        for measure in measures:
            measure |= {"m.goal": "取得实效", "m.leader": "王局长"}
        if way == "numbered" and len(measures) > 1:
            joined = dict(measures[0])
            for key in ("m.detail", "m.person", "m.deadline", "m.lead"):
                joined[key] = "\n".join(
                    f"{n}.{m[key]}" if key != "m.deadline" else f"{n}、{m[key]}" for n, m in enumerate(measures, 1)
                )
            measures = [joined]
        for position, measure in enumerate(measures):
            row = {**(own if position == 0 else {}), **measure}
            rows.append([row.get(key) for key in keys])
        if way == "merged" and len(measures) > 1:
            merges += [
                (first, keys.index(key) + 1, len(rows), keys.index(key) + 1) for key in ("seq", "aspect", "detail")
            ]
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(SIGNATURES))])
    return {draw(st.sampled_from(["Sheet1", "整改台账", "问题清单", "整改措施"])): (rows, merges)}


@st.composite
def layouts(draw):
    problems = draw(truths())
    make = draw(st.sampled_from([separate, wide, bare, bare, cards, transposed, by_aspect]))
    if make is transposed and len(problems) == 1:
        make = cards
    sheets = make(draw, problems)
    return make.__name__, problems, sheets


def workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (rows, merges) in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for top, left, bottom, right in merges:
            for line in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (line, column) != (top, left):
                        sheet.cell(line, column).value = None
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def differences(problems, kind, intake):
    """What came out otherwise than it was meant."""
    found = {key: {row.detail: row for row in rows} for key, rows in intake.rows.items()}
    numbers = {"problems": len(problems), "measures": sum(len(p.measures) for p in problems)}
    wrong = [(key, number) for key, number in numbers.items() if len(intake.rows[key]) != number]
    for problem in problems:
        row = found["problems"].get(problem.cells["detail"])
        if row is None:
            wrong.append(("problem", problem.cells))
            continue
        unasked = {"wide": ("channels",), "cards": ("channels",), "bare": ("channels", "title")}.get(kind, ())
        wrong += [
            (key, value, row.cells[key])
            for key, value in problem.cells.items()
            if key not in unasked and row.cells[key] != value
        ]
        for measure in problem.measures:
            wrong += measure_differences(measure, kind, found["measures"].get(measure["detail"]), row)
        for cause in problem.causes if kind == "separate" else ():
            own = found["causes"].get(cause["detail"])
            if own is None or own.title != cause["title"] or own.refs != (row.id,):
                wrong.append(("cause", cause, own))
    return wrong


def measure_differences(measure, kind, own, problem):
    """What of a measure came out otherwise."""
    if own is None:
        return [("measure", measure)]
    unasked = ("title", "direction", "type") if kind == "bare" else ()
    wrong = [
        (key, value, own.cells[key]) for key, value in measure.items() if key not in unasked and own.cells[key] != value
    ]
    meant = (own.refs, own.due, own.leads)
    wanted = ((problem.id,), DUE[measure["deadline"]], tuple(measure["lead"].split("、")))
    return wrong if meant == wanted else [*wrong, ("understood", meant, wanted)]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(layouts())
def test_whatever_the_layout_each_cell_comes_out_as_it_was_meant(layout):
    kind, problems, sheets = layout
    data = workbook(sheets)
    intake = assemble([read_submission(data, "县教育局.xlsx", SCHEME, TODAY)], [], SCHEME)
    assert differences(problems, kind, intake) == [], (kind, sheets)
    wrong = [f.message for f in intake.findings if f.level in ("错误", "警告") and f.code not in ("F13", "H02", "R06")]
    assert wrong == [], (kind, sheets)
