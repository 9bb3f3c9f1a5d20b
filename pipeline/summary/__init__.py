"""汇总台账.xlsx: the dashboard, the three lists, the closing ledger, what is pending, and where every row went."""

from pipeline.summary.format import lists_in
from pipeline.summary.output import SummaryWorkbook
from pipeline.summary.periods import Period
from pipeline.summary.workbook import Marks, write_check, write_summary

__all__ = ["Marks", "Period", "SummaryWorkbook", "lists_in", "write_check", "write_summary"]
