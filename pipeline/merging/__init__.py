"""Groups of rows -> merged problems, causes and measures: whose text, which values, links, order, what goes in."""

from pipeline.merging.figures import Figures, count_figures
from pipeline.merging.items import Item, merge_items
from pipeline.merging.links import link_items
from pipeline.merging.merged import Duty, Merged, merge
from pipeline.merging.selection import select_for_narrative

__all__ = [
    "Duty",
    "Figures",
    "Item",
    "Merged",
    "count_figures",
    "link_items",
    "merge",
    "merge_items",
    "select_for_narrative",
]
