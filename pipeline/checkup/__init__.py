"""体检: what an office would be embarrassed by, found before the document is signed. Findings only; no text is changed."""

from pipeline.checkup.copying import near_copies
from pipeline.checkup.document import document_findings
from pipeline.checkup.scheme import drifted_titles
from pipeline.checkup.texts import text_findings
from pipeline.findings import Finding
from pipeline.merging import Merged
from pipeline.narrative import Paragraph

__all__ = ["check_up"]


def check_up(merged: Merged, paragraphs: list[Paragraph]) -> list[Finding]:
    """Findings on the texts that came in, on what several units share, on the scheme's titles and on the whole document."""
    return [
        *text_findings(merged),
        *near_copies(merged),
        *drifted_titles(merged.scheme),
        *document_findings(merged, paragraphs),
    ]
