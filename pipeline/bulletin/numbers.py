"""Figures as bulletins print them: one decimal, shares that add up, never a hundred before all is done."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


def rate_text(part: int, whole: int) -> str:
    """12 of 17 -> 70.6%; a whole per cent without its zero, 99.9% at most before the last one is done; "" of nothing."""
    if whole == 0:
        return ""
    exact = (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)
    if part < whole:
        exact = min(exact, Decimal("99.9"))
    if part > 0:
        exact = max(exact, _TENTH)
    return f"{_plain(exact)}%"


def shares(parts: Sequence[int]) -> list[str]:
    """Shares of their sum in tenths of a per cent that add up to 100%, by largest remainder; [] where the sum is 0."""
    whole = sum(parts)
    if whole == 0:
        return []
    tenths = [part * 1000 // whole for part in parts]
    rests = [part * 1000 % whole for part in parts]
    left = 1000 - sum(tenths)
    for position in sorted(range(len(parts)), key=lambda at: (-rests[at], at))[:left]:
        tenths[position] += 1
    return [f"{Decimal(tenth) / 10:.1f}%" for tenth in tenths]


def difference_text(now: Sequence[int], before: Sequence[int] | None) -> str:
    """（较上期提高3.5个百分点） from (part, whole) of both, "" without a period before or without a difference."""
    if before is None or now[1] == 0 or before[1] == 0:
        return ""
    change = _percent(now) - _percent(before)
    if change == 0:
        return ""
    return f"，较上期{'提高' if change > 0 else '下降'}{_plain(abs(change))}个百分点"


def _percent(pair: Sequence[int]) -> Decimal:
    return Decimal(rate_text(pair[0], pair[1]).rstrip("%"))


def _plain(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")
