"""量化指标: each commitment of a measure with what its leading units reported on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.progress.adoption import Adoption
from pipeline.progress.commitments import Commitment, Comparison, find_commitments
from pipeline.progress.entries import MetricEntry
from pipeline.progress.padding import text_form
from pipeline.records import Item
from pipeline.vocabulary import YesNo

NOT_REPORTED = "未报"


@dataclass(frozen=True, slots=True)
class Target:
    """A line of 量化指标: a commitment, a leading unit, and the value of a period (None and "" where none was reported)."""

    item: str
    commitment: Commitment
    unit: str
    period: str = ""
    value: float | None = None

    @property
    def reached(self) -> str:
        """是, 否 or 未报."""
        if self.value is None:
            return NOT_REPORTED
        wanted = self.commitment.value
        held = {
            Comparison.AT_LEAST: self.value >= wanted,
            Comparison.AT_MOST: self.value <= wanted,
            Comparison.EXACTLY: self.value == wanted,
        }
        return YesNo.of(held[self.commitment.compare])


def commitments_of(measures: Sequence[Item]) -> Mapping[str, tuple[Commitment, ...]]:
    """Number -> the commitments in its 措施 and 具体举措; measures without any are left out."""
    found = {item.id: find_commitments(item.cells["title"], item.cells["detail"]) for item in measures}
    return {number: commitments for number, commitments in found.items() if commitments}


def targets(
    commitments: Mapping[str, Sequence[Commitment]],
    measures: Sequence[Item],
    adoption: Adoption,
    went_to: Mapping[str, str],
) -> Iterator[Target]:
    """The lines in the measures' order: one a commitment, leading unit and period reported; one 未报 where there is none."""
    reported = _reported(adoption, went_to)
    for item in measures:
        for commitment in commitments.get(item.id, ()):
            for unit in item.leads:
                values = [
                    entry
                    for entry in reported.get((item.id, unit), ())
                    if _means(entry, commitment, commitments[item.id])
                ]
                for entry in values:
                    yield Target(item.id, commitment, unit, entry.period, _in_measure(entry.value, commitment))
                if not values:
                    yield Target(item.id, commitment, unit)


def _reported(adoption: Adoption, went_to: Mapping[str, str]) -> dict[tuple[str, str], list[MetricEntry]]:
    found: dict[tuple[str, str], list[MetricEntry]] = {}
    for _, file in sorted(adoption.reports.items(), key=lambda report: report[0]):
        for entry in file.metrics:
            number = went_to.get(entry.number) or entry.number
            found.setdefault((number, entry.unit), []).append(entry)
    return found


def _in_measure(value: float | None, commitment: Commitment) -> float | None:
    """A cell into which 85% was typed holds 0.85."""
    if value is not None and commitment.measure == "%" and 0 < value <= 1 < commitment.value:
        return round(value * 100, 6)
    return value


def _means(entry: MetricEntry, commitment: Commitment, all_of_them: Sequence[Commitment]) -> bool:
    """A reported row means the commitment whose text it quotes; a measure with one commitment needs no quotation."""
    if text_form(entry.quote) == text_form(commitment.quote):
        return True
    quoted = any(text_form(entry.quote) == text_form(other.quote) for other in all_of_them)
    return not quoted and (len(all_of_them) == 1 or entry.indicator.strip() == commitment.indicator)
