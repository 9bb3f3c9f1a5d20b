"""Make the package's data: background frequencies, the encoder, the model. The same rows give the same files.

    python -m training.train [--again]

Writes pipeline/matching/data/background.tsv, encoder.npz and model.json. Encoders that left one hand out are kept in
training/work; --again trains them anew. Needs torch and lightgbm (the extra `train`); about four minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from pipeline.matching.comparisons import NAMES
from pipeline.matching.encoder import ENCODER_FILE
from pipeline.matching.grams import BACKGROUND_FILE
from pipeline.matching.model import MODEL_FILE
from training.hands import HANDS
from training.lab import WORK, background, encoder_without, model_of

DATA = Path(__file__).parents[1] / "pipeline" / "matching" / "data"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--again", action="store_true", help="train the encoders anew")
    if parser.parse_args().again:
        for path in WORK.glob("*.npz"):
            path.unlink()
    counts, size = background(None)
    lines = [str(size), *(f"{gram}\t{count}" for gram, count in counts.items())]
    (DATA / BACKGROUND_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    encoder_without(None)
    shutil.copyfile(WORK / "all.npz", DATA / ENCODER_FILE)
    model = model_of(list(HANDS))
    trees = ",\n".join("  " + json.dumps(tree) for tree in model.trees)
    head = json.dumps(
        {"comparisons": list(NAMES), "slope": model.slope, "offset": model.offset}, ensure_ascii=False, indent=1
    )
    (DATA / MODEL_FILE).write_text(f'{head[:-2]},\n "trees": [\n{trees}\n ]\n}}\n', encoding="utf-8")
    print("slope", model.slope, "offset", model.offset, "trees", len(model.trees))


if __name__ == "__main__":
    main()
