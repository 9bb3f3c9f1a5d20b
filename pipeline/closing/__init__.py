"""Closing (对账销号): which steps are possible, what each needs, and what it leads to."""

from pipeline.closing.showing import as_markdown, as_mermaid
from pipeline.closing.states import (
    TRANSITIONS,
    Act,
    Actor,
    ClosedRound,
    ClosingAct,
    ClosingRecord,
    Effect,
    Need,
    Refusal,
    Step,
    Transition,
    act_text,
    advance,
    possible,
)

__all__ = [
    "TRANSITIONS",
    "Act",
    "Actor",
    "ClosedRound",
    "ClosingAct",
    "ClosingRecord",
    "Effect",
    "Need",
    "Refusal",
    "Step",
    "Transition",
    "act_text",
    "advance",
    "as_markdown",
    "as_mermaid",
    "possible",
]
