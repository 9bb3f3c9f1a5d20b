"""The catalogue of everything that can be wrong: code, level, what is said, and how to mend it.

The manual's chapter on findings is generated from `RULES`, so a rule cannot be without a documented remedy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.vocabulary import Level


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: `cell` such as "C5" or "" for a whole sheet or file; `column` is the header's title."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    unit: str = ""

    def __str__(self) -> str:
        return "!".join(part for part in (self.file, self.sheet, self.cell) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of 核对结果."""

    level: Level
    code: str
    place: Place
    value: str
    message: str
    remedy: str
    office: str = ""  # what the office alone can do; never shown to a department

    @property
    def for_department(self) -> bool:
        """Whether the department that sent the file can do anything about it."""
        return bool(self.remedy)

    def of_unit(self, unit: str) -> Finding:
        """The same finding, attributed to `unit` once the unit of its file is known."""
        return replace(self, place=replace(self.place, unit=unit))


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: `message`, `remedy` and `office` are templates filled by `at`.

    `remedy` says how the department that wrote it mends it, `office` what the office may do; a rule that has no remedy is the office's matter.
    """

    code: str
    level: Level
    message: str
    remedy: str
    office: str = ""

    def at(self, place: Place, value: object = "", **details: object) -> Finding:
        """The finding of this rule at a place; KeyError if the template needs a detail that is not given."""
        shown = "" if value is None else str(value)
        details.setdefault("value", shown)
        return Finding(
            self.level,
            self.code,
            place,
            shown,
            self.message.format(**details),
            self.remedy.format(**details),
            self.office.format(**details),
        )


_ERROR, _WARNING, _NOTE = Level

# ---- files ----
UNREADABLE = Rule("F01", _ERROR, "文件打不开：{why}。", "请在 Excel 或 WPS 中打开该文件，另存为 .xlsx 后重新报送。")
LOCK_FILE = Rule(
    "F02",
    _NOTE,
    "这是 Excel 打开文件时留下的临时文件，不是报送表，没有读取。",
    "请关闭正在打开的工作簿；确认原文件已在文件夹中。",
)
NOT_A_WORKBOOK = Rule(
    "F03", _NOTE, "这类文件不是填报表，没有读取。", "填报表请用 .xlsx（也可用 .xls、.xlsm、.et、.ods、.csv）。"
)
NO_TABLE = Rule(
    "F04",
    _ERROR,
    "没有找到问题清单、原因剖析或整改措施的表头。",
    "请使用下发的填报表，不要改动表头；或补上表头行后重新报送。",
)
EMPTY_FILE = Rule("F05", _WARNING, "表中没有填写任何内容。", "如确无内容请与办公室确认；否则请填写后重新报送。")
UNKNOWN_SHEET = Rule(
    "F06",
    _WARNING,
    "工作表“{sheet}”不是问题清单、原因剖析或整改措施，有 {cells} 个单元格没有读取。首个内容：{value}",
    "如其中有应报内容，请移到对应的工作表；否则不用处理。",
)
HIDDEN_SHEET = Rule("F07", _NOTE, "工作表“{sheet}”是隐藏的，已照常读取。", "请确认其中内容是要报送的。")
SUPERSEDED = Rule(
    "F08",
    _WARNING,
    "同一单位报送了多份，以“{kept}”为准（{why}），本文件未采用，各行列入合并明细“拒收”。",
    "如应以本文件为准，请在基本信息中填写更新的填报日期，或删去另一份。",
)
NO_UNIT = Rule("F09", _ERROR, "没有找到填报单位。", "请在“基本信息”工作表的“填报单位”一栏填写单位全称。")
NOT_ON_ROSTER = Rule(
    "F10",
    _WARNING,
    "填报单位“{value}”不在方案的名册中。{hint}",
    "请改为名册中的名称；或在方案.xlsx“填报单位”中增加该单位（或别名）。",
)
MARK_DIFFERS = Rule(
    "F11", _WARNING, "本表是下发给“{marked}”的，填报单位却写作“{value}”，已按所填的单位读取。", "请核对填报单位。"
)
UNIT_FROM = Rule(
    "F12", _NOTE, "“基本信息”没有写明填报单位，按{source}认定为“{value}”。", "请在“基本信息”中填写填报单位。"
)
MISSING_UNIT = Rule(
    "F13", _WARNING, "名册中的单位“{value}”没有报送。", "", office="请催报；如不需报送，请从方案.xlsx“填报单位”中删去。"
)
BAD_FACT = Rule("F14", _WARNING, "“{column}”应填数字，现为“{value}”，没有计入。", "请改为阿拉伯数字，没有填 0。")
BAD_DATE_FACT = Rule("F15", _WARNING, "填报日期“{value}”看不懂。", "请写成 2022-01-10 这样的日期。")
DATE_1904 = Rule("F16", _NOTE, "该文件使用 1904 日期系统，日期已按此换算。", "不用处理；如日期差四年，请核对。")

MACROS = Rule("F17", _NOTE, "文件含有宏，没有运行，只读取了单元格。", "报送请用不带宏的 .xlsx。")
EXTERNAL_LINKS = Rule(
    "F18", _NOTE, "文件含有指向其他工作簿的链接，没有访问，读取的是保存时的值。", "请把公式粘贴为数值后报送。"
)
FAR_CELL = Rule(
    "F19", _WARNING, "离表格很远的单元格 {value} 有内容，没有读取。", "如是要报送的内容，请移到表内；否则请删除。"
)
CONTROL_CHARACTERS = Rule(
    "F20", _NOTE, "单元格里有看不见的控制字符，已去掉；其余文字未动。", "不用处理；如文字不对，请重新输入。"
)
NOT_A_FILE = Rule("F21", _WARNING, "{what}，没有读取。", "请把报送表本身放进文件夹。")
CHANGED_WHILE_READ = Rule(
    "F22", _WARNING, "读取的时候文件正在被改动，读到的可能不是最后的内容。", "请等文件保存好后再运行一次。"
)

OTHER_ROUND = Rule(
    "F23",
    _WARNING,
    "这是“{value}”的填报表，不是本次“{now}”的，已照常读取。",
    "请核对是否放错了文件；放错的请移走，用本次下发的填报表重新报送。",
)
COUNT_TOGETHER = Rule(
    "F24", _NOTE, "同一单位分几个文件报送：{value}，合在一起计算。", "不用处理；如其中有应作废的，请删去该文件。"
)
PARTLY_NEWER = Rule(
    "F25",
    _WARNING,
    "同一单位后报的文件只有一部分：{value}。各表分别以所列文件为准，合在一起计算。",
    "请核对：后报的是补充，不用处理；前报的内容应作废的，请让该单位重报一份完整的。",
)
MOVING_DATE = Rule(
    "F26",
    _WARNING,
    "填报日期是随打开之日变动的公式（{value}），按保存时的值读取。",
    "请把日期填成固定的，例：2022-01-10。",
)

NO_DATE = Rule(
    "F27", _NOTE, "没有填写填报日期。", "请填写填报日期；同一单位多次报送时以日期最新的为准，“3个月内”也从这一天算起。"
)
OTHER_UNIT = Rule(
    "F29",
    _ERROR,
    "{where}像是“{value}”的，本文件的填报单位却是“{unit}”；各行都按“{unit}”读取。",
    "一个文件只报一个单位：请分开报送，或在表中加“报送单位”一列，逐行写明。",
)
SUSPECT_SHEET = Rule(
    "F30",
    _WARNING,
    "工作表“{sheet}”的名称{what}，不像是这一轮要报的，已照常读取。",
    "如不报送，请删除这张表；要报的，请改工作表名。",
)
SAME_NAME = Rule("F28", _WARNING, "有两个文件的名字看起来一样，这一个按“{value}”列出。", "请改一个不同的文件名。")

# ---- headers and rows that are not data ----
NEAR_HEADER = Rule("H01", _NOTE, "表头“{value}”按“{column}”读取。", "如不是这个意思，请改回下发表的表头。")
MISSING_COLUMN = Rule("H02", _ERROR, "缺少必填列“{column}”。", "请补上“{column}”列并逐行填写。")
EXTRA_COLUMN = Rule(
    "H03",
    _NOTE,
    "表中多出一列“{value}”，内容保留在合并明细的“其他内容”。",
    "不用处理；如是改名的列，请改回下发表的表头。",
)
SKIPPED_ROW = Rule("H04", _NOTE, "本行是{what}，不作为数据行。{text}", "如本行是要报送的内容，请按表头逐列填写。")
HIDDEN_ROW = Rule("H05", _WARNING, "本行是隐藏行，已照常读取。", "请取消隐藏并核对；如不报送，请删除本行。")
TWO_COLUMNS = Rule(
    "H06",
    _WARNING,
    "“{value}”与另一列都像“{column}”，只把前一列作“{column}”，本列内容保留在“其他内容”。",
    "请只保留一列“{column}”。",
)
NO_HEADER = Rule(
    "H07",
    _ERROR,
    "工作表“{sheet}”没有表头，{rows} 行内容无法按列读取。首行：{value}",
    "请补上下发表的表头行后重新报送。",
)
UNKNOWN_TEXT = Rule(
    "H08",
    _WARNING,
    "“{value}”一列写有成段的文字，看不出是要求填报的哪一列，没有采用，只保留在合并明细的“其他内容”。首个内容：{text}",
    "请改用下发表的表头，把这一列的内容填到对应的列。",
)
HEADER_DOUBT = Rule(
    "H09", _WARNING, "表头“{value}”按“{column}”读取，但也像“{other}”。", "请核对；如不对，请改用下发表的表头。"
)
SAID_BY_TITLE = Rule(
    "H10", _NOTE, "“{column}”按{source}“{value}”读取为“{meaning}”。", "如不对，请在表中逐行填写“{column}”。"
)
WIDE_TABLE = Rule(
    "H11",
    _NOTE,
    "本表一行里有{value}，已分开读取，同一行的互相对应。",
    "不用处理；如对应关系不对，请用下发的填报表分表填写。",
)
TURNED = Rule(
    "H12", _NOTE, "本表的列名在左边（{value}），已按列名读取。", "不用处理；如读得不对，请用下发的填报表填写。"
)

# ---- rows ----
NO_TEXT = Rule(
    "R01",
    _ERROR,
    "本行“{column}”没有填写，无法作为一条读取，已拒收。本行内容：{value}",
    "请填写“{column}”；如是多余的行，请删除。",
)
REQUIRED = Rule("R02", _ERROR, "“{column}”没有填写。", "请填写“{column}”。{help}")
NOT_ALLOWED = Rule("R03", _ERROR, "“{column}”不能填“{value}”。", "请改为：{allowed}。{hint}")
UNDERSTOOD_AS = Rule("R04", _NOTE, "“{column}”写作“{value}”，按“{meaning}”读取。", "如不对，请改为规范写法。")
SEQ_MISSING = Rule("R05", _NOTE, "序号没有填写，按所在位置编为 {meaning}。", "请补填序号。")
SEQ_REPEATED = Rule(
    "R06",
    _WARNING,
    "序号“{value}”与第 {other} 行重复，改编为 {meaning}。",
    "请改为不重复的序号，并核对整改措施、原因剖析中的“对应问题”。",
)
SEQ_ODD = Rule("R07", _NOTE, "序号“{value}”不是阿拉伯数字，按 {meaning} 读取。", "请填阿拉伯数字。")
REF_UNKNOWN = Rule("R08", _ERROR, "对应问题“{value}”在本单位问题清单中找不到。", "请填本单位问题清单的序号。{hint}")
REF_AMBIGUOUS = Rule(
    "R09",
    _ERROR,
    "对应问题“{value}”有不止一行用这个序号（{rows}），无法确定是哪一行，没有对应。",
    "请先改正问题清单中重复的序号。",
)
UNIT_UNKNOWN = Rule(
    "R10",
    _WARNING,
    "“{column}”中的“{value}”不在名册中，按原文保留。{hint}",
    "请改为名册中的名称，或在方案.xlsx中补充别名。",
)
DEADLINE_BAD = Rule(
    "R11", _ERROR, "整改时限“{value}”看不懂：{why}。", "请改为具体日期，例：2022-06-30；或填“立行立改”“长期坚持”。"
)
DEADLINE_READ = Rule("R12", _NOTE, "整改时限“{value}”按 {meaning} 读取（{why}）。", "如不对，请写明年月日。")
DEADLINE_TYPE = Rule(
    "R13", _WARNING, "整改类型填“{kind}”，整改时限“{value}”却是“{meaning}”的意思。", "请核对，使两列一致。"
)
DATE_BAD = Rule("R14", _WARNING, "“{column}”的日期“{value}”看不懂，按原文保留。", "请写成 2022-05-20 这样的日期。")
SPLIT_CELL = Rule("R15", _NOTE, "一个单元格里写了 {n} 条措施，按编号拆成 {n} 条，原文保留。", "请每条措施填一行。")
ERROR_VALUE = Rule("R16", _ERROR, "单元格是错误值 {value}。", "请改正公式，或改填文字。")
DONE_WITHOUT_PROOF = Rule("R17", _WARNING, "完成情况填“已完成”，没有填佐证材料。", "请补填佐证材料的名称。")
EMPTY_MARK = Rule("R18", _NOTE, "“{column}”填的是“{value}”，按没有填写处理。", "没有内容请留空。")
DEADLINE_EARLY = Rule("R19", _WARNING, "整改时限 {meaning} 早于{start}，可能写错了年份。", "请核对整改时限的年、月。")
MERGED_LINES = Rule(
    "R20", _NOTE, "一条占了几行，各行“{column}”的内容合在一起读取：{value}", "如应分成几条，请每条填一行。"
)
SPLIT_BESIDE = Rule("R21", _NOTE, "“{column}”也分了 {n} 条编号，按编号分给各条。", "如不对，请每条措施填一行。")
SEVERAL_TICKS = Rule("R22", _ERROR, "“{column}”只能选一项，勾了 {value}，没有采用。", "请只勾一项。")
REF_OTHERWISE = Rule("R23", _NOTE, "对应问题“{value}”按 {meaning} 对应。", "如不对，请填问题清单中的序号。")
REPEATED_PROBLEM = Rule(
    "R26",
    _NOTE,
    "“{value}”在“{sheet}”第 {row} 行已经有了，不重复计数，本行的措施对应那一条。",
    "不用处理；如是两个不同的问题，请写清区别。",
)
PERSON_BESIDE = Rule("R25", _NOTE, "“{column}”中写的“{value}”按责任人读取。", "请把人名填在“责任人”一列。")
DEADLINE_MOVES = Rule(
    "R24",
    _ERROR,
    "整改时限是随打开之日变动的公式（{value}），不能作为期限，没有采用。",
    "请填固定的日期，例：2022-06-30。",
)

# ---- items ----
SEVERAL_ASPECTS = Rule(
    "M01",
    _WARNING,
    "{item} 各单位填的对照方面不同：{values}；取提出单位最多的“{chosen}”。",
    "",
    office="请核对该问题应归入哪个方面。",
)
CONFLICT = Rule(
    "M02", _WARNING, "{item} 各单位填的“{column}”不同：{values}；清单中取“{chosen}”。", "", office="请核实后统一。"
)
NO_MEASURE = Rule(
    "M03", _WARNING, "{item}“{value}”没有对应的整改措施。", "请提出单位补报措施，或在已有措施的“对应问题”中补上序号。"
)
NO_OWNER = Rule("M04", _ERROR, "{item}“{value}”没有牵头单位，责任清单中没有这一条。", "请填报单位补填牵头单位。")
NO_DUE = Rule("M05", _WARNING, "{item}“{value}”没有可用的整改时限，无法判断是否逾期。", "请填报单位补填整改时限。")
EMPTY_ASPECT = Rule("M06", _WARNING, "对照方面“{value}”没有一条问题。", "", office="请有关单位补充查摆。")
LEAD_IS_SUPPORT = Rule(
    "M07", _WARNING, "{item} 的“{value}”既是牵头单位又是配合单位，责任清单中只列牵头。", "", office="请核对责任分工。"
)
MISSING_FACT = Rule(
    "M08",
    _WARNING,
    "“{column}”有 {n} 个单位没有填报：{value}。合计数不含这些单位。",
    "",
    office="请补报后再引用合计数。",
)
PLACEHOLDER_LEFT = Rule(
    "M09",
    _ERROR,
    "文稿需要“{column}”，但没有可用的数，文中标为【待补充】。",
    "",
    office="请补报，或修改方案.xlsx的文稿。",
)
NARRATIVE_GAP = Rule(
    "M10",
    _ERROR,
    "{item} 已入文，但“{column}”没有填写，文中标为【待补充】。",
    "",
    office="请填报单位补填，或把该条改为不入文。",
)
COMPOUND = Rule(
    "M11",
    _NOTE,
    "本行可能写了两件事，没有与只写一件事的行自动归并。原文：{value}",
    "如确是两件事，请拆成两行分别填写。",
)

EMPTY_PART = Rule(
    "M12",
    _ERROR,
    "文稿的“{value}”没有内容，文中标为【待补充】。",
    "",
    office="请在方案.xlsx“文稿”的内容一栏写好；不需要这一部分就删去这一行。{note}",
)
NOTHING_UNDER = Rule(
    "M13",
    _WARNING,
    "“{value}”下面没有可以入文的内容，文中标为【待补充】。",
    "",
    office="请有关单位补报；或在方案.xlsx中删去这个标题。",
)

# ---- progress ----
NO_PERIOD = Rule(
    "P01",
    _ERROR,
    "没有找到期次（{value}），本表各行不能计入哪一期，已拒收。",
    "请在“基本信息”的“期次”一栏填写年月，例：2022-07。",
)
PERIOD_READ = Rule("P02", _NOTE, "期次“{value}”按 {meaning} 读取（{why}）。", "如不对，请写明年月，例：2022-07。")
PROGRESS_UNKNOWN = Rule(
    "P03",
    _ERROR,
    "措施编号“{value}”不在任务清单中，本行已拒收。",
    "请照下发表的措施编号填写。",
    "请核对是否填了另一轮的表。",
)
PROGRESS_RETIRED = Rule("P04", _NOTE, "{value}，本行按合并后的措施计入。", "", "不用处理。")
PROGRESS_NOT_OWN = Rule(
    "P05", _WARNING, "{unit}不是 {item}“{value}”的牵头或配合单位，本行没有采用。", "请核对措施编号，只填本单位的措施。"
)
LEADS_DIFFER = Rule(
    "P06", _WARNING, "{item} 各牵头单位填的完成情况不同：{values}；取最慢的“{value}”。", "", "请与有关单位核实。"
)
PROGRESS_TWICE = Rule("P07", _WARNING, "措施编号 {value} 在本表中填了不止一行：{why}。", "请每条措施只填一行。")
APPLICATION_LACKS = Rule(
    "P08", _ERROR, "{item} 申请“{value}”，没有受理：{why}。", "请补齐后在下一期重新申请。", "状态没有改变。"
)
ANSWER_NOT_POSSIBLE = Rule(
    "P09", _ERROR, "{item} 的审核结果“{value}”没有采用：{why}。", "", "现在的状态是“{state}”，可填：{allowed}。"
)
PADDED_BEFORE = Rule("P10", _WARNING, "本期进展与上期相同：{value}", "请填写本期新做的工作；没有新进展的请写明原因。")
PADDED_OTHER = Rule("P11", _WARNING, "本期进展与另一单位的相同（{other}）：{value}", "请填写本单位的做法。", "请核实。")
DONE_UNPROVED = Rule("P12", _WARNING, "{item} 填“已完成”，没有填佐证材料。", "请补填佐证材料的名称。")
DATE_IN_FUTURE = Rule("P13", _WARNING, "{item} 的完成日期 {value} 在将来。", "请核对完成日期。")
DATE_BEFORE_ROUND = Rule("P14", _WARNING, "{item} 的完成日期 {value} 早于本轮整改开始。", "请核对完成日期。")
WENT_BACKWARDS = Rule("P15", _WARNING, "{item} 倒退：{value}。", "请核对；确有反复的请在备注中写明原因。")
ALL_DONE_AT_ONCE = Rule(
    "P16", _WARNING, "首次报送进展，各项措施就全部填“已完成”。", "请逐项核对完成情况，并补齐佐证材料。", "建议抽查。"
)
NO_REPORT = Rule("P17", _WARNING, "{period} 的进展，{value}没有报送。", "", "请催报；outputs/催办 中有催办单。")
NOT_A_NUMBER = Rule("P18", _WARNING, "“{column}”应填数字，现为“{value}”，没有计入。", "请只填阿拉伯数字，没有填 0。")
PROGRESS_SUPERSEDED = Rule(
    "P19", _NOTE, "同一单位同一期次报送了多份，本文件没有采用：{why}。", "如应以本文件为准，请填写更新的填报日期。"
)
FIGURE_BACKWARDS = Rule(
    "P20", _WARNING, "{item} 的“{indicator}”倒退：{value}。", "请核对完成值；没有周期的指标填累计数。"
)

CLOSED_AND_JOINED = Rule(
    "P21",
    _WARNING,
    "{item} 已销号，这次并入了没有销号的 {value}。",
    "",
    "请核对；要重新整改的，在对账销号的审核结果填“重启”，并写明审核意见。",
)

# ---- ledger ----
RETIRED = Rule("L01", _NOTE, "编号 {value} 停用：{where}。", "", office="不用处理；引用过这个编号的材料请相应更新。")
CONTRADICTION = Rule(
    "L02",
    _ERROR,
    "处理意见互相矛盾：要求归并的“{value}”与“{other}”，另有意见使它们不能归并（甲与乙、乙与丙归并，甲与丙不归并）。这一条没有照办。",
    "",
    office="请在汇总台账的“已定事项”中改正其中一条。",
)
EDIT_BASE_CHANGED = Rule(
    "L03",
    _WARNING,
    "{item} 的“{column}”由办公室改为“{value}”，此后各单位填报的由“{old}”变为“{new}”；仍用办公室改定的。",
    "",
    office="请核对；如改用填报的，请把清单中这一格清空。",
)
EDIT_NOT_ALLOWED = Rule(
    "L04", _ERROR, "{item} 的“{column}”改成了“{value}”，不是允许的内容，没有采用。", "", office="可填：{allowed}。"
)
MARK_NOT_UNDERSTOOD = Rule("L05", _ERROR, "归并为填的“{value}”看不懂：{why}。没有改动。", "", office="{fill}。")
BOTH_CHANGED = Rule(
    "L06",
    _WARNING,
    "{item} 的“{column}”两处都改了：汇总台账里是“{found}”，台账里另处改定的是“{known}”；以后改的“{taken}”为准。",
    "",
    office="请核对；不对的，在这一格里再改一次。",
)
COLUMN_GONE = Rule(
    "L07",
    _ERROR,
    "表里没有“{value}”这一列（表头里不认识的：{others}），没有当作清空；以前改定的 {count} 处照旧。原来的汇总台账留在 历史 里。",
    "",
    office="如果改了列名或删了列，请在新的汇总台账里照原列重填要改的内容；列名不要改。",
)
SHEET_GONE = Rule(
    "L08",
    _ERROR,
    "没有找到“{value}”这张表（或它的表头、编号列），没有当作清空；以前改定的 {count} 处照旧。原来的汇总台账留在 历史 里。",
    "",
    office="请在新的汇总台账里重填要改的内容；工作表名和表头不要改。",
)
EDIT_UNPLACED = Rule(
    "L09",
    _WARNING,
    "这份汇总台账不是最近几次写出的，“{item}”的“{column}”写着“{value}”，分不清是不是新改的，没有采用，已记下。原来的汇总台账留在 历史 里。",
    "",
    office="如果是要改的，请在新的汇总台账里重填。",
)
ROW_WITHOUT_NUMBER = Rule(
    "L10",
    _ERROR,
    "这一行没有编号，或编号不是程序给的，没有采用：{value}",
    "",
    office="清单里不能加行；要加的内容请由单位填报，或改在已有的行里。",
)
NO_SUCH_ROW = Rule(
    "L11",
    _ERROR,
    "已定事项里加的“{value}”在各单位报来的内容里没有找到，没有采用。",
    "",
    office="请把“原文”（和单位）照抄合并明细里的。",
)
DECIDED_LINE_GONE = Rule(
    "L12",
    _WARNING,
    "已定事项里 {number} 的一行“{value}”被删掉了，没有当作撤回，决定照旧。",
    "",
    office="要撤回，请把这一行的“归并为”清空，不要删行。",
)
NUMBER_TWICE = Rule(
    "L13",
    _ERROR,
    "{item} 在表里有两行，“{column}”改得不一样（{value}），没有采用。",
    "",
    office="请只留一行，再改一次。",
)
JUDGED_ROW_FOLLOWED = Rule(
    "L14",
    _NOTE,
    "{number} 定过的一行改了几个字，决定照旧：原为“{old}”，现为“{value}”。",
    "",
    office="不用处理；不对的，请在“已定事项”里改。",
)
JUDGED_ROW_CHANGED = Rule(
    "L15", _WARNING, "这一行改了，{what}（{number}），照旧吗？现为“{value}”。", "", office="请在“待确认”里填“归并为”。"
)
EDIT_SUSPENDED = Rule(
    "L16",
    _WARNING,
    "{item} 的“{column}”办公室填过“{value}”，{why}，暂不算数，清单里按单位填报的显示。",
    "",
    office="请核对；照旧的，在清单的这一格里重填一次。",
)
EDIT_DISPLACED = Rule(
    "L17",
    _WARNING,
    "{other} 并入 {item}，两条的“{column}”办公室都改过；用 {item} 的，{other} 的“{value}”没有采用。",
    "",
    office="请核对；要用“{value}”的，在清单的这一格里改。",
)
CLOSED_GAINS = Rule(
    "L18",
    _WARNING,
    "{item} 已销号，这次并入了 {other} 的来源行，销号暂不算数。",
    "",
    office="请核对；照旧的，请重新填写销号情况。",
)
DEADLINE_MOVED = Rule(
    "L19",
    _WARNING,
    "{item} 的整改时限由“{old}”改为“{value}”，是单位自己改的，须经批准。",
    "",
    office="没有批准的，请在任务清单里改回“{old}”，并告知该单位。",
)
LEDGER_RECOVERED = Rule(
    "L20",
    _WARNING,
    "台账不在了，已从汇总台账找回 {items} 个编号、{judgements} 项决定；清单里办公室改过的格子和来龙去脉找不回来。原来的汇总台账留在 历史 里。",
    "请对照 历史 里的汇总台账，把改过的格子重填一次；有备份的，请用备份替换台账后重新汇总。",
)

# ---- check-up ----
ALIEN_NAME = Rule(
    "T01",
    _WARNING,
    "出现“{value}”，不是本地、也不在名册和词库中的名称，可能是抄来时没有改掉的。",
    "请核对；确实要提到的不用改，也可加入方案.xlsx“词库”。",
)
LEFT_OVER = Rule(
    "T02",
    _WARNING,
    "留有“{value}”这样的占位或掩码字样。",
    "请填写实际内容；允许保留的请在方案.xlsx“允许的掩码”中写明。",
)
OUT_OF_DATE = Rule("T03", _NOTE, "“{value}”是过去的提法，现为{now}（{source}）。", "请核对；引用历史名称的不用改。")
NEAR_COPY = Rule(
    "T04",
    _WARNING,
    "{a}与{b}有 {n} 条文字相同或几乎相同（{b}与{a}中行数较少的共 {of} 行）。例：{value}",
    "",
    office="请核实是否互相抄用；属实的请有关单位结合实际重写。",
)
DRIFTED_TITLE = Rule(
    "T05", _WARNING, "对照方面“{value}”与预设的标题只差几个字：{differs}。", "", office="请与上级通知原件核对。"
)
UNPROVED = Rule("T06", _WARNING, "写了“{value}”，没有填佐证材料。", "请补填佐证材料；没有依据的请改写。")
SMALL_SHARE = Rule(
    "T07",
    _NOTE,
    "文稿中问题和原因两部分占全文 {value}，不到一半。",
    "",
    office="请考虑增加入文的问题、原因，或减少其他部分。",
)
SHORT_PART = Rule(
    "T08",
    _NOTE,
    "文稿“{kind}”部分共 {value} 字，少于 {least} 字。",
    "",
    office="请考虑增加入文条数，或请有关单位写得更具体。",
)
PERSONAL = Rule("T09", _WARNING, "出现“{value}”，属于个人事项，一般不写入班子材料。", "请核对是否应当写入。")
PRIVATE_NUMBER = Rule("T10", _WARNING, "文字中有{what}。", "请删去{what}后重新报送。")
DOUBLED_MARK = Rule("T11", _NOTE, "标点重复：“{value}”。", "请删去多余的标点。")
UNCLOSED = Rule("T12", _NOTE, "“{value}”没有成对。", "请补上另一半。")
NO_FULL_STOP = Rule("T13", _NOTE, "文字末尾没有句号：……{value}", "请以句号结尾；入文时已补上句号。")
LONG_SENTENCE = Rule("T14", _NOTE, "有一句长 {value} 字，超过 {limit} 字。", "请分成几句。")
MIXED_WIDTH = Rule(
    "T15", _NOTE, "全角半角标点或引号不统一：{value}", "请统一；或在方案.xlsx“统一标点”填“是”，文稿中自动统一。"
)
SAME_LEAD = Rule(
    "T16", _WARNING, "入文的{short}中有 {n} 条标题都是“{value}”。", "", office="请核对是否重复，或改写其中的标题。"
)

# ---- the document before it leaves the office ----
OWN_FIGURE_MISSING = Rule(
    "D01",
    _ERROR,
    "文稿引用班子自己的“{column}”，“班子情况”里没有填，文中标为【待补充】。",
    "",
    office="请在方案.xlsx“班子情况”中填上。",
)
OWN_FIGURE_IS_SUM = Rule(
    "D02",
    _WARNING,
    "文稿里的 {value} 现在指班子自己的数；本方案没有工作表“班子情况”，这里印的仍是各单位的合计，不宜作为班子的次数。",
    "",
    office="请在方案.xlsx 中加工作表“班子情况”（项目、内容两列）填班子自己的数；确要引用合计的，改写为 {sum}。",
)
DRIFTED_THEME = Rule(
    "D03",
    _NOTE,
    "会议主题中“{value}”与预设的一句只差几个字：{differs}。各地自加的句子不比较。",
    "",
    office="请与上级通知原件核对。",
)
CHOSEN_WITHOUT_MEASURE = Rule(
    "D10",
    _WARNING,
    "{item}“{value}”已入文，没有一条措施对应它。",
    "",
    office="请有关单位补报措施；或在问题清单“对应措施”填上已有措施的编号；或把这一条改为“不入”。",
)
MEASURE_NOT_CHOSEN = Rule(
    "D11",
    _WARNING,
    "{item}“{value}”已入文，对应的措施（{measures}）都没有入文。",
    "",
    office="请把其中一条措施的“入文”改为“必入”，或增加“每方向入文措施数”。",
)
STRAY_MEASURE = Rule(
    "D12",
    _WARNING,
    "{item}“{value}”已入文，它对应的问题（{problems}）都没有入文。",
    "",
    office="请把问题改为“必入”，或把这条措施改为“不入”，或改正它的“对应问题”。",
)
UNEXPLAINED = Rule(
    "D13",
    _NOTE,
    "有 {n} 条入文的问题没有入文的原因与之对应：{value}。原因可以比问题宽，不必逐条对应。",
    "",
    office="请通读原因剖析；需要的，在“对应原因”填上编号，或增加“入文原因数”。",
)
OVER_QUOTA = Rule(
    "D14",
    _NOTE,
    "办公室定了 {n} 条入文，超过方案规定的 {quota} 条，已照办：{value}。",
    "",
    office="不用处理；或把其中几条改为“否”。",
)
BOTH_OF_A_PAIR = Rule(
    "D15",
    _WARNING,
    "{value} 可能是同一件事，还没有定，办公室定了都入文，已照办。",
    "",
    office="请在“待确认”中定下是否归并；或把其中一条改为“不入”。",
)
NO_HEADING = Rule(
    "D16",
    _WARNING,
    "{item}“{value}”定了入文，但没有归入任何一个标题，文稿中没有它。",
    "",
    office="请改正它的对照方面或努力方向。",
)
SHORTLISTED = Rule(
    "D17",
    _NOTE,
    "有 {value} 条排在后面的没有参加通盘比较：每个标题下只比较分数最高的 {n} 条。",
    "",
    office="不用处理；要用其中哪一条，把它的“入文”改为“必入”。",
)
CHOSEN_IN_ORDER = Rule(
    "D18",
    _NOTE,
    "条数太多，入文的各条是逐条选取的，没有通盘比较。",
    "",
    office="请核对问题与措施是否对应；减少每方面、每方向入文的条数后会通盘比较。",
)
LINK_UNKNOWN = Rule(
    "D20",
    _WARNING,
    "{item} 的“{column}”写了“{value}”，没有这个编号，这一个没有采用。",
    "",
    office="请填清单中现有的编号，几个用顿号隔开；没有对应的填“{none}”。",
)
LINKS_DIFFER = Rule(
    "D21",
    _NOTE,
    "{pair} 是否对应，办公室在两边改得不一样（{item}“{column}”改为“{value}”）：以日期晚的为准，同一天的按对应。",
    "",
    office="请把两边改成一致。",
)
VOICE = Rule(
    "D30",
    _WARNING,
    "{item} 已入文，其中“{value}”是{faults}，与文稿的口气不一致。核稿中已标出。",
    "",
    office="请在“文稿文字”中写成本班子的话，清单里的原文不变；确实要这样写的不用改。",
)
ASPECT_OF_THE_NOTICE = Rule(
    "D40",
    _NOTE,
    "{year} 年的预设“{preset}”有“{value}”，方案的对照方面里没有，或次序不同。",
    "",
    office="请与上级通知核对方面的个数和次序；当地另有规定的不用改。",
)
THIN_ASPECT = Rule(
    "D41",
    _NOTE,
    "“{value}”方面的问题共 {n} 字，少于 {least} 字，显得单薄。",
    "",
    office="请增加入文的问题，或请有关单位写得更具体。",
)
THIN_CAUSES = Rule(
    "D42",
    _NOTE,
    "入文的原因中有 {n} 条不到 {least} 字：{value}。",
    "",
    office="请写清楚为什么，挖到思想根源；可在“文稿文字”中改写。",
)
NOT_CONCRETE = Rule(
    "D43",
    _NOTE,
    "入文的问题中有 {n} 条没有一个数字、时间、单位、项目或事例：{value}。",
    "",
    office="请有关单位补充事实，做到见人见事。",
)
PRAISE_FIRST = Rule(
    "D44",
    _NOTE,
    "入文的 {of} 条问题中有 {n} 条先说成绩再说问题（虽然、尽管……但是）：{value}。",
    "",
    office="通知要求直奔问题的，请在“文稿文字”中改写；不作要求的不用改。",
)
NOT_A_PROBLEM = Rule(
    "D45",
    _WARNING,
    "{item} 写在问题里，读来是要求或建议：{value}",
    "",
    office="请写成存在的问题；是意见建议的，请移到措施。",
)
NO_MASS_OPINION = Rule(
    "D46",
    _NOTE,
    "班子征求到意见 {value} 条，入文的问题没有一条的查摆途径是“群众提”。",
    "",
    office="请核对征求意见汇总表：采纳的意见应能在问题中找到，没有采纳的应有理由。",
)
BROAD_CAUSE = Rule(
    "D47", _NOTE, "{item} 一条原因对应入文的 {n} 条问题（共 {of} 条）：{value}", "", office="请核对是否剖析得太笼统。"
)
VAGUE_MEASURES = Rule(
    "D48",
    _NOTE,
    "入文的措施中有 {n} 条没有数字、时间、频次，也没有可以查验的东西（制度、清单、台账等）：{value}。",
    "",
    office="请有关单位写清谁来做、做什么、什么时候做到什么程度。",
)
STOCK_PHRASE = Rule("D49", _NOTE, "套话“{value}”在文稿中出现 {n} 次：{items}。", "", office="请换成本单位的具体表现。")
LAST_YEARS_TEXT = Rule(
    "D50",
    _WARNING,
    "{item} 与上年度文稿的一段有 {share} 相同：{value}",
    "",
    office="问题还在的，请写今年的新情况；照抄的请重写。",
)
NO_FOLLOW_UP = Rule(
    "D51",
    _NOTE,
    "文稿和“另行通报”里都没有上年度整改落实情况。",
    "",
    office="请在方案.xlsx“文稿”中加一行：写进材料的段落填“正文”，会上另行通报的填“另行通报”。",
)
LENGTH = Rule(
    "D52",
    _NOTE,
    "文稿正文共 {value} 字，{how}方案规定的 {limit} 字。",
    "",
    office="请增减入文的条数，或修改方案的规定。",
)
OFFICE_TEXT = Rule("D53", _WARNING, "{where}中有“{value}”：{why}。", "", office="请核对办公室自己写的这段文字。")
FONTS = Rule(
    "D60",
    _NOTE,
    "文稿用到的字体：{value}。打开文稿的电脑上没有某一种时，依次用替代字体，版面会略有出入。",
    "",
    office="请在排版、打印用的电脑上安装这些字体；没有的，看一眼每页是否 22 行、每行 28 字。",
)

# ---- settings ----
TEMPLATE_STYLE = Rule(
    "S02",
    _WARNING,
    "文稿模板中没有样式“{value}”，这一类段落用 GB/T 9704 的样式。",
    "",
    office="请在模板中增加这个样式，或不用处理。",
)
UNKNOWN_SETTING = Rule(
    "S01", _NOTE, "方案的基本设置里有不认识的项目“{value}”，没有使用。", "", office="请核对项目名称。"
)


FAMILIES = {
    "F": "文件",
    "H": "表头和非数据行",
    "R": "数据行",
    "M": "归并以后",
    "P": "进展和销号",
    "L": "台账",
    "T": "文字体检",
    "D": "文稿",
    "S": "方案",
}
"""The letters of codes, and what their families are about."""


def rules() -> list[Rule]:
    """Every rule of the catalogue, in the order of its codes; KeyError for one of a family that has no name."""
    for value in globals().values():
        if isinstance(value, Rule):
            FAMILIES[value.code[0]]
    return sorted((value for value in globals().values() if isinstance(value, Rule)), key=lambda rule: rule.code)
