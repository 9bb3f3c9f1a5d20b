"""Which rows say the same thing: normalise -> candidates -> evidence -> verdict -> groups, each with its reasons."""

from pipeline.matching.match import match_rows
from pipeline.matching.normal import normal_form, strip_number
from pipeline.matching.result import Doubt, Join, Matching, Ruling
from pipeline.matching.side_by_side import MatchTask, match_tables

__all__ = [
    "Doubt",
    "Join",
    "MatchTask",
    "Matching",
    "Ruling",
    "match_rows",
    "match_tables",
    "normal_form",
    "strip_number",
]
