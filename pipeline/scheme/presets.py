"""The rounds of past years as text files: a preset is only what `sandan init` writes into 方案.xlsx."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from pipeline.scheme.model import Aspect, Body, Part, Scheme, SchemeError, Settings, Term, Unit


@dataclass(frozen=True, slots=True)
class Preset:
    """A round's scheme, and what could not be verified of its wording (`unverified`, shown by `init`).

    `theme_stem` is the part of 会议主题 that the notice fixes for all; what a place adds to it is free. `variants` are other
    wordings of titles that units really use.
    """

    name: str
    scheme: Scheme
    unverified: tuple[str, ...]
    theme_stem: str = ""
    variants: tuple[str, ...] = ()


def newest_preset() -> str:
    """The preset of the last round that we have."""
    return preset_names()[-1]


def preset_names() -> list[str]:
    """The years for which a preset exists."""
    folder = files("pipeline.scheme") / "presets"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_preset(year: str) -> Preset:
    """The preset named `year`; SchemeError names the known ones if there is none."""
    names = preset_names()
    if year not in names:
        several = [name for name in names if name.startswith(year) and year.isdigit()]
        if several:
            choices = "；".join(f"{name}（{load_preset(name).name}）" for name in several)
            raise SchemeError([f"{year} 年有几套预设，请选一套：{choices}。"])
        raise SchemeError([f"没有“{year}”的预设，现有：{'、'.join(names)}。"])
    text = (files("pipeline.scheme") / "presets" / f"{year}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    scheme = Scheme(
        settings=Settings(**data["settings"]),
        aspects=tuple(Aspect(short=aspect["short"], full=aspect["full"]) for aspect in data["aspects"]),
        directions=tuple(data["directions"]),
        body=Body(),
        roster=tuple(Unit(**unit) for unit in data.get("roster", [])),
        parts=tuple(Part(**part) for part in data["parts"]),
        terms=tuple(Term(**term) for term in data.get("terms", [])),
    )
    doubtful = [aspect["short"] for aspect in data["aspects"] if aspect.get("confidence", "verified") != "verified"]
    unverified = (*data.get("unverified", []), *(f"对照方面“{short}”" for short in doubtful))
    variants = tuple(text for aspect in data["aspects"] for text in aspect.get("variants", []))
    return Preset(data["name"], scheme, unverified, data.get("theme_stem", ""), variants)
