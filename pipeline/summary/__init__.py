"""汇总台账.xlsx: the dashboard, the three lists, the closing ledger, what is pending, and where every row went."""

from pipeline.summary.workbook import CHECK_FILE, SUMMARY_FILE, Marks, write_check, write_summary

__all__ = ["CHECK_FILE", "SUMMARY_FILE", "Marks", "write_check", "write_summary"]
