"""Work on things that nobody vouches for, each in a process that may hang, crash or eat memory without harm to the rest.

A worker gets one item at a time. One that takes too long or too much memory is ended, one that dies is replaced; that
costs the item it was working on and nothing else. Workers are plain processes with pipes, no sockets. `Beside` is the one
thread: it waits for work that goes on in such processes.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

import psutil

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

TIMEOUT, MEMORY, CRASH, ERROR = "timeout", "memory", "crash", "error"
_START_SECONDS = 120.0
"""How long a worker may take to start: a virus scanner looks at every module."""
_POLL_SECONDS = 0.1
_WORKERS = 2


@dataclass(frozen=True)
class Limits:
    """What one item may take: seconds, and megabytes beyond what the worker has when it starts."""

    seconds: float = 30.0
    megabytes: int = 500


@dataclass(frozen=True)
class Failure:
    """Why an item has no result: its `kind` is TIMEOUT, MEMORY, CRASH or ERROR; `detail` names the exception."""

    kind: str
    detail: str = ""


class SandboxError(RuntimeError):
    """Workers cannot be started at all."""


def sandboxed(
    work: Callable[[Any, Item], Result],
    shared: Any,
    items: Sequence[Item],
    limits: Limits | None = None,
    workers: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result | Failure]:
    """`work(shared, item)` for every item, results in the order of the items whoever is done first.

    `work` is a module's function; `shared`, items and results are sent between processes. `workers` 0: two, or one
    where there is one processor: twice the limit is what hostile files can take at a time. Raises SandboxError if no worker starts.
    """
    if not items:
        return []
    count = min(len(items), workers or min(os.cpu_count() or 1, _WORKERS))
    return _Sandbox(work, shared, items, limits or Limits(), progress).run(count)


class _Worker:
    """A process and the item that it works on (-1: none)."""

    def __init__(self, work: Callable[..., Any], shared: Any, limits: Limits):
        context = multiprocessing.get_context("spawn")
        theirs, self.tasks = context.Pipe(duplex=False)
        self.results, ours = context.Pipe(duplex=False)
        self.process = context.Process(target=_serve, args=(work, shared, limits, theirs, ours), daemon=True)
        self.process.start()
        theirs.close()
        ours.close()
        self.item = -1
        self.ready = False
        self.since = time.monotonic()
        self.base = 0

    def give(self, index: int, item: object) -> bool:
        self.item, self.since = index, time.monotonic()
        try:
            self.tasks.send((index, item))
        except OSError:
            return False
        return True

    def memory(self) -> int:
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.tasks.close()
        self.results.close()


class _Sandbox(Generic[Item, Result]):
    def __init__(
        self,
        work: Callable[[Any, Item], Result],
        shared: Any,
        items: Sequence[Item],
        limits: Limits,
        progress: Callable[[int, int], None] | None,
    ):
        self.work, self.shared, self.items, self.limits = work, shared, items, limits
        self.progress = progress
        self.waiting = deque(range(len(items)))
        self.done: dict[int, Result | Failure] = {}
        self.failed_starts = 0

    def run(self, count: int) -> list[Result | Failure]:
        workers = [_Worker(self.work, self.shared, self.limits) for _ in range(count)]
        try:
            while len(self.done) < len(self.items):
                ready = wait([worker.results for worker in workers], timeout=_POLL_SECONDS)
                for number, worker in enumerate(workers):
                    failure = self.hear(worker) if worker.results in ready else self.overdue(worker)
                    if failure is not None:
                        workers[number] = self.replace(worker, failure)
        finally:
            for worker in workers:
                worker.end()
        return [self.done[index] for index in range(len(self.items))]

    def hear(self, worker: _Worker) -> Failure | None:
        """Take what a worker says; a Failure if it is dead or has to be replaced."""
        try:
            index, result = worker.results.recv()
        except (EOFError, OSError):
            return Failure(CRASH)
        if not worker.ready:
            worker.ready, worker.base = True, worker.memory()
            self.failed_starts = 0
        else:
            self.settle(index, result)
            worker.item = -1
            if isinstance(result, Failure) and result.kind == MEMORY:
                return result
        return self.feed(worker)

    def feed(self, worker: _Worker) -> Failure | None:
        if self.waiting:
            index = self.waiting.popleft()
            if not worker.give(index, self.items[index]):
                return Failure(CRASH)
        return None

    def overdue(self, worker: _Worker) -> Failure | None:
        elapsed = time.monotonic() - worker.since
        if not worker.ready:
            return Failure(TIMEOUT) if elapsed > _START_SECONDS else None
        if worker.item < 0:
            return None
        if elapsed > self.limits.seconds:
            return Failure(TIMEOUT)
        if worker.memory() - worker.base > self.limits.megabytes * 2**20:
            return Failure(MEMORY)
        return None

    def replace(self, worker: _Worker, failure: Failure) -> _Worker:
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= 3:
                raise SandboxError("读取程序不能启动。请重新启动电脑后再试，或检查杀毒软件是否拦截。")
        if worker.item >= 0:
            self.settle(worker.item, failure)
        worker.end()
        return _Worker(self.work, self.shared, self.limits)

    def settle(self, index: int, result: Result | Failure) -> None:
        if isinstance(result, Failure):
            log.warning("item %d: %s %s", index, result.kind, result.detail)
        self.done[index] = result
        if self.progress:
            self.progress(len(self.done), len(self.items))


def _serve(
    work: Callable[..., Any], shared: Any, limits: Limits, tasks: Connection, results: Connection
) -> None:  # pragma: no cover - runs in the worker
    """A worker's life: say that it is ready, then answer until nobody asks any more."""
    gc.set_threshold(200_000, 50, 50)  # rows and cells hold no cycles
    _silence()
    _limit_memory(limits.megabytes)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        results.send((-1, None))
        while True:
            index, item = tasks.recv()
            results.send((index, _answer(work, shared, item)))


def _answer(work: Callable[..., Any], shared: Any, item: Any) -> Any:
    try:
        return work(shared, item)
    except MemoryError:
        return Failure(MEMORY)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Failure(ERROR, f"{type(error).__name__}: {error}"[:300])


def _silence() -> None:
    """A panicking or aborting reader writes to standard error past Python; a clerk must not see it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit_memory(megabytes: int) -> None:
    """A hard limit where the system has one; elsewhere the parent looks at the worker's memory."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        used = psutil.Process().memory_info()
        data = getattr(used, "data", used.vms)
        resource.setrlimit(resource.RLIMIT_DATA, (data + megabytes * 2**20,) * 2)


class Beside(Generic[Result]):
    """Work that goes on beside ours, in processes of its own; `result` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], Result]):
        self._outcome: list[Result] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], Result]) -> None:
        try:
            self._outcome.append(work())
        except BaseException as error:
            self._error = error

    def result(self) -> Result:
        """What the work returned."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._outcome[0]
