"""对照检查材料: what is said (outline), where it comes from (sources) and how it looks (document)."""

from pipeline.narrative.document import Template, TemplateError, read_narrative, read_template, write_narrative
from pipeline.narrative.outline import Level, Paragraph, Run, as_sentence, build_outline
from pipeline.narrative.output import Narrative, ReviewCopy
from pipeline.narrative.sources import notes

__all__ = [
    "Level",
    "Narrative",
    "Paragraph",
    "ReviewCopy",
    "Run",
    "Template",
    "TemplateError",
    "as_sentence",
    "build_outline",
    "notes",
    "read_narrative",
    "read_template",
    "write_narrative",
]
