"""What the office left in the last summary, taken into the ledger. Pure: state and summary in, acts and problems out."""

from __future__ import annotations

from pipeline.ledger.take_cells import take_cells, take_strangers
from pipeline.ledger.take_decided import take_decided
from pipeline.ledger.take_pairs import take_pairs
from pipeline.ledger.take_pending import take_pending
from pipeline.ledger.take_recovered import take_recovered
from pipeline.ledger.taken import Desk, Taken


def take_in(desk: Desk) -> Taken:
    """Everything that is new in the summary at `desk`; an untouched summary brings nothing and undoes nothing.

    Three ways: what was written (the snapshot), what is found, what the ledger knows now. A difference between written and
    found is the person's act. Where the ledger changed the same thing meanwhile the later counts, and a problem names both.
    """
    if not desk.state.project:
        take_recovered(desk)
    take_pairs(desk)
    take_decided(desk)
    take_pending(desk)
    take_cells(desk)
    take_strangers(desk)
    return desk.taken
