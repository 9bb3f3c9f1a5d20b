"""Writes the blank workbooks that departments fill in."""

from pipeline.forms.progress import issue_progress
from pipeline.forms.workbook import GUIDE_SHEET, build_form, issue_forms, scheme_mark

__all__ = ["GUIDE_SHEET", "build_form", "issue_forms", "issue_progress", "scheme_mark"]
