"""Groups of rows -> merged problems, causes and measures: consolidate, number, edit, link, select; duties and figures."""

from pipeline.consolidation.consolidate import Result, merge
from pipeline.consolidation.duties import Duty
from pipeline.consolidation.edited import cell_text, editable_cells, place_in_document
from pipeline.consolidation.families import PendingFamily
from pipeline.consolidation.figures import Figures, is_done, is_overdue, light
from pipeline.consolidation.gaps import ConservationError
from pipeline.consolidation.items import all_items, heading_rank, item_place
from pipeline.consolidation.numbered import Fresh, Memory

__all__ = [
    "ConservationError",
    "Duty",
    "Figures",
    "Fresh",
    "Memory",
    "PendingFamily",
    "Result",
    "all_items",
    "cell_text",
    "editable_cells",
    "heading_rank",
    "is_done",
    "is_overdue",
    "item_place",
    "light",
    "merge",
    "place_in_document",
]
