"""汇总台账.xlsx: the dashboard, the three lists, the closing ledger, what is pending, and where every row went."""

from pipeline.summary.format import ITEM_LISTS, lists_in, rows_from
from pipeline.summary.output import SummaryWorkbook
from pipeline.summary.periods import Period
from pipeline.summary.workbook import write_check, write_summary

__all__ = ["ITEM_LISTS", "Period", "SummaryWorkbook", "lists_in", "rows_from", "write_check", "write_summary"]
