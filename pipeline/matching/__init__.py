"""Which rows say the same thing: read -> block -> compare -> judge -> cluster -> explain."""

from pipeline.matching.match import match_rows
from pipeline.matching.normal import normal_form, normal_form_v1, strip_number
from pipeline.matching.result import Doubt, Family, FamilyLine, Join, Matching, Ruling
from pipeline.matching.side_by_side import MatchTask, match_tables
from pipeline.records import Constraint

__all__ = [
    "Constraint",
    "Doubt",
    "Family",
    "FamilyLine",
    "Join",
    "MatchTask",
    "Matching",
    "Ruling",
    "match_rows",
    "match_tables",
    "normal_form",
    "normal_form_v1",
    "strip_number",
]
