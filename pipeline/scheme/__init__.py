"""What this round asks for: 方案.xlsx and the presets become one frozen Scheme."""

from pipeline.scheme.following import next_scheme
from pipeline.scheme.model import (
    OWN_FIGURES,
    PLACEHOLDER,
    PLACEHOLDERS,
    SUM_PREFIX,
    Aspect,
    Body,
    Part,
    Scheme,
    SchemeError,
    Settings,
    Term,
    Unit,
    fold_name,
)
from pipeline.scheme.presets import Preset, load_preset, newest_preset, preset_names
from pipeline.scheme.reader import read_scheme
from pipeline.scheme.writer import write_scheme

__all__ = [
    "OWN_FIGURES",
    "PLACEHOLDER",
    "PLACEHOLDERS",
    "SUM_PREFIX",
    "Aspect",
    "Body",
    "Part",
    "Preset",
    "Scheme",
    "SchemeError",
    "Settings",
    "Term",
    "Unit",
    "fold_name",
    "load_preset",
    "newest_preset",
    "next_scheme",
    "preset_names",
    "read_scheme",
    "write_scheme",
]
