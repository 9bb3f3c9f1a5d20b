"""The one-command merge: calls the rooms in order, and puts the outputs in place together when all of them are whole."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.findings import Finding
from pipeline.outputs import MANIFEST, OUTPUTS, check_free, finish_earlier, put_in_place, workshop
from pipeline.scheme import SCHEME_FILE, Scheme, read_scheme
from pipeline.tables import NARRATIVE_FILE, RETURNS, REVIEW_FILE

if TYPE_CHECKING:
    from pipeline.merging import Merged

WORKBOOKS, HISTORY = "workbooks", "历史"
_KEPT = 3
"""How many earlier summaries stay in 历史/."""

_PARTS = (
    "openpyxl",
    "pandas",
    "python-calamine",
    "python-docx",
    "rapidfuzz",
    "scikit-learn",
    "sparse-dot-topn",
    "xlsxwriter",
)

Progress = Callable[[str, int, int], None]
"""Called with (stage in Chinese, done, total)."""


class NothingToMergeError(Exception):
    """There is no workbook, or none holds a row."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: the manifest, and how many things need a person."""

    manifest: dict[str, Any]
    errors: int
    needs_person: int


def _quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def merge_project(folder: Path, today: dt.date, progress: Progress = _quiet) -> Outcome:
    """Read, check, merge and write every output of the project in `folder`.

    Raises SchemeError for wrong settings, NothingToMergeError, OutputError, LedgerError and SummaryInTheWayError; nothing
    is written then.

    Python's search for cycles is off meanwhile: among millions of rows and cells there are none.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        return _merge_project(folder, today, progress)
    finally:
        if searching:
            gc.enable()


def _settled(frame: Any, known: Any) -> dict[int, str]:
    """The items of earlier runs by the rows' labels."""
    from pipeline.matching import normal_form

    by_form = {row.form: item for row, item in known.items()}
    forms = zip(frame.index, map(normal_form, frame["text"]), strict=True)
    return {label: by_form[form] for label, form in forms if form in by_form}


def _merge_project(folder: Path, today: dt.date, progress: Progress) -> Outcome:
    """What `merge_project` does."""
    from pipeline.checkup import check_up
    from pipeline.fence import Beside
    from pipeline.ledger import open_ledger, rulings_of
    from pipeline.matching import MatchTask, match_tables
    from pipeline.merging import merge
    from pipeline.narrative import build_outline, notes, write_narrative
    from pipeline.recall import recall, remember
    from pipeline.returns import write_copies
    from pipeline.summary import SUMMARY_FILE, Marks, write_summary
    from pipeline.tables import INPUTS
    from pipeline.verify import verify

    scheme, base = _scheme(folder, today)
    template = _template(folder, scheme)
    summary = folder / OUTPUTS / SUMMARY_FILE
    with open_ledger(folder, scheme.settings.ledger_url, today.isoformat()) as ledger:
        finish_earlier(folder)
        recalled = recall(ledger, summary)
        intake = _collect(folder, scheme, base, progress)
        tasks = [
            MatchTask(
                intake.frames[table.key],
                table,
                scheme,
                rulings_of(recalled.decisions, table.key),
                _settled(intake.frames[table.key], recalled.memory.known[table.key]),
            )
            for table in INPUTS
        ]
        found = match_tables(tasks, lambda done, total: progress("归并", done, total))
        progress("归并", len(tasks), len(tasks))
        matchings = {table.key: matching for table, matching in zip(INPUTS, found, strict=True)}
        merged = merge(intake, matchings, scheme, base, recalled.memory)
        paragraphs, gaps = build_outline(merged)
        findings = [*_settings_findings(scheme), *intake.findings, *merged.findings, *gaps]
        findings += [*(template.findings if template else ()), *check_up(merged, paragraphs)]
        counts = _counts(merged)
        marks = Marks(*remember(ledger, merged, counts))
        with workshop(folder) as shop:
            (shop / RETURNS).mkdir()
            progress("核对", 1, 1)
            settings = scheme.settings
            text = (paragraphs, settings.plain_title, base, template, settings.contents)
            copies = Beside(lambda: write_copies(intake.paths, shop / RETURNS, findings, base))
            steps: list[Callable[[], object]] = [
                lambda: write_summary(shop / SUMMARY_FILE, merged, findings, recalled.decisions, marks, copies.result),
                lambda: write_narrative(shop / NARRATIVE_FILE, *text),
                lambda: write_narrative(shop / REVIEW_FILE, *text, notes(merged, paragraphs)),
                lambda: verify(shop, merged, findings, template.texts if template else ()),
            ]
            for number, step in enumerate(steps, start=1):
                step()
                progress("写出", number, len(steps))
            manifest = _manifest("merge", scheme, base, intake.hashes, counts, findings, shop)
            _keep_history(summary, shop)
            # the ledger is kept first: an old summary beside a newer ledger is read back rightly, the reverse is not
            check_free(shop, folder / OUTPUTS)
            ledger.keep()
            put_in_place(shop, folder)
    errors = manifest["核对结果"]["错误"]
    return Outcome(manifest, errors, errors + merged.figures.pending + merged.figures.units_missing)


def _counts(merged: Merged) -> dict[str, int]:
    figures = merged.figures
    return {
        "文件": figures.files,
        "读入行": figures.rows_read,
        "拒收行": figures.rows_refused,
        "合并明细行": sum(len(frame) for frame in merged.intake.frames.values()),
        "问题": figures.items["problems"],
        "原因": figures.items["causes"],
        "措施": figures.items["measures"],
        "待确认": figures.pending,
        "应报单位": figures.units_due,
        "已报单位": figures.units_in,
    }


def _keep_history(summary: Path, shop: Path) -> None:
    """The last summaries, newest first by number, in 历史/; one that this run would write again is not kept twice."""
    kept = sorted((summary.parent / HISTORY).glob("*.xlsx"))
    (shop / HISTORY).mkdir()
    changed = summary.is_file() and summary.read_bytes() != (shop / summary.name).read_bytes()
    last = int(kept[-1].stem.rsplit("-", 1)[1]) if kept else 0
    for old in kept[-(_KEPT - 1) :] if changed else kept[-_KEPT:]:
        shutil.copy2(old, shop / HISTORY / old.name)
    if changed:
        shutil.copy2(summary, shop / HISTORY / f"{summary.stem}-{last + 1:04d}.xlsx")


def check_project(folder: Path, today: dt.date, progress: Progress = _quiet) -> Outcome:
    """Read and check only; writes 核对结果.xlsx and 退回修改/. Raises as `merge_project` does."""
    from pipeline.returns import write_copies
    from pipeline.summary import CHECK_FILE, write_check

    scheme, base = _scheme(folder, today)
    finish_earlier(folder)
    intake = _collect(folder, scheme, base, progress)
    findings = [*_settings_findings(scheme), *intake.findings]
    with workshop(folder) as shop:
        (shop / RETURNS).mkdir()
        copies = write_copies(intake.paths, shop / RETURNS, findings, base)
        write_check(shop / CHECK_FILE, intake, findings, scheme, base, copies)
        refused = sum(int((frame["refused"] != "").sum()) for frame in intake.frames.values())
        counts = {"文件": len(intake.hashes), "读入行": intake.rows_read, "拒收行": refused}
        manifest = _manifest("check", scheme, base, intake.hashes, counts, findings, shop)
        check_free(shop, folder / OUTPUTS)
        put_in_place(shop, folder)
    errors = manifest["核对结果"]["错误"]
    return Outcome(manifest, errors, errors)


def _scheme(folder: Path, today: dt.date) -> tuple[Scheme, dt.date]:
    scheme = read_scheme(folder / SCHEME_FILE)
    return scheme, scheme.settings.base_date or today


def _template(folder: Path, scheme: Scheme) -> Any:
    """The office's own .docx, None if it names none; SchemeError if it cannot be used."""
    from pipeline.narrative import TemplateError, read_template
    from pipeline.scheme import SchemeError

    name = scheme.settings.template
    if not name:
        return None
    try:
        return read_template(folder / name)
    except TemplateError as error:
        raise SchemeError([f"方案.xlsx“基本设置”的“文稿模板”：{error}"]) from error


def _collect(folder: Path, scheme: Scheme, base: dt.date, progress: Progress) -> Any:
    from pipeline.intake.collect import collect

    source = folder / WORKBOOKS
    if not source.is_dir():
        raise NothingToMergeError(f"没有找到文件夹 {source}，请把各单位报来的表放进去。")
    intake = collect(source, scheme, base, lambda done, total: progress("读取", done, total))
    if not intake.hashes:
        raise NothingToMergeError(f"{source} 里没有填报表。")
    return intake


def _settings_findings(scheme: Scheme) -> list[Finding]:
    from pipeline import findings

    return [
        findings.UNKNOWN_SETTING.at(findings.Place(SCHEME_FILE, "基本设置", cell, "项目"), name)
        for cell, name in scheme.unknown_settings
    ]


def _manifest(
    command: str,
    scheme: Scheme,
    base: dt.date,
    hashes: dict[str, str],
    counts: dict[str, int],
    findings: list[Finding],
    shop: Path,
) -> dict[str, Any]:
    """运行记录.json: what came in, what was counted, what came out. No text of any row."""
    levels = {level: sum(finding.level == level for finding in findings) for level in ("错误", "警告", "提示")}
    outputs = {
        path.relative_to(shop).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(shop.rglob("*"))
        if path.is_file()
    }
    versions = {"sandan": __version__, **{part: metadata.version(part) for part in _PARTS}}
    manifest = {
        "命令": command,
        "单位": scheme.settings.unit,
        "基准日期": base.isoformat(),
        "计数": counts,
        "核对结果": levels,
        "输入": hashes,
        "输出": outputs,
        "版本": versions,
    }
    (shop / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return manifest
