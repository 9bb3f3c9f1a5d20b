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

_CLAUSE = re.compile(r"[，。；]")


def drifted_titles(scheme: Scheme) -> list[Finding]:
    """A finding for every aspect whose title is nearly, and not quite, one of a preset."""
    presets = [load_preset(name) for name in preset_names()]
    known = {_bare(aspect.full) for preset in presets for aspect in preset.scheme.aspects}
    known |= {_bare(title) for preset in presets for title in preset.variants}
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


def drifted_theme(scheme: Scheme) -> list[Finding]:
    """A note for every clause of 会议主题 that is nearly, and not quite, one that the year's notice fixes for all.

    What a place adds, leaves out or puts at the end is its own; only the national stem is compared, clause by clause.
    """
    stems = [load_preset(name) for name in preset_names()]
    known = [
        clause
        for preset in stems
        if preset.scheme.settings.year == scheme.settings.year
        for clause in _CLAUSE.split(preset.theme_stem)
        if clause
    ]
    theme = scheme.settings.theme
    own = [clause for clause in _CLAUSE.split(theme) if clause and clause not in known]
    found = []
    for clause in (clause for clause in known if clause not in theme):
        near = [(SequenceMatcher(None, mine, clause, autojunk=False), mine) for mine in own]
        matcher, best = max(near, key=lambda pair: pair[0].ratio(), default=(None, ""))
        if matcher and matcher.ratio() >= _NEAR:
            place = Place(SCHEME_FILE, "基本设置", column="会议主题")
            found.append(findings.DRIFTED_THEME.at(place, best, differs=_differences(matcher, best, clause)))
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
