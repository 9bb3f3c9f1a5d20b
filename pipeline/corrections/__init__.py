"""Marked-up copies: each workbook that needs mending goes back with its cells coloured and explained."""

from pipeline.corrections.copies import write_copies
from pipeline.corrections.output import Corrections

__all__ = ["Corrections", "write_copies"]
