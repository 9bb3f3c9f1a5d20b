"""The memory: numbers given, what people decided and edited, and what happened to each item."""

from pipeline.ledger.decisions import Decision, rulings_of
from pipeline.ledger.edits import Edit
from pipeline.ledger.numbers import Member, Retired, give_numbers
from pipeline.ledger.readback import ReadBack, SummaryInTheWayError, read_summary
from pipeline.ledger.store import LEDGER_FILE, Ledger, LedgerError, Record, open_ledger, read_log

__all__ = [
    "LEDGER_FILE",
    "Decision",
    "Edit",
    "Ledger",
    "LedgerError",
    "Member",
    "ReadBack",
    "Record",
    "Retired",
    "SummaryInTheWayError",
    "give_numbers",
    "open_ledger",
    "read_log",
    "read_summary",
    "rulings_of",
]
