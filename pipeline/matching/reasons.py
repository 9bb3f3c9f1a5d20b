"""Why two rows were joined or held back, in the clerk's words: what agrees, what is left over, which guard spoke."""

from __future__ import annotations

from pipeline.matching.evidence import pieces
from pipeline.matching.guards import explain
from pipeline.matching.profile import Profile, Weights, bigrams

_SHOWN, _LONGEST = 4, 12


def agreeing(a: Profile, b: Profile, weights: Weights) -> list[str]:
    """The heaviest stretches of a's own words that b says too."""
    runs: dict[str, float] = {}
    for one, two in (((a.title, a.text), b.title + b.text), ((a.content,), b.content)):
        theirs = set(bigrams(two))
        for part in one:
            for run in _runs(part, theirs):
                runs[run] = weights.mass(bigrams(run))
        if runs:
            break
    best = sorted(runs, key=lambda run: (-runs[run], run))
    kept: list[str] = []
    for run in best:
        if not any(run in other for other in kept):
            kept.append(run)
    return kept[:_SHOWN]


def _runs(text: str, grams: set[str]) -> list[str]:
    found, start = [], None
    for index in range(len(text)):
        inside = text[index : index + 2] in grams and text[index : index + 2].isalnum()
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            found.append(text[start : index + 1])
            start = None
    return [run[:_LONGEST] for run in found if len(run) >= 2]


def differing(a: Profile, b: Profile, weights: Weights) -> list[str]:
    """The heaviest stretches in which the two differ, as 甲“…”乙“…”."""
    rest = [(one, two) for same, one, two in pieces(a.content, b.content) if not same]
    rest.sort(key=lambda pair: (-max(weights.mass(bigrams(pair[0])), weights.mass(bigrams(pair[1]))), pair))
    shown = []
    for one, two in rest[:2]:
        parts = [
            f"{label}“{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}”"
            for label, text in (("甲", one), ("乙", two))
            if text
        ]
        shown.append("".join(parts))
    return shown


def reason(a: Profile, b: Profile, spoken: list[str], weights: Weights) -> str:
    """「同：拒载、绕路；异：甲“230件”乙“68件”」, the guards first among the differences."""
    agree = agreeing(a, b, weights)
    differ = [explain(name, a, b) for name in spoken] or differing(a, b, weights)
    return "；".join(
        part
        for part in (
            f"同：{'、'.join(agree)}" if agree else "用词不同、意思可能相同",
            f"异：{'；'.join(differ)}" if differ else "",
        )
        if part
    )
