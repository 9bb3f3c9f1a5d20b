"""The table of transitions for the manual: as a table and as a diagram, made from what the program obeys."""

from __future__ import annotations

from pipeline.closing.states import TRANSITIONS, Transition, act_text
from pipeline.vocabulary import ClosingState


def as_markdown() -> str:
    """The table, one line for each step; states from which the same step leads to the same state stand together."""
    lines = ["| 现在 | 谁 | 做什么 | 之后 | 需要 | 同时 |", "| --- | --- | --- | --- | --- | --- |"]
    groups: dict[tuple[object, ...], list[Transition]] = {}
    for one in TRANSITIONS:
        groups.setdefault((one.by, one.act, one.after, one.needs, one.effects), []).append(one)
    for steps in groups.values():
        first = steps[0]
        states = "、".join(step.before for step in steps)
        needs, effects = "；".join(first.needs) or "—", "；".join(first.effects) or "—"
        lines.append(f"| {states} | {first.by} | {act_text(first.act)} | {first.after} | {needs} | {effects} |")
    return "\n".join(lines) + "\n"


def as_mermaid() -> str:
    """The diagram (mermaid, stateDiagram-v2)."""
    names = {state: f"s{number}" for number, state in enumerate(ClosingState)}
    lines = ["stateDiagram-v2", *(f'    state "{state}" as {name}' for state, name in names.items())]
    lines.append(f"    [*] --> {names[ClosingState.OPEN]}")
    lines += [f"    {names[one.before]} --> {names[one.after]}: {act_text(one.act)}" for one in TRANSITIONS]
    return "\n".join(lines) + "\n"
