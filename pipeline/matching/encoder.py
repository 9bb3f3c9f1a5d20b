"""A small sentence encoder: hashed characters and known words through two layers, twice 128 numbers a row. Trained by training.encoder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from pipeline.matching.grams import code_points, columns, matrix
from pipeline.matching.profile import Profile

ENCODER_FILE = "encoder.npz"
SPACE, SIZES, WIDTH, DIMENSIONS = 1 << 15, (1, 2, 3), 64, 128
TOKENS = 2048
_CHUNK = 512
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Network:
    """`characters` [SPACE, WIDTH] and `known` [TOKENS, WIDTH] hold whole numbers, each table with one scale; the layers are float64."""

    characters: Any
    known: Any
    scales: tuple[float, float]
    first: Any
    first_bias: Any
    second: Any
    second_bias: Any
    skip: Any

    def encode(self, whole: Any, title: Any, known: Any) -> Any:
        """float64[n, DIMENSIONS] of the rows' bags, each row of length 1."""
        hidden = np.concatenate(
            [
                _unit(whole @ self.characters * self.scales[0]),
                _unit(title @ self.characters * self.scales[0]),
                _unit(known @ self.known * self.scales[1]),
            ],
            axis=1,
        )
        deep = np.maximum(hidden @ self.first + self.first_bias, 0.0) @ self.second + self.second_bias
        return _unit(deep + hidden @ self.skip)


@dataclass(frozen=True)
class Encoder:
    """Networks that were trained alike from different beginnings; their vectors stand side by side, so that chance averages out."""

    networks: tuple[Network, ...]

    def encode(self, profiles: Sequence[Profile]) -> Any:
        """float64[n, networks * DIMENSIONS], each row of length 1, rounded so that the size of a batch does not show."""
        width = len(self.networks) * DIMENSIONS
        made = [self._encode(profiles[at : at + _CHUNK]) for at in range(0, len(profiles), _CHUNK)]
        return np.concatenate(made) if made else np.zeros((0, width))

    def _encode(self, profiles: Sequence[Profile]) -> Any:
        spaces = (SPACE, SPACE, TOKENS)
        tables = [
            matrix(rows, cols, np.ones(len(rows)), (len(profiles), space))
            for (rows, cols), space in zip(bags(profiles), spaces, strict=True)
        ]
        parts = [network.encode(*tables) for network in self.networks]
        return np.round(np.concatenate(parts, axis=1) / np.sqrt(len(parts)), 6)


def bags(profiles: Sequence[Profile]) -> list[tuple[Any, Any]]:
    """What the encoder sees of the rows, as (row, column): characters of the whole, characters of the title, known words."""
    wholes = [_DIGITS.sub("0", f"{profile.title}。{profile.text}") for profile in profiles]
    titles = [_DIGITS.sub("0", profile.title or profile.text[:12]) for profile in profiles]
    found = []
    for texts in (wholes, titles):
        points, owner = code_points(texts)
        parts = [columns(points, owner, size, SPACE) for size in SIZES]
        found.append((np.concatenate([rows for rows, _ in parts]), np.concatenate([cols for _, cols in parts])))
    rows, cols = [], []
    for row, profile in enumerate(profiles):
        tokens = tokens_of(profile)
        rows += [row] * len(tokens)
        cols += tokens
    found.append((np.array(rows, dtype=np.int64), np.array(cols, dtype=np.int64)))
    return found


def tokens_of(profile: Profile) -> list[int]:
    """The known words of a row as numbers below TOKENS: themes, idioms, members of classes."""
    findings = profile.findings
    return [
        *sorted(findings.themes),
        *(512 + idiom for idiom in sorted(findings.idioms)),
        *(896 + member for member in sorted(findings.members)),
        *(1728 + 2 * (opposite % 160) + (side > 0) for opposite, side in sorted(findings.poles.items())),
    ]


def _unit(vectors: Any) -> Any:
    return vectors / np.maximum(np.sqrt((vectors * vectors).sum(axis=1, keepdims=True)), 1e-9)


def from_arrays(arrays: Mapping[str, Any]) -> Encoder:
    """The encoder of what `training.encoder` saves: the arrays of the first network as 0_characters …, of the second as 1_…"""
    count = len({name.partition("_")[0] for name in arrays})
    return Encoder(
        tuple(
            _network({name.partition("_")[2]: arrays[name] for name in arrays if name.startswith(f"{at}_")})
            for at in range(count)
        )
    )


def _network(arrays: dict[str, Any]) -> Network:
    scales = (float(arrays["scales"][0]), float(arrays["scales"][1]))
    layers = (arrays[name].astype(np.float64) for name in ("first", "first_bias", "second", "second_bias", "skip"))
    return Network(arrays["characters"].astype(np.float64), arrays["known"].astype(np.float64), scales, *layers)


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder of the package."""
    with (files("pipeline.matching") / "data" / ENCODER_FILE).open("rb") as stream, np.load(stream) as arrays:
        return from_arrays({name: arrays[name] for name in arrays.files})
