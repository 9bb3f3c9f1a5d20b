"""Broken copies of good workbooks through the reader: how many are read, refused, or kill the worker that reads them.

    python tools/fuzz_intake.py [--count 10000] [--seed 1] [--show]

Bases are the worked example's workbooks. A mutant is made from (base, number) alone, so that one that matters can be made
again. For every mutant the reader must answer: rows, or a finding that says why not. An exception that gets out of the
reader is a failure of the program (exit status 1); a worker that dies or is stopped is what the fence is for, and is
counted by kind.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import random
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

from pipeline.intake import read_submission
from pipeline.intake.opening import SUFFIXES
from pipeline.sandbox import ERROR, Failure, Limits, sandboxed
from pipeline.scheme import Scheme, read_scheme

ROOT = Path(__file__).parents[1]
DAY = dt.date(2022, 7, 15)
LIMITS = Limits(seconds=20.0, megabytes=600)
EXTREMES = [
    b"-1",
    b"0",
    b"99999999999",
    b"1e308",
    b"XFD1048576",
    b"A0",
    b"\xff\xfe",
    b"&#0;",
    b"<",
    b">",
    b'"',
    b"\x00",
    b"NaN",
]


def mutate(data: bytes, number: int) -> bytes:
    """The `number`th broken copy: bytes of the file, or text inside one of its parts, changed, lost, doubled or swapped."""
    chosen = random.Random(number)
    if data.startswith(b"PK") and chosen.random() < 0.8:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            names = source.namelist()
            hit = set(chosen.sample(names, min(len(names), chosen.randint(1, 2))))
            for name in names:
                content = source.read(name)
                if name in hit:
                    if chosen.random() < 0.05:
                        continue
                    content = _broken(content, chosen)
                target.writestr(name, content)
        return out.getvalue()
    return _broken(data, chosen)


def _broken(data: bytes, chosen: random.Random) -> bytes:
    for _ in range(chosen.randint(1, 4)):
        if not data:
            break
        at = chosen.randrange(len(data))
        length = chosen.choice([1, 1, 2, 8, 64])
        kind = chosen.randrange(6)
        if kind == 0:
            data = data[:at] + chosen.randbytes(length) + data[at + length :]
        elif kind == 1:
            data = data[:at] + data[at + length :]
        elif kind == 2:
            data = data[:at] + data[at : at + length] * chosen.choice([2, 50]) + data[at + length :]
        elif kind == 3:
            data = data[:at] + chosen.choice(EXTREMES) + data[at + chosen.choice([0, length]) :]
        elif kind == 4:
            other = chosen.randrange(len(data))
            data = data[:at] + data[other : other + length] + data[at + length :]
        else:
            data = data[: max(at, 1)] if chosen.random() < 0.2 else data[:at] + data[at:].replace(b'="', b'="-', 1)
    return data


def read_mutant(shared: tuple[Scheme, list[bytes]], item: tuple[int, bool]) -> str:
    """What the reader answers to a mutant; runs in a worker."""
    scheme, bases = shared
    number, careful = item
    found = read_submission(mutate(bases[number % len(bases)], number), f"{number}.xlsx", scheme, DAY, careful)
    if found.progress:
        return "progress"
    if not found.opened:
        return "refused" if any(finding.code == "F01" for finding in found.findings) else "silent"
    return "read" if found.rows else "opened, no rows" if found.findings else "silent"


def main() -> int:
    """Run the mutants, print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the number of every mutant that killed a worker")
    options = parser.parse_args()
    scheme = read_scheme(ROOT / "方案.xlsx")
    paths = sorted(
        path for path in (ROOT / "workbooks").rglob("*") if path.suffix.lower() in SUFFIXES and "~$" not in path.name
    )
    bases = [path.read_bytes() for path in paths]
    numbers = range(options.seed * 1_000_000, options.seed * 1_000_000 + options.count)
    began = time.perf_counter()
    first = sandboxed(read_mutant, (scheme, bases), [(number, False) for number in numbers], LIMITS)
    died = [(number, result) for number, result in zip(numbers, first, strict=True) if isinstance(result, Failure)]
    again = sandboxed(read_mutant, (scheme, bases), [(number, True) for number, _ in died], LIMITS)
    seconds = time.perf_counter() - began
    print(f"{options.count} mutants of {len(bases)} workbooks, {seconds:.0f} s")
    print("first try: ", dict(Counter(result.kind if isinstance(result, Failure) else result for result in first)))
    print("with care: ", dict(Counter(result.kind if isinstance(result, Failure) else result for result in again)))
    escaped = [(number, result) for (number, _), result in zip(died, again, strict=True) if isinstance(result, Failure)]
    if options.show:
        for number, failure in died:
            print(f"  {number}: {failure.kind} {failure.detail}")
    bad = [entry for entry in [*died, *escaped] if entry[1].kind == ERROR]
    for number, failure in bad:
        print(f"  exception out of the reader at {number}: {failure.detail}")
    silent = [number for number, result in zip(numbers, first, strict=True) if result == "silent"]
    print(f"exceptions: {len(bad)}, answered with nothing: {len(silent)} {silent[:5]}")
    return 1 if bad or silent else 0


if __name__ == "__main__":
    sys.exit(main())
