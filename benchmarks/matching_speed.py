"""How long the matching takes as rows grow, and the exponent of its growth; beside all-pairs rapidfuzz in the same run.

    python benchmarks/matching_speed.py [--rows 1000 2000 4000 7000 20000]

Rows are the labelled problems with their words changed at random, so that most are alone and some are near one another.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import sys
import time
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.matching import match_rows
from pipeline.scheme import load_preset
from pipeline.tables import PROBLEMS
from training.hands import read_rows


def make_rows(count: int) -> pd.DataFrame:
    chosen = random.Random(1)
    clauses = [
        clause for row in read_rows("problems") for clause in row["text"].rstrip("。").split("，") if len(clause) > 4
    ]
    titles = [row["title"] for row in read_rows("problems")]
    titles = [chosen.choice(titles)[:5] + chosen.choice(titles)[-5:] for _ in range(count)]
    details = ["，".join(chosen.sample(clauses, chosen.randint(2, 4))) + "。" for _ in range(count)]
    for at in range(0, count - 1, 5):  # one row in five is another's twin in slightly other words
        titles[at + 1], details[at + 1] = titles[at], details[at].replace("，", "，仍然", 1)
    return pd.DataFrame(
        {
            "title": titles,
            "detail": details,
            "text": [f"{a}。{b}" for a, b in zip(titles, details, strict=True)],
            "unit": [f"单位{at % 300}" for at in range(count)],
            "refused": [""] * count,
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[1000, 2000, 4000, 7000])
    parser.add_argument("--rival", action="store_true", help="also time rapidfuzz over all pairs")
    options = parser.parse_args()
    scheme = load_preset("2021").scheme
    match_rows(make_rows(200), PROBLEMS, scheme)  # imports and caches are not what is measured
    times = []
    for count in options.rows:
        frame = make_rows(count)
        began = time.perf_counter()
        found = match_rows(frame, PROBLEMS, scheme)
        times.append(time.perf_counter() - began)
        rival = ""
        if options.rival:
            texts = frame["text"].tolist()
            began = time.perf_counter()
            for at in range(0, count, 2000):
                process.cdist(texts[at : at + 2000], texts, scorer=fuzz.ratio, workers=2)
            rival = f"  rapidfuzz all pairs {time.perf_counter() - began:.2f} s"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count:7} rows {times[-1]:7.2f} s  {len(found.groups)} groups  {len(found.doubts)} doubts  peak {peak:.0f} MB{rival}"
        )
    if len(times) > 1:
        print(f"exponent {math.log(times[-1] / times[0]) / math.log(options.rows[-1] / options.rows[0]):.2f}")


if __name__ == "__main__":
    main()
