"""Groups of rows -> merged problems, causes and measures: whose text, which values, links, order, what goes in."""

from pipeline.consolidation.edited import editable_cells
from pipeline.consolidation.figures import Figures, count_figures
from pipeline.consolidation.items import Item, Memory, member_of, merge_items
from pipeline.consolidation.links import link_items
from pipeline.consolidation.consolidate import Duty, Merged, merge
from pipeline.consolidation.selection import select_for_narrative

__all__ = [
    "Duty",
    "Figures",
    "Item",
    "Memory",
    "Merged",
    "count_figures",
    "editable_cells",
    "link_items",
    "member_of",
    "merge",
    "merge_items",
    "select_for_narrative",
]
