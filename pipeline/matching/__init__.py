"""Which rows say the same thing: normalise -> candidates -> evidence -> verdict -> groups, each with its reasons."""

from pipeline.matching.match import match_rows
from pipeline.matching.normal import normal_form, strip_number
from pipeline.matching.result import Doubt, Join, Matching, Ruling

__all__ = ["Doubt", "Join", "Matching", "Ruling", "match_rows", "normal_form", "strip_number"]
