"""对照检查材料: what is said (outline) and how it looks (document)."""

from pipeline.narrative.document import write_narrative
from pipeline.narrative.outline import Paragraph, Run, build_outline

__all__ = ["Paragraph", "Run", "build_outline", "write_narrative"]
