"""The scheme's own titles: one that differs from a known round's by a character or two was probably mistyped."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from pipeline import findings
from pipeline.findings import Finding, Place
from pipeline.project import SCHEME_FILE
from pipeline.scheme import Scheme, load_preset, preset_names

_NEAR = 0.8
"""Share of agreeing characters from which two titles are taken for the same."""


def drifted_titles(scheme: Scheme) -> list[Finding]:
    """A finding for every aspect whose title is nearly, and not quite, one of a preset."""
    known = {_bare(aspect.full) for name in preset_names() for aspect in load_preset(name).scheme.aspects}
    found = []
    for aspect in scheme.aspects:
        bare = _bare(aspect.full)
        if bare in known or len(bare) < 6:
            continue
        closest = max(sorted(known), key=lambda title: SequenceMatcher(None, bare, title, autojunk=False).ratio())
        matcher = SequenceMatcher(None, bare, closest, autojunk=False)
        if matcher.ratio() >= _NEAR:
            place = Place(SCHEME_FILE, "对照方面", aspect.cell, "全称")
            found.append(findings.DRIFTED_TITLE.at(place, aspect.full, differs=_differences(matcher, bare, closest)))
    return found


def _bare(title: str) -> str:
    """A title without what headings put around it."""
    return re.sub(r"^在|方面$|[。，、\s]", "", title)


def _differences(matcher: SequenceMatcher[str], own: str, known: str) -> str:
    parts = []
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind != "equal":
            parts.append(f"“{own[a0:a1] or '（无）'}”应为“{known[b0:b1] or '（无）'}”")
    return "；".join(parts)
