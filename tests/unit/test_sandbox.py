"""The fence: what hangs, dies or eats memory costs its own item only."""

import os
import time

import pytest

from pipeline.sandbox import CRASH, ERROR, MEMORY, TIMEOUT, Failure, Limits, SandboxError, _Sandbox, sandboxed

LIMITS = Limits(seconds=3.0, megabytes=150)


def work(shared, item):
    if item == "hang":
        time.sleep(60)
    elif item == "die":
        os.abort()
    elif item == "leave":
        os._exit(0)
    elif item == "eat":
        return len(b"x" * (1 << 30))
    elif item == "eat slowly":
        kept = []
        for _ in range(100):
            kept.append(os.urandom(8 << 20))
            time.sleep(0.02)
    elif item == "raise":
        raise ValueError("坏")
    elif item == "exit":
        raise SystemExit(3)
    return f"{shared}{item}"


def test_each_bad_item_costs_itself_only():
    bad = {"hang": TIMEOUT, "die": CRASH, "leave": CRASH, "raise": ERROR, "exit": ERROR}
    items = [thing for number, name in enumerate(bad) for thing in (str(number), name)] + ["eat", "eat slowly", "last"]
    results = sandboxed(work, "ok ", items, LIMITS, workers=2)
    assert len(results) == len(items)
    for item, result in zip(items, results, strict=True):
        if item in bad:
            assert isinstance(result, Failure), item
            assert result.kind == bad[item], item
        elif item.startswith("eat"):
            assert isinstance(result, Failure), item
            assert result.kind in (MEMORY, CRASH), item
        else:
            assert result == f"ok {item}"


@pytest.mark.parametrize("workers", [1, 3])
def test_results_are_in_the_order_of_the_items(workers):
    items = [str(number) for number in range(40)]
    seen = []
    results = sandboxed(work, "", items, workers=workers, progress=lambda done, total: seen.append((done, total)))
    assert results == items
    assert seen == [(number, 40) for number in range(1, 41)]
    assert sandboxed(work, "", []) == []


def test_workers_that_cannot_start_are_said(monkeypatch):
    fence = _Sandbox(work, "", ["a"], LIMITS, None)
    worker = type("W", (), {"ready": False, "item": -1, "end": lambda self: None})()
    monkeypatch.setattr("pipeline.sandbox._Worker", lambda *_: worker)
    fence.replace(worker, Failure(CRASH))
    fence.replace(worker, Failure(CRASH))
    with pytest.raises(SandboxError, match="不能启动"):
        fence.replace(worker, Failure(CRASH))
