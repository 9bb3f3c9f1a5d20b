"""体检: what an office would be embarrassed by, found before the document is signed. Findings only; no text is changed."""

from collections.abc import Sequence

from pipeline.consolidation import Result
from pipeline.findings import Finding
from pipeline.narrative import Paragraph
from pipeline.textcheck.copying import near_copies
from pipeline.textcheck.document import document_findings
from pipeline.textcheck.scheme import drifted_titles
from pipeline.textcheck.texts import text_findings

__all__ = ["check_texts"]


def check_texts(merged: Result, paragraphs: Sequence[Paragraph]) -> list[Finding]:
    """Findings on the texts that came in, on what several units share, on the scheme's titles and on the whole document."""
    return [
        *text_findings(merged),
        *near_copies(merged),
        *drifted_titles(merged.scheme),
        *document_findings(merged, paragraphs),
    ]
