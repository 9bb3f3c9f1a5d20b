"""三单: departments' sheets in, merged lists, a ledger and the narrative out. What other programs may rely on is named here.

Everything is imported when it is first asked for, so that naming the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.findings import Finding, Place
    from pipeline.intake import Submission, read_submission
    from pipeline.matching import Matching, match_rows
    from pipeline.records import Item, RowId, SourceRow
    from pipeline.run import check_project, merge_project
    from pipeline.run_record import RunRecord
    from pipeline.scheme import Scheme, SchemeError, read_scheme


_HOMES = {
    "Finding": "findings",
    "Item": "records",
    "Matching": "matching",
    "Place": "findings",
    "RowId": "records",
    "RunRecord": "run_record",
    "Scheme": "scheme",
    "SchemeError": "scheme",
    "SourceRow": "records",
    "Submission": "intake",
    "check_project": "run",
    "match_rows": "matching",
    "merge_project": "run",
    "read_scheme": "scheme",
    "read_submission": "intake",
}

__all__ = [
    "Finding",
    "Item",
    "Matching",
    "Place",
    "RowId",
    "RunRecord",
    "Scheme",
    "SchemeError",
    "SourceRow",
    "Submission",
    "__version__",
    "check_project",
    "match_rows",
    "merge_project",
    "read_scheme",
    "read_submission",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    return getattr(import_module(f"pipeline.{_HOMES[name]}"), name)
