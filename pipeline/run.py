"""The one-command merge: the stages in order, and the outputs put in place together when all of them are whole."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import findings
from pipeline.bulletin import Bulletin, Reminders, bulletin_facts
from pipeline.carry_over import CarriedOver, TakenIn, carry_over, problem_findings, remember, take_in, units_of
from pipeline.consolidation import Result, merge
from pipeline.corrections import Corrections
from pipeline.findings import Finding
from pipeline.follow_up import FollowUp
from pipeline.forms import issue_progress
from pipeline.intake.collect import Intake, collect
from pipeline.intake.frames import row_frame
from pipeline.intake.last_year import LastYearError, read_last_year
from pipeline.ledger import Judgement, Run, Stamp, SummaryMarks, open_ledger
from pipeline.matching import Matching, MatchTask, match_tables, normal_form
from pipeline.narrative import (
    Narrative,
    Paragraph,
    Plan,
    ProblemAnnex,
    ReviewCopy,
    Template,
    TemplateError,
    build_outline,
    read_template,
)
from pipeline.progress.assignments import assignments
from pipeline.progress.matters import WAITING_STATES
from pipeline.progress.periods import period_of, read_period
from pipeline.progress.recurrence import OldProblem
from pipeline.progress.targets import commitments_of
from pipeline.project import CHECK_FILE, HISTORY, MANIFEST, SCHEME_FILE, Project
from pipeline.publishing import Output, check_free, finish_earlier, put_in_place, workshop
from pipeline.recurring import recurring
from pipeline.run_record import RunRecord, hashes_below, levels, versions
from pipeline.scheme import Scheme, SchemeError, read_scheme
from pipeline.summary import SummaryWorkbook, lists_in, write_check
from pipeline.tables import INPUTS
from pipeline.textcheck import check_texts
from pipeline.vocabulary import ClosingState, DocumentKind, Stage, TableKey

log = logging.getLogger(__name__)
_KEPT = 3
"""How many earlier summaries stay in 历史/."""
_UNREAD = "（有未读入的内容"
OFFICE = "办公室"
"""Whose acts those are that are found in the workbook."""

Progress = Callable[[Stage, int, int], None]
"""Called with (stage, done, total)."""


class NothingToMergeError(Exception):
    """There is no workbook, or none holds a row."""


def _quiet(stage: Stage, done: int, total: int) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Round:
    """The settings of a run: the scheme, the date from which it counts, the office's own template, last year's text."""

    scheme: Scheme
    base: dt.date
    template: Template | None
    last_year: Sequence[str] = ()
    old: Sequence[OldProblem] = ()

    @property
    def findings(self) -> list[Finding]:
        """What is to be said of the settings themselves."""
        unknown = [
            findings.UNKNOWN_SETTING.at(findings.Place(SCHEME_FILE, "基本设置", cell, "项目"), name)
            for cell, name in self.scheme.unknown_settings
        ]
        return [*unknown, *(self.template.findings if self.template else ())]


@dataclass(frozen=True)
class Draft:
    """Everything that the outputs are made from."""

    settings: Round
    result: Result
    findings: Sequence[Finding]
    paragraphs: Sequence[Paragraph]
    marks: SummaryMarks
    judgements: Sequence[Judgement]


def outputs_of(draft: Draft) -> tuple[Output, ...]:
    """Everything that a merge writes, in this order: one more document is one more entry."""
    corrections = Corrections(draft.result.intake.paths, draft.findings, draft.result.base)
    text = (draft.result, draft.paragraphs, draft.settings.template, lists_in)
    kinds = draft.result.scheme.settings.kinds
    further: tuple[tuple[DocumentKind, Output], ...] = (
        (DocumentKind.PLAN, Plan(draft.result, lists_in)),
        (DocumentKind.PROBLEM_ANNEX, ProblemAnnex(draft.result, lists_in)),
    )
    return (
        corrections,
        SummaryWorkbook(draft.result, draft.findings, draft.judgements, draft.marks, corrections.copies),
        Narrative(*text),
        ReviewCopy(*text),
        *(output for kind, output in further if kind in kinds),
        *_bulletins(draft),
    )


def _bulletins(draft: Draft) -> tuple[Output, ...]:
    """The bulletin and the reminders of the last period; none before the first progress report."""
    result, followed = draft.result, draft.result.followed
    if followed is None or not followed.reported:
        return ()
    scheme, settings = result.scheme, result.scheme.settings
    snapshots = followed.snapshots
    before = snapshots[-2] if len(snapshots) > 1 else None
    facts = bulletin_facts(
        settings.unit,
        settings.year,
        result.base,
        followed.matters,
        snapshots[-1],
        followed.lines,
        before,
        settings.warn_days,
        scheme.rank,
    )
    signature = settings.signature or settings.unit
    reply_by = result.base + dt.timedelta(days=settings.reply_days)
    return Bulletin(facts, scheme.bulletin, signature, lists_in), Reminders(facts, signature, reply_by)


def merge_project(
    folder: Path,
    today: dt.date,
    progress: Progress = _quiet,
    outputs: Callable[[Draft], Sequence[Output]] = outputs_of,
) -> RunRecord:
    """Read, check, merge and write every output of the project in `folder`.

    Raises SchemeError for wrong settings, NothingToMergeError, ProjectBusyError, OutputError, LedgerError and
    SummaryInTheWayError; nothing is written then.
    """
    project = Project(folder)
    progress(Stage.PREPARE, 1, 1)
    with project.locked(), _without_searching_for_cycles():
        settings = _settings(project, today)
        scheme = settings.scheme
        stamp = Stamp(today.isoformat(), OFFICE)
        with (
            open_ledger(project.ledger_file, scheme.settings.ledger_url, stamp, normal_form) as ledger,
            ledger.run(units_of(scheme), str(scheme.settings.year)) as ledger_run,
        ):
            finish_earlier(folder)
            taken, carried, result = _merged(project, settings, ledger_run, stamp, progress)
            intake = result.intake
            progress(Stage.CHECK, 1, 1)
            paragraphs, gaps = build_outline(result)
            found = [*settings.findings, *taken.findings, *intake.findings, *carried.findings]
            found += [*result.findings, *problem_findings(result.problems), *gaps]
            found += check_texts(result, paragraphs, settings.last_year)
            log.info("%d rows, %d findings", intake.rows_read, len(found))
            draft = Draft(settings, result, found, paragraphs, *remember(ledger_run, result))
            return _publish(project, outputs(draft), draft, ledger_run, taken.keep_summary, progress)


def _merged(
    project: Project, settings: Round, ledger_run: Run, stamp: Stamp, progress: Progress
) -> tuple[TakenIn, CarriedOver, Result]:
    """What is in the workbooks and in the last summary, merged; nothing of it is kept yet."""
    scheme = settings.scheme
    taken = take_in(ledger_run, project.summary)
    intake = _read(project, settings, progress)
    carried = carry_over(ledger_run, intake, taken.released)
    matchings = _match(intake, scheme, carried, progress)
    follow_up = FollowUp(ledger_run, intake.progress, scheme, settings.base, stamp.at)
    result = merge(intake, matchings, scheme, settings.base, ledger_run, carried.asks, carried.keys, follow_up)
    if settings.old:
        result = replace(result, recurring=recurring(result.items[TableKey.PROBLEMS], settings.old, scheme))
    return taken, carried, result


@dataclass(frozen=True)
class IssuedProgress:
    """Progress workbooks that were written, their period, and the units that have no open measure."""

    period: str
    paths: Sequence[Path]
    without: Sequence[str]


def issue_progress_project(
    folder: Path, today: dt.date, period: str = "", progress: Progress = _quiet
) -> IssuedProgress:
    """Write a progress workbook for each unit with an open measure into outputs/下发进展; merges, and keeps nothing of it.

    `period` as clerks write it, "" for the month of the base date. Raises as `merge_project` does.
    """
    project = Project(folder)
    with project.locked(), _without_searching_for_cycles():
        settings = _settings(project, today)
        scheme = settings.scheme
        spelled = read_period(period, scheme.deadline_year) if period else None
        if period and spelled is None:
            raise SchemeError([f"期次“{period}”看不懂，请写成 2022-07 这样的年月。"])
        which = spelled.period if spelled else period_of(settings.base)
        stamp = Stamp(today.isoformat(), OFFICE)
        url, expected = scheme.settings.ledger_url, project.summary.is_file()
        with (
            open_ledger(project.ledger_file, url, stamp, normal_form, expected=expected) as ledger,
            ledger.run(units_of(scheme), str(scheme.settings.year)) as ledger_run,
        ):
            _, _, result = _merged(project, settings, ledger_run, stamp, progress)
        followed = result.followed
        measures = result.items[TableKey.MEASURES]
        closings = followed.closings if followed else {}
        closed = {number for number, one in closings.items() if one.state is ClosingState.CLOSED}
        units = [unit.name for unit in scheme.roster]
        adoption = followed.adoption if followed else None
        given, without = assignments(measures, closed, units, commitments_of(measures), adoption)
        if project.issued_progress.is_dir():  # a unit that has nothing open any more must not find an old form there
            shutil.rmtree(project.issued_progress)
        paths = issue_progress(
            scheme, which, given, project.issued_progress, None, lambda done, total: progress(Stage.ISSUE, done, total)
        )
    return IssuedProgress(which, paths, without)


def check_project(folder: Path, today: dt.date, progress: Progress = _quiet) -> RunRecord:
    """Read and check only; writes 核对结果.xlsx and 退回修改/. Raises as `merge_project` does."""
    project = Project(folder)
    progress(Stage.PREPARE, 1, 1)
    with project.locked():
        settings = _settings(project, today)
        finish_earlier(folder)
        intake = _read(project, settings, progress)
        found = [*settings.findings, *intake.findings]
        with workshop(folder) as shop:
            corrections = Corrections(intake.paths, found, settings.base)
            corrections.write(shop)
            write_check(shop / CHECK_FILE, intake, found, settings.scheme, settings.base, corrections.copies())
            refused = sum(bool(row.refused) for rows in intake.rows.values() for row in rows)
            counts = {"文件": len(intake.hashes), "读入行": intake.rows_read, "拒收行": refused}
            record = _record("check", settings, intake, found, counts, shop)
            check_free(shop, project.outputs)
            put_in_place(shop, folder)
    return record


@contextmanager
def _without_searching_for_cycles() -> Iterator[None]:
    """Python's search for cycles is off meanwhile: among millions of rows and cells there are none."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _settings(project: Project, today: dt.date) -> Round:
    scheme = read_scheme(project.scheme_file)
    name, last = scheme.settings.template, scheme.settings.last_document
    try:
        template = read_template(project.folder / name) if name else None
    except TemplateError as error:
        raise SchemeError([f"{SCHEME_FILE}“基本设置”的“文稿模板”：{error}"]) from error
    try:
        last_year = read_template(project.folder / last).texts if last else ()
    except TemplateError as error:
        raise SchemeError([f"{SCHEME_FILE}“基本设置”的“上年度文稿”：{error}"]) from error
    ledger = scheme.settings.last_ledger
    try:
        old = read_last_year(project.folder / ledger) if ledger else ()
    except LastYearError as error:
        raise SchemeError([f"{SCHEME_FILE}“基本设置”的“上年度台账”：{error}。"]) from error
    return Round(scheme, scheme.settings.base_date or today, template, last_year, old)


def _read(project: Project, settings: Round, progress: Progress) -> Intake:
    source = project.workbooks
    if not source.is_dir():
        raise NothingToMergeError(f"没有找到文件夹 {source}，请把各单位报来的表放进去。")
    intake = collect(source, settings.scheme, settings.base, lambda done, total: progress(Stage.READ, done, total))
    if not intake.hashes:
        raise NothingToMergeError(f"{source} 里没有填报表。")
    return intake


def _match(intake: Intake, scheme: Scheme, carried: CarriedOver, progress: Progress) -> dict[str, Matching]:
    tasks = [
        MatchTask(row_frame(intake.rows[table.key]), table, scheme, *carried.for_matching(table.key))
        for table in INPUTS
    ]
    found = match_tables(tasks, lambda done, total: progress(Stage.MATCH, done, total))
    progress(Stage.MATCH, len(tasks), len(tasks))
    return {table.key: matching for table, matching in zip(INPUTS, found, strict=True)}


def _publish(
    project: Project,
    outputs: Sequence[Output],
    draft: Draft,
    ledger_run: Run,
    keep_summary: bool,
    progress: Progress,
) -> RunRecord:
    """Write the outputs beside the earlier ones, read them again, keep the ledger, put them in place."""
    with workshop(project.folder) as shop:
        for number, output in enumerate(outputs, start=1):
            output.write(shop)
            progress(Stage.WRITE, number, len(outputs) + 1)
        for output in outputs:
            output.verify(shop)
        progress(Stage.WRITE, len(outputs) + 1, len(outputs) + 1)
        figures = draft.result.figures
        counts = _counts(draft.result)
        waiting = figures.pending + figures.units_missing + _awaiting(draft.result)
        record = _record("merge", draft.settings, draft.result.intake, draft.findings, counts, shop, waiting)
        _keep_history(project, shop, keep_summary)
        # the ledger is kept first: an old summary beside a newer ledger is read back rightly, the reverse is not
        check_free(shop, project.outputs)
        ledger_run.commit(counts)
        put_in_place(shop, project.folder)
        (project.outputs / CHECK_FILE).unlink(missing_ok=True)  # what an earlier check said is no longer so
    return record


def _awaiting(result: Result) -> int:
    """Applications that the office has not answered."""
    closings = result.followed.closings.values() if result.followed else ()
    return sum(one.state in WAITING_STATES for one in closings)


def _counts(result: Result) -> dict[str, int]:
    figures = result.figures
    return {
        "文件": figures.files,
        "读入行": figures.rows_read,
        "拒收行": figures.rows_refused,
        "合并明细行": sum(len(rows) for rows in result.intake.rows.values()),
        **{table.short: figures.items[table.key] for table in INPUTS},
        "待确认": figures.pending,
        "应报单位": figures.units_due,
        "已报单位": figures.units_in,
    }


def _record(
    command: str,
    settings: Round,
    intake: Intake,
    found: Sequence[Finding],
    counts: dict[str, int],
    shop: Path,
    waiting: int = 0,
) -> RunRecord:
    unit = settings.scheme.settings.unit
    outputs = hashes_below(shop)
    record = RunRecord(command, unit, settings.base, counts, levels(found), intake.hashes, outputs, versions(), waiting)
    (shop / MANIFEST).write_text(record.to_json(), encoding="utf-8")
    return record


def _keep_history(project: Project, shop: Path, unread: bool) -> None:
    """The last summaries, newest first by number, in 历史/; one that this run would write again is not kept twice.

    One of which something was `unread` is kept for good. Other files that lie there stay where they are.
    """
    summary = project.summary
    numbered = {
        int(match[1]): path
        for path in project.history.glob("*")
        if (match := re.fullmatch(rf"{summary.stem}-(\d+)\.xlsx", path.name))
    }
    others = [path for path in project.history.glob("*") if path.is_file() and path not in numbered.values()]
    kept = [numbered[number] for number in sorted(numbered)]
    (shop / HISTORY).mkdir()
    changed = summary.is_file() and summary.read_bytes() != (shop / summary.name).read_bytes()
    for old in (*others, *(kept[-(_KEPT - 1) :] if changed else kept[-_KEPT:])):
        shutil.copy2(old, shop / HISTORY / old.name)
    if changed:
        shutil.copy2(summary, shop / HISTORY / f"{summary.stem}-{max(numbered, default=0) + 1:04d}.xlsx")
    if unread:
        number = 1 + sum(path.name.startswith(f"{summary.stem}{_UNREAD}") for path in others)
        shutil.copy2(summary, shop / HISTORY / f"{summary.stem}{_UNREAD}{number:02d}）.xlsx")
