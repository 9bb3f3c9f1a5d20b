"""对照检查材料: what is said (outline), where it comes from (sources) and how it looks (document)."""

from pipeline.narrative.document import Template, TemplateError, read_narrative, read_template, write_narrative
from pipeline.narrative.layout import STANDS_IN
from pipeline.narrative.outline import Level, Paragraph, Run, as_sentence, build_outline
from pipeline.narrative.output import Narrative, ReviewCopy
from pipeline.narrative.plan import Plan
from pipeline.narrative.problem_annex import ProblemAnnex
from pipeline.narrative.sources import notes
from pipeline.narrative.voice import Slip, slips, spoken

__all__ = [
    "STANDS_IN",
    "Level",
    "Narrative",
    "Paragraph",
    "Plan",
    "ProblemAnnex",
    "ReviewCopy",
    "Run",
    "Slip",
    "Template",
    "TemplateError",
    "as_sentence",
    "build_outline",
    "notes",
    "read_narrative",
    "read_template",
    "slips",
    "spoken",
    "write_narrative",
]
