"""Why the ledger cannot be used."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be used; the message says why and what to do."""


class RunInProgressError(LedgerError):
    """Another run is at work on this project."""


class OldViewError(LedgerError):
    """What was to be changed is not there any more, or is not what the caller saw."""
