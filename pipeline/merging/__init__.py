"""Groups of rows -> merged problems, causes and measures: whose text, which values, links, order, what goes in."""

from pipeline.merging.edited import editable_cells
from pipeline.merging.figures import Figures, count_figures
from pipeline.merging.items import Item, Memory, member_of, merge_items
from pipeline.merging.links import link_items
from pipeline.merging.merged import Duty, Merged, merge
from pipeline.merging.selection import select_for_narrative

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
