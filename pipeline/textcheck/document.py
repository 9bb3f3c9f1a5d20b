"""The whole document: what an inspector measures (share and length of its parts), and personal matters in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline import findings
from pipeline.consolidation import Result
from pipeline.findings import Finding, Place
from pipeline.narrative import Paragraph
from pipeline.project import NARRATIVE_FILE
from pipeline.vocabulary import PartKind

_LEAST = {PartKind.PROBLEMS: 500, PartKind.CAUSES: 300}
"""Characters, as inspection rules of thumb have it; a finding says the measured value, nothing is blocked."""
_HALF = 0.5


def document_findings(merged: Result, paragraphs: Sequence[Paragraph]) -> list[Finding]:
    """问题 and 原因 should be half of the text, and long enough to say something; of documents that have both parts."""
    lengths: Counter[str] = Counter()
    for paragraph in paragraphs:
        lengths[paragraph.part] += len(paragraph.text)
    total = sum(lengths.values())
    kinds = {part.kind for part in merged.scheme.parts}
    place = Place(NARRATIVE_FILE)
    if not total or not kinds >= set(_LEAST):
        return []
    share = sum(lengths[kind] for kind in _LEAST) / total
    found = [findings.SMALL_SHARE.at(place, f"{share:.0%}")] if share < _HALF else []
    found += [
        findings.SHORT_PART.at(place, lengths[kind], kind=kind, least=least)
        for kind, least in _LEAST.items()
        if lengths[kind] < least
    ]
    return found
