"""体检: what an office would be embarrassed by, found before the document is signed. Findings only; no text is changed."""

from collections.abc import Sequence

from pipeline.consolidation import Result
from pipeline.findings import Finding
from pipeline.narrative import Paragraph
from pipeline.textcheck.copying import near_copies
from pipeline.textcheck.document import document_findings
from pipeline.textcheck.inspection import inspection_findings
from pipeline.textcheck.office import office_findings
from pipeline.textcheck.scheme import drifted_theme, drifted_titles
from pipeline.textcheck.texts import text_findings
from pipeline.textcheck.voice import voice_findings

__all__ = ["check_texts"]


def check_texts(merged: Result, paragraphs: Sequence[Paragraph], last_year: Sequence[str] = ()) -> list[Finding]:
    """Findings on the texts that came in, on what several units share, on the scheme's titles and on the whole document.

    `last_year`: the paragraphs of last year's document, () where there is none to compare with.
    """
    return [
        *text_findings(merged),
        *near_copies(merged),
        *drifted_titles(merged.scheme),
        *drifted_theme(merged.scheme),
        *document_findings(merged, paragraphs),
        *voice_findings(merged),
        *office_findings(merged),
        *inspection_findings(merged, paragraphs, last_year),
    ]
