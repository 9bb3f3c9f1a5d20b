"""Headers in other words: each wording, in a table whose other headers are plain, gives its column the right cells."""

import pytest
from conftest import TODAY, make_scheme

from pipeline.intake import read_submission

SCHEME = make_scheme(unit="中共云岭县委")
WORDINGS = {
    "aspect": ["对照方面", "对照检查的方面", "属于哪个方面", "问题所属方面", "方面分类", "六个方面", "检查方面"],
    "detail": [
        "存在的突出问题",
        "查摆的具体问题",
        "问题内容",
        "问题表现情况",
        "主要存在问题",
        "查找出的问题",
        "问题（逐条列出）",
        "对照检查出的问题",
        "存在问题及不足",
        "问题事项",
        "短板弱项",
    ],
    "cause": ["原因", "问题产生的原因", "产生问题的原因", "剖析原因", "深层原因", "原因及剖析", "主客观原因"],
    "m.detail": [
        "拟采取的整改措施",
        "整改措施（逐条）",
        "整改的具体措施",
        "解决措施",
        "整改落实措施",
        "整改打算",
        "改进办法",
        "下一步整改措施",
        "整改举措及办法",
        "具体整改举措",
        "整改方案",
    ],
    "m.lead": [
        "责任单位",
        "责任科室（单位）",
        "牵头责任单位",
        "整改责任部门",
        "负责单位",
        "承办部门",
        "责任单位（部门）",
    ],
    "m.person": ["责任人", "直接责任人", "整改负责人", "具体负责人", "责任人员", "责任同志", "经办人员"],
    "m.deadline": [
        "整改时间",
        "计划完成时间",
        "整改完成时间",
        "完成期限",
        "整改截止时间",
        "时间安排",
        "完成日期",
        "拟完成时间",
        "整改时间节点",
        "预计完成日期",
    ],
    "m.leader": ["责任领导", "包联领导", "牵头县领导", "班子成员", "分管领导同志", "责任班子成员"],
    "m.goal": ["整改目标", "预期成效", "达到的目标", "整改要求"],
    "m.status": ["完成情况", "整改完成情况", "目前状态", "进度", "办理情况"],
}
PLAIN = {
    "problems.aspect": "对照方面",
    "problems.detail": "存在问题",
    "causes.detail": "原因分析",
    "measures.detail": "整改措施",
    "measures.lead": "责任单位",
    "measures.person": "责任人",
    "measures.deadline": "整改时限",
    "measures.leader": "责任领导",
    "measures.goal": "整改目标",
    "measures.status": "完成情况",
}
CELLS = {
    "problems.aspect": ["学习", "为民"],
    "problems.detail": [
        "理论学习不系统不深入，一年来集中学习仅有6次，学用结合不够紧密。",
        "深入基层调研不够，全年下乡不足20天，解决群众反映的问题不够及时。",
    ],
    "causes.detail": ["思想认识不到位，存在以干代学现象，主动性不强。", "宗旨意识有所淡化，习惯于坐在办公室听汇报。"],
    "measures.detail": [
        "制定年度学习计划，每月集中学习不少于2次，班子成员带头讲党课。",
        "建立下基层台账，班子成员每月到联系点不少于2天，公示办理结果。",
    ],
    "measures.lead": ["县教育局", "县财政局"],
    "measures.person": ["张三", "李四"],
    "measures.deadline": ["2022年6月底", "长期坚持"],
    "measures.leader": ["王局长", "李局长"],
    "measures.goal": ["学深学透", "常下基层"],
    "measures.status": ["正在推进", "未启动"],
}
SHORT = {"aspect": "problems.aspect", "detail": "problems.detail", "cause": "causes.detail"}


@pytest.mark.parametrize(
    ("column", "wording"),
    [(SHORT.get(key, key.replace("m.", "measures.")), word) for key, words in WORDINGS.items() for word in words],
)
def test_a_wording_names_its_column(column, wording):
    header = ["序号", *(wording if key == column else title for key, title in PLAIN.items())]
    lines = [header, *([str(n + 1), *(CELLS[key][n] for key in PLAIN)] for n in range(2))]
    data = "\n".join(",".join(line) for line in lines).encode()
    found = read_submission(data, "县教育局.csv", SCHEME, TODAY)
    table, key = column.split(".")
    assert [row.cells[key] for row in found.rows if row.table == table] == CELLS[column]
