"""The one-command merge: calls the rooms in order, and puts the outputs in place together when all of them are whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.findings import Finding
from pipeline.scheme import SCHEME_FILE, Scheme, read_scheme
from pipeline.tables import NARRATIVE_FILE, RETURNS, REVIEW_FILE

if TYPE_CHECKING:
    from pipeline.merging import Merged

OUTPUTS, WORKBOOKS, HISTORY, MANIFEST = "outputs", "workbooks", "历史", "运行记录.json"
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


class OutputError(Exception):
    """The outputs cannot be put in place; the message says why and what to do."""


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
    """
    from pipeline.checkup import check_up
    from pipeline.ledger import open_ledger, rulings_of
    from pipeline.matching import match_rows
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
        recalled = recall(ledger, summary)
        intake = _collect(folder, scheme, base, progress)
        matchings = {}
        for number, table in enumerate(INPUTS, start=1):
            rulings = rulings_of(recalled.decisions, table.key)
            settled = {row.form: item for row, item in recalled.memory.known[table.key].items()}
            matchings[table.key] = match_rows(intake.frames[table.key], table, scheme, rulings, settled)
            progress("归并", number, len(INPUTS))
        merged = merge(intake, matchings, scheme, base, recalled.memory)
        paragraphs, gaps = build_outline(merged)
        findings = [*_settings_findings(scheme), *intake.findings, *merged.findings, *gaps]
        findings += [*(template.findings if template else ()), *check_up(merged, paragraphs)]
        counts = _counts(merged)
        marks = Marks(*remember(ledger, merged, counts))
        with _workshop(folder) as shop:
            copies = write_copies(intake.paths, shop / RETURNS, findings, base)
            settings = scheme.settings
            text = (paragraphs, settings.plain_title, base, template, settings.contents)
            steps: list[Callable[[], object]] = [
                lambda: write_summary(shop / SUMMARY_FILE, merged, findings, recalled.decisions, marks, copies),
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
            _check_free(shop, folder / OUTPUTS)
            ledger.keep()
            _put_in_place(shop, folder / OUTPUTS)
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
    intake = _collect(folder, scheme, base, progress)
    findings = [*_settings_findings(scheme), *intake.findings]
    with _workshop(folder) as shop:
        copies = write_copies(intake.paths, shop / RETURNS, findings, base)
        write_check(shop / CHECK_FILE, intake, findings, scheme, base, copies)
        refused = sum(int((frame["refused"] != "").sum()) for frame in intake.frames.values())
        counts = {"文件": len(intake.hashes), "读入行": intake.rows_read, "拒收行": refused}
        manifest = _manifest("check", scheme, base, intake.hashes, counts, findings, shop)
        _check_free(shop, folder / OUTPUTS)
        _put_in_place(shop, folder / OUTPUTS)
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


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder beside the outputs in which they are made; gone afterwards, whatever happens."""
    try:
        (folder / OUTPUTS).mkdir(parents=True, exist_ok=True)
        for litter in (folder / OUTPUTS).glob(
            ".正在生成-*"
        ):  # of a run that was killed; the ledger's lock says it is not alive
            shutil.rmtree(litter, ignore_errors=True)
        shop = Path(tempfile.mkdtemp(prefix=".正在生成-", dir=folder / OUTPUTS))
        (shop / RETURNS).mkdir()
    except OSError as error:
        raise OutputError(f"不能写入 {folder / OUTPUTS}（{error.strerror}）。请检查文件夹权限和磁盘空间。") from error
    try:
        yield shop
    except OSError as error:
        raise OutputError(f"写出时出错（{error.strerror}）。请检查磁盘空间；原有的输出没有改动。") from error
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def _check_free(shop: Path, outputs: Path) -> None:
    """Nothing that would be written over is held open by another program: found out before anything is changed."""
    for made in sorted(shop.iterdir()):
        there = outputs / made.name
        if there.is_file():
            try:
                with there.open("r+b"):
                    pass
            except OSError as error:
                raise OutputError(
                    f"{there} 正被别的程序打开或不允许写入，请关闭后再运行。原有的输出没有改动。"
                ) from error


def _put_in_place(shop: Path, outputs: Path) -> None:
    """Move what was made over what is there."""
    for made in sorted(shop.iterdir()):
        there = outputs / made.name
        if made.is_dir():
            old = shop.parent / f".旧-{made.name}"
            if there.exists():
                os.replace(there, old)
            os.replace(made, there)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(made, there)


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
