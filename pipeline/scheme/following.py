"""Next year's scheme from this year's: what stays is copied, what a new notice brings is left to be filled in."""

from __future__ import annotations

from pipeline.scheme.model import Body, Scheme


def next_scheme(scheme: Scheme, last_ledger: str) -> Scheme:
    """The scheme of the year after, with `last_ledger` as 上年度台账; dates are blank, and so are the body's own figures."""
    settings = scheme.settings.model_copy(
        update={
            "year": scheme.settings.year + 1,
            "deadline_year": None if scheme.settings.deadline_year is None else scheme.settings.deadline_year + 1,
            "submit_by": None,
            "base_date": None,
            "issued_on": None,
            "last_document": "",
            "last_ledger": last_ledger,
        }
    )
    body = Body() if scheme.body is not None else None
    return scheme.model_copy(update={"settings": settings, "body": body, "unknown_settings": ()})
