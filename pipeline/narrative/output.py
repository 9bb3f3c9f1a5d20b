"""对照检查材料.docx and its copy for review as outputs: written, and read again before they count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells import fitted
from pipeline.consolidation import Result, all_items
from pipeline.narrative.document import Template, read_narrative, write_narrative
from pipeline.narrative.outline import Paragraph
from pipeline.narrative.proof import Lists, check_texts, written_values
from pipeline.narrative.sources import notes
from pipeline.narrative.voice import slips
from pipeline.publishing import VerificationError


@dataclass(frozen=True)
class Narrative:
    """The document. `lists` reads the lists of the workbook that was written into a folder; None where they are in volumes."""

    result: Result
    paragraphs: Sequence[Paragraph]
    template: Template | None
    lists: Callable[[Path], Lists | None]

    @property
    def name(self) -> str:
        """对照检查材料.docx, or as the office calls the paper."""
        return f"{self.result.scheme.settings.paper}.docx"

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        self._write(folder / self.name, review=False)

    def _write(self, path: Path, review: bool) -> None:
        settings = self.result.scheme.settings
        marks: dict[str, list[str]] = {}
        for slip in slips(self.result) if review else ():
            marks.setdefault(slip.item.id, []).append(slip.word)
        write_narrative(
            path,
            self.paragraphs,
            settings.plain_title,
            self.result.base,
            self.template,
            settings.contents,
            notes(self.result, self.paragraphs) if review else None,
            marks,
        )

    def verify(self, folder: Path) -> None:
        """No sentence in it is nobody's."""
        lists = self.lists(folder)
        if lists is None:
            return
        template = self.template.texts if self.template else ()
        values = written_values(self.result, lists)
        said = [item for item in all_items(self.result.items) if item.included]
        uncut = [text for item in said for text in item.cells.values() if fitted(text) != text]
        check_texts(read_narrative(folder / self.name), lists, self.result.scheme, values, template, uncut)


@dataclass(frozen=True)
class ReviewCopy(Narrative):
    """The same text with a comment at each item that says where it comes from."""

    @property
    def name(self) -> str:
        """对照检查材料（核稿）.docx."""
        return f"{self.result.scheme.settings.paper}（核稿）.docx"

    def write(self, folder: Path) -> None:
        """Write it; OSError as the file system raises it."""
        self._write(folder / self.name, review=True)

    def verify(self, folder: Path) -> None:
        """It says what the document says."""
        if read_narrative(folder / self.name) != read_narrative(folder / super().name):
            raise VerificationError("核稿与文稿的正文不一致。")
