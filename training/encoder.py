"""Train the sentence encoder by contrast: rows of one group near each other, look-alikes apart, everything else far.

    python -m training.encoder [--without HAND] --out FILE

Needs torch (see the extra `train`); the package itself reads the result with numpy. Fixed seeds, one thread: the same rows give the same file.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from pipeline.matching.encoder import DIMENSIONS, SPACE, TOKENS, WIDTH, bags
from pipeline.matching.knowledge import load_knowledge
from pipeline.matching.profile import read_profile
from training.hands import Labelled, hands, lexicon

EPOCHS, RATE, TEMPERATURE, DROPPED = 25, 2e-3, 0.1, 0.4
SEEDS = (5, 6)
"""One network each; two side by side gain three points of average precision on hands left out."""
_ALONE = 0.15
"""Chance that a view shows the title alone, and as often the text alone."""
_TRAP = 3.0
_THEME_BATCHES, _THEME_BATCH = 12, 160


class Network(nn.Module):
    """Three normalised bags through 192 -> 256 -> 128 with a linear skip."""

    def __init__(self) -> None:
        super().__init__()
        self.characters = nn.EmbeddingBag(SPACE, WIDTH, mode="sum")
        self.known = nn.EmbeddingBag(TOKENS, WIDTH, mode="sum")
        self.first = nn.Linear(3 * WIDTH, 256)
        self.second = nn.Linear(256, DIMENSIONS)
        self.skip = nn.Linear(3 * WIDTH, DIMENSIONS, bias=False)
        nn.init.normal_(self.characters.weight, std=0.1)
        nn.init.normal_(self.known.weight, std=0.1)

    def forward(self, whole: Any, title: Any, known: Any) -> Any:
        hidden = torch.cat(
            [
                nn.functional.normalize(self.characters(*whole), dim=1),
                nn.functional.normalize(self.characters(*title), dim=1),
                nn.functional.normalize(self.known(*known), dim=1),
            ],
            dim=1,
        )
        return nn.functional.normalize(self.second(torch.relu(self.first(hidden))) + self.skip(hidden), dim=1)


@dataclass
class Batch:
    """Rows as bags for three ways of seeing them (whole, title alone, text alone); what is the same, and weights of negatives."""

    views: list[list[list[Any]]]
    groups: Any
    weight: Any


def _split(found: tuple[Any, Any], count: int) -> list[Any]:
    rows, cols = found
    order = np.argsort(rows, kind="stable")
    return np.split(cols[order], np.searchsorted(rows[order], np.arange(1, count)))


def _views(titles: list[str], texts: list[str], units: list[str]) -> list[list[list[Any]]]:
    made = []
    for kind in range(3):
        shown = [
            read_profile(
                title if kind != 2 or not text else "", text if kind != 1 or not title else "", unit, lexicon()
            )
            for title, text, unit in zip(titles, texts, units, strict=True)
        ]
        made.append([_split(part, len(shown)) for part in bags(shown)])
    return made


def _rows_batch(labelled: Labelled) -> Batch:
    rows = labelled.rows
    names = {row.group: at for at, row in enumerate(rows)}
    weight = np.ones((len(rows), len(rows)), dtype=np.float32)
    index = {row.id: at for at, row in enumerate(rows)}
    for a, b in sorted(labelled.traps):
        if a in index and b in index:
            weight[index[a], index[b]] = weight[index[b], index[a]] = _TRAP
    if labelled.related:
        for i in range(len(rows)):
            for j in range(len(rows)):
                if labelled.is_related(i, j):
                    weight[i, j] = 0.0
    views = _views([row.title for row in rows], [row.text for row in rows], [row.unit for row in rows])
    return Batch(views, np.array([names[row.group] for row in rows]), weight)


def _theme_batch(chosen: random.Random, raw: list[dict[str, Any]], idioms: list[dict[str, Any]]) -> Batch:
    titles, texts, groups = [], [], []
    scope = chosen.choice(("problem", "cause", "measure", "any"))
    own = [entry for entry in raw if entry["part"] == scope]
    for number, entry in enumerate(chosen.sample(own, min(len(own), _THEME_BATCH // 2))):
        words = [*entry["cues"], *entry.get("more", ())]
        for _ in range(2):
            titles.append(entry["name"] if chosen.random() < 0.3 else "")
            texts.append("，".join(chosen.sample(words, min(len(words), chosen.randint(2, 5)))))
            groups.append(number)
    for number, entry in enumerate(chosen.sample(idioms, 40)):
        for word in chosen.sample(entry["members"], min(2, len(entry["members"]))):
            titles.append("")
            texts.append(word)
            groups.append(10_000 + number)
    return Batch(
        _views(titles, texts, [""] * len(texts)), np.array(groups), np.ones((len(texts), len(texts)), dtype=np.float32)
    )


def _see(batch: Batch, chosen: np.random.Generator) -> list[tuple[Any, Any]]:
    count = len(batch.groups)
    kinds = chosen.choice(3, size=count, p=[1 - 2 * _ALONE, _ALONE, _ALONE])
    made = []
    for part in range(3):
        cols, offsets, at = [], [], 0
        for row in range(count):
            own = batch.views[kinds[row]][part][row]
            own = own[chosen.random(len(own)) >= DROPPED]
            offsets.append(at)
            cols.append(own)
            at += len(own)
        made.append((torch.from_numpy(np.concatenate(cols).astype(np.int64)), torch.tensor(offsets)))
    return made


def _loss(network: Network, batch: Batch, chosen: np.random.Generator) -> Any:
    one, two = network(*_see(batch, chosen)), network(*_see(batch, chosen))
    vectors = torch.cat([one, two])
    groups = torch.from_numpy(np.concatenate([batch.groups, batch.groups]))
    weight = torch.from_numpy(np.tile(batch.weight, (2, 2)))
    logits = vectors @ vectors.T / TEMPERATURE
    same = groups[:, None] == groups[None, :]
    self_mask = torch.eye(len(groups), dtype=torch.bool)
    negative = torch.where(same, torch.ones_like(weight), weight).masked_fill(self_mask, 0.0)
    logits = logits - logits.max(dim=1, keepdim=True).values.detach()
    total = torch.log((torch.exp(logits) * negative).sum(dim=1) + 1e-9)
    positive = (same & ~self_mask).float()
    return -((logits - total[:, None]) * positive).sum(dim=1).div(positive.sum(dim=1)).mean()


def train(without: str | None, seed: int = 5) -> dict[str, Any]:
    """The encoder's arrays, trained on every hand but one."""
    import json
    from importlib.resources import files

    load_knowledge()
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chosen, picked = np.random.default_rng(seed), random.Random(seed)
    data = files("pipeline.matching") / "data"
    raw, idioms = (json.loads((data / name).read_text(encoding="utf-8")) for name in ("themes.json", "idioms.json"))
    batches = [_rows_batch(labelled) for labelled in hands() if labelled.hand != without]
    themes = [_theme_batch(picked, raw, idioms) for _ in range(_THEME_BATCHES * 5)]
    network = Network()
    steps = EPOCHS * (len(batches) + _THEME_BATCHES)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        order = [*batches, *picked.sample(themes, _THEME_BATCHES)]
        picked.shuffle(order)
        total = 0.0
        for batch in order:
            optimizer.zero_grad()
            loss = _loss(network, batch, chosen)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss)
        if epoch % 6 == 0 or epoch == EPOCHS - 1:
            print(f"{without or 'all'}: epoch {epoch} loss {total / len(order):.3f}", flush=True)
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    characters, own = _quantised(state["characters.weight"])
    known, other = _quantised(state["known.weight"])
    return {
        "characters": characters,
        "known": known,
        "scales": np.array([own, other]),
        "first": state["first.weight"].T.astype(np.float16),
        "first_bias": state["first.bias"].astype(np.float16),
        "second": state["second.weight"].T.astype(np.float16),
        "second_bias": state["second.bias"].astype(np.float16),
        "skip": state["skip.weight"].T.astype(np.float16),
    }


def _quantised(table: Any) -> tuple[Any, float]:
    scale = float(np.quantile(np.abs(table), 0.9999)) / 127
    return np.clip(np.round(table / scale), -127, 127).astype(np.int8), scale


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--without")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    arrays = {
        f"{at}_{name}": array for at, seed in enumerate(SEEDS) for name, array in train(options.without, seed).items()
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out, **arrays)


if __name__ == "__main__":
    main()
