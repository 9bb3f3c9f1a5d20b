"""The terminal: commands, messages and exit statuses. Nothing else in the package knows it."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import logging
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.core

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.run import Progress
    from pipeline.run_record import RunRecord
    from pipeline.vocabulary import Stage

LAST_LEDGER = "上年度台账.xlsx"
OK, NEEDS_PERSON, WRONG_USAGE, NOTHING, BROKEN = 0, 1, 2, 3, 70
EXIT_CODES = {
    OK: "已写出",
    NEEDS_PERSON: "merge --strict：已写出，但有事项需要人处理；check：有错误",
    WRONG_USAGE: "用法或方案有误，或文件不能读写；没有写出",
    NOTHING: "没有可汇总、可核对或可列出的内容",
    BROKEN: "程序本身出错，没有写出",
    130: "被中断，原有的输出没有改动",
}


class _ChineseHelp:
    """Help whose every label is Chinese; the framework's own are English and cannot be translated."""

    def get_help(self: Any, ctx: Any) -> str:
        arguments = [param for param in self.params if param.param_type_name == "argument"]
        commands = getattr(self, "commands", {})
        usage = [
            ctx.command_path,
            "[选项]" if self.params else "",
            "命令" if commands else "",
            *(param.metavar for param in arguments),
        ]
        parts = [
            "用法：" + " ".join(part for part in usage if part),
            "",
            textwrap.indent(inspect.cleandoc(self.help or ""), "  "),
        ]
        rows = [
            [(param.metavar, param.help) for param in arguments],
            [*self._options(ctx)],
            [(name, command.short_help) for name, command in commands.items()],
        ]
        for title, records in zip(("参数", "选项", "命令"), rows, strict=True):
            if records:
                width = max(len(name) for name, _ in records) + 2
                parts += ["", f"{title}：", *(f"  {name:{width}}{text}" for name, text in records)]
        return "\n".join(parts)

    def _options(self: Any, ctx: Any) -> Iterator[tuple[str, str]]:
        for param in self.get_params(ctx):
            if param.param_type_name == "option":
                names = ", ".join(param.opts)
                yield (
                    names + (f" {param.metavar}" if param.metavar else ""),
                    "显示这段说明。" if "--help" in param.opts else param.help,
                )


class _Command(_ChineseHelp, typer.core.TyperCommand):
    """A command with Chinese help."""


class _Group(_ChineseHelp, typer.core.TyperGroup):
    """The list of commands with Chinese help."""


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="三单：把各单位填报的问题、原因、措施汇总归并成台账和对照检查材料。全程离线，不联网。",
)

Folder = Annotated[Path, typer.Argument(metavar="[DIR]", help="项目文件夹，默认为当前文件夹。", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="在标准输出打印运行记录（JSON），不打印表格。")]


def main() -> None:
    """Entry point: output that any Windows console can show, and never a traceback for a clerk."""
    logging.getLogger("pipeline").addHandler(logging.NullHandler())  # silent unless --debug shows it
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = app(standalone_mode=False)
    except KeyboardInterrupt:
        _say("已中断，原有的输出没有改动。")
        raise SystemExit(130) from None
    except Exception as error:
        if hasattr(error, "format_message"):  # the framework's errors of usage
            wrong = getattr(error, "option_name", None) or " ".join(sys.argv[1:])
            _say(f"用法有误：{wrong}。运行 sandan --help 查看用法。")
            raise SystemExit(WRONG_USAGE) from None
        _say(f"程序出错，没有写出任何文件（{type(error).__name__}: {error}）。请把这行字和出错时的填报表发给维护人员。")
        if "--debug" in sys.argv:
            raise
        raise SystemExit(BROKEN) from None
    raise SystemExit(status if isinstance(status, int) else OK)


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本号。", is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help="把程序内部的经过打印到标准错误（维护人员用）。")] = False,
) -> None:
    """三单：把各单位填报的问题、原因、措施汇总归并成台账和对照检查材料。全程离线，不联网。"""
    if debug:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s: %(message)s")
    if version:
        typer.echo(f"sandan {__version__}")
        raise typer.Exit(OK)
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        raise typer.Exit(WRONG_USAGE)


@app.command(cls=_Command, short_help="新建一个项目文件夹，写入方案.xlsx。")
def init(
    folder: Folder = Path(),
    preset: Annotated[
        str, typer.Option("--preset", metavar="YEAR", help="哪一年的预设，例：2021；不写用最新的一年。")
    ] = "",
) -> None:
    """新建一个项目文件夹，写入方案.xlsx 和空的 workbooks 文件夹。

    已有方案.xlsx 时不会覆盖。写好后请在 Excel 中核对会议主题、对照方面，填上填报单位名册。
    """
    from pipeline.project import Project
    from pipeline.scheme import load_preset, newest_preset, preset_names, write_scheme

    with _answers():
        preset = preset or newest_preset()
        chosen = load_preset(preset)
        project = Project(folder)
        path = project.scheme_file
        if path.exists():
            _stop(f"{path} 已经存在，没有改动。如要重新生成，请先改名或删除。")
        write_scheme(chosen.scheme, path)
        project.workbooks.mkdir(parents=True, exist_ok=True)
        typer.echo(f"已生成 {path}（{chosen.name}）。")
        others = [name for name in preset_names() if name != preset]
        typer.echo(f"  其他年度的预设：{'、'.join(others)}，用 --preset 选用。")
        for doubt in chosen.unverified:
            typer.echo(f"  请与上级通知原件核对：{doubt}")
        typer.echo("下一步：在 Excel 中填好“基本设置”和“填报单位”，再运行 sandan issue 下发填报表。")


@app.command(cls=_Command, short_help="按名册生成下发的填报表。")
def issue(
    folder: Folder = Path(),
    progress: Annotated[
        bool, typer.Option("--progress", help="生成进展填报表：每个单位自己的未销号措施，写入 outputs/下发进展/。")
    ] = False,
    period: Annotated[str, typer.Option("--period", metavar="YYYY-MM", help="期次，默认为基准日期所在的月。")] = "",
) -> None:
    """按方案.xlsx 的名册，每个单位生成一份填报表，写入 outputs/下发/。

    加 --progress 时，按台账为每个牵头或配合未销号措施的单位生成一份进展填报表，写入 outputs/下发进展/；没有未销号措施的单位不生成。
    """
    with _answers():
        if progress:
            _issue_progress(folder, period)
            return
        from pipeline.forms import issue_forms
        from pipeline.project import Project
        from pipeline.scheme import read_scheme
        from pipeline.vocabulary import Stage

        project = Project(folder)
        scheme = read_scheme(project.scheme_file)
        if not scheme.roster:
            _stop("方案.xlsx“填报单位”是空的：请先填上各单位名称，再下发。")
        with _progress() as show:
            paths = issue_forms(scheme, project.issued, lambda done, total: show(Stage.ISSUE, done, total))
        typer.echo(f"已生成 {len(paths)} 份填报表，在 {project.issued}。")


def _issue_progress(folder: Path, period: str) -> None:
    from pipeline.progress.periods import period_text
    from pipeline.project import Project
    from pipeline.run import issue_progress_project

    with _progress() as show:
        issued = issue_progress_project(folder, dt.date.today(), period, show)
    if not issued.paths:
        _stop("没有未销号的措施，不用下发进展填报表。", NOTHING)
    where = Project(folder).issued_progress
    typer.echo(f"已生成 {period_text(issued.period)}进展填报表 {len(issued.paths)} 份，在 {where}。")
    if issued.without:
        typer.echo(f"没有未销号措施、未生成的单位：{'、'.join(issued.without)}。")


@app.command(cls=_Command, name="next", short_help="由本年度项目新建下一年度的项目文件夹。")
def next_round(
    folder: Folder = Path(),
    new: Annotated[
        Path | None,
        typer.Argument(metavar="[NEW]", help="新的项目文件夹，默认为本文件夹旁边的“年度”文件夹。", show_default=False),
    ] = None,
) -> None:
    """由本年度的项目新建下一年度的项目文件夹：名册、词库、文稿模板照搬，本年度的汇总台账作为上年度台账。

    会议主题、对照方面等请按新一年的通知核对；各种日期留空。
    """
    with _answers():
        from pipeline.project import Project
        from pipeline.scheme import next_scheme, read_scheme, write_scheme

        project = Project(folder)
        scheme = read_scheme(project.scheme_file)
        target = Project(new or folder.resolve().parent / str(scheme.settings.year + 1))
        if target.scheme_file.exists():
            _stop(f"{target.scheme_file} 已经存在，没有改动。")
        if not project.summary.is_file():
            _stop(f"没有找到 {project.summary}，请先运行 sandan merge。", NOTHING)
        target.workbooks.mkdir(parents=True, exist_ok=True)
        last = target.folder / LAST_LEDGER
        shutil.copy2(project.summary, last)
        if scheme.settings.template and (folder / scheme.settings.template).is_file():
            shutil.copy2(folder / scheme.settings.template, target.folder / scheme.settings.template)
        write_scheme(next_scheme(scheme, last.name), target.scheme_file)
        typer.echo(f"已生成 {target.scheme_file}（{scheme.settings.year + 1} 年度），上年度台账是 {last}。")
        typer.echo("下一步：按新一年的通知核对“基本设置”和“对照方面”，再运行 sandan issue 下发填报表。")


@app.command(cls=_Command, short_help="汇总归并，写出台账和对照检查材料（主要命令）。")
def merge(
    folder: Folder = Path(),
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="有需要人处理的事项时，退出码为 1。")] = False,
) -> None:
    """读取 workbooks 里的全部填报表，核对、归并，写出汇总台账、对照检查材料和退回修改。

    退出码：0 已写出；1 已写出，但有需要人处理的事项（只在 --strict 时）；2 用法或方案有误，没有写出；3 没有可汇总的表。
    """
    with _answers():
        from pipeline.run import merge_project

        record = _run(lambda progress: merge_project(folder, dt.date.today(), progress), as_json)
        _report(record, folder, as_json)
        raise typer.Exit(NEEDS_PERSON if strict and record.needs_person else OK)


@app.command(cls=_Command, short_help="只读取和核对，不归并。")
def check(folder: Folder = Path(), as_json: AsJson = False) -> None:
    """读取并核对 workbooks 里的填报表，写出核对结果.xlsx 和退回修改，不归并。

    退出码：0 没有错误；1 有错误；2 用法或方案有误；3 没有可核对的表。
    """
    with _answers():
        from pipeline.run import check_project

        record = _run(lambda progress: check_project(folder, dt.date.today(), progress), as_json)
        _report(record, folder, as_json)
        raise typer.Exit(NEEDS_PERSON if record.errors else OK)


@app.command(cls=_Command, name="log", short_help="查看编号的来龙去脉。")
def show_log(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[DIR] [编号]", help="项目文件夹（默认当前）和编号，例：WT-007。")
    ] = None,
) -> None:
    """查看台账里一个编号发生过什么：来源行、处理意见、修改、并入和停用。不写编号时列出全部。"""
    with _answers():
        from pipeline.ledger import read_log
        from pipeline.matching.normal import normal_form
        from pipeline.project import Project
        from pipeline.scheme import read_scheme
        from pipeline.tables import INPUTS

        prefixes = "|".join(table.prefix for table in INPUTS)
        item = next((word for word in words or [] if re.fullmatch(rf"(?i)({prefixes})-\d+", word)), "").upper()
        folder = Path(next((word for word in words or [] if word.upper() != item), "."))
        project = Project(folder)
        url = read_scheme(project.scheme_file).settings.ledger_url
        records = read_log(project.ledger_file, url, normal_form, item)
        for record in records:
            typer.echo(f"{record.day}  {record.item}  {record.text}")
        if not records:
            _stop(f"台账里没有 {item or '记录'}。", NOTHING)


def _run(work: Callable[[Progress], RunRecord], as_json: bool) -> RunRecord:
    if as_json:
        return work(lambda stage, done, total: None)
    with _progress() as progress:
        return work(progress)


@contextmanager
def _answers() -> Iterator[None]:
    """Turn what may go wrong into a message and an exit status."""
    from pipeline.ledger import LedgerError, SummaryInTheWayError
    from pipeline.project import ProjectBusyError
    from pipeline.publishing import OutputError
    from pipeline.run import NothingToMergeError
    from pipeline.sandbox import SandboxError
    from pipeline.scheme import SchemeError

    try:
        yield
    except SchemeError as error:
        _say("方案有误，没有写出任何文件：")
        for problem in error.problems:
            _say(f"  - {problem}")
        raise typer.Exit(WRONG_USAGE) from None
    except NothingToMergeError as error:
        _stop(str(error), NOTHING)
    except (OutputError, ProjectBusyError, LedgerError, SummaryInTheWayError, SandboxError) as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"不能读写 {error.filename or ''}（{error.strerror}）。请检查权限、磁盘空间，并关闭打开着的文件。")


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _stop(message: str, status: int = WRONG_USAGE) -> None:
    _say(message)
    raise typer.Exit(status)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar per stage on standard error; silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(complete_style="blue"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True, emoji=False)) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done)

        yield show


def _report(record: RunRecord, folder: Path, as_json: bool) -> None:
    if as_json:
        typer.echo(record.to_json(), nl=False)
        return
    from rich.box import ASCII2
    from rich.console import Console
    from rich.table import Table

    from pipeline.project import CORRECTIONS, Project

    merged = record.command == "merge"
    table = Table(box=ASCII2, show_header=False, title="汇总结果" if merged else "核对结果")
    for name, count in record.counts.items():
        table.add_row(name, str(count))
    for level, count in record.findings.items():
        table.add_row(f"核对{level}", str(count))
    Console(emoji=False, highlight=False).print(table)
    outputs = Project(folder).outputs
    typer.echo("写出：")
    for name in record.outputs:
        if "/" not in name:
            typer.echo(f"  {outputs / name}")
    returned = sum(name.startswith(f"{CORRECTIONS}/") for name in record.outputs)
    if returned:
        typer.echo(f"  {outputs / CORRECTIONS}（{returned} 份需要修改）")
    if merged and record.needs_person:
        typer.echo(f"有 {record.needs_person} 件事需要人处理，见汇总台账的“待确认”“核对结果”“填报情况”。")
    elif record.needs_person:
        typer.echo(f"有 {record.errors} 个错误，见核对结果.xlsx。")


if __name__ == "__main__":
    main()
