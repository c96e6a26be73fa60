"""Tasks in worker processes, each with a time limit; answers in the order of the tasks, whatever happens to a worker.

    for answer in answers(work, tasks, seconds=30, preload=("mseclf.site.proofs.judge",)):
        if isinstance(answer, Failure): ...  # Why.TIME, Why.DEATH or Why.ERROR, and a message

The limit is on a worker's own processor time, so that a busy machine decides what an idle one does; it also stops a
computation stuck in C. A task that sleeps is stopped after `PATIENCE` times as many seconds of the clock, and so is one
whose process ends with status 0, which nobody is told of.

`work` and the tasks are pickled: `work` is a function of a module, or a partial of one.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

Task = TypeVar("Task")
Result = TypeVar("Result")

PATIENCE: Final = 10.0
"""Seconds of the clock for each second of the processor: more work than cores is no hang."""
MEMORY_KEPT: Final = {"MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2), "MALLOC_TRIM_THRESHOLD_": str(256 * 1024**2)}
"""For the C library of Linux: what one step frees is the next one's, not new pages of the system each time."""
CONSTS.sleep_unit = 0.01  # between two looks at the workers: most pools have little to do


class Why(Enum):
    """Why a task has no result."""

    TIME = "time"  # it was stopped
    DEATH = "death"  # its process died
    ERROR = "error"  # it raised


@dataclass(frozen=True)
class Failure:
    """A task without a result. `message`: ``not finished within 30 s``, ``SIGSEGV: ...``, ``KeyError: 'x'``."""

    why: Why
    message: str


def answers(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    seconds: float,
    processes: int | None = None,
    preload: Iterable[str] = (),
) -> Iterator[Result | Failure]:
    """Give what `work` says of each task, in order, as soon as it and those before it are known.

    Args:
        work: Called in a worker.
        tasks: What it is called with.
        seconds: Limit for one task.
        processes: How many workers; by default one for each core.
        preload: Modules that are imported once, before workers are forked.
    """
    waiting = list(tasks)
    if not waiting:
        return
    width = min(len(waiting), processes or cores())
    pool: Any = ProcessPool(max_workers=width, context=_context(preload), initializer=_end_with_build)
    try:
        limited = seconds * PATIENCE
        futures = [pool.schedule(_timed, args=(work, task, seconds), timeout=limited) for task in waiting]
        for future in futures:
            yield _answer(future, seconds)
        pool.close()
    finally:
        pool.stop()  # what still runs, should nobody want the rest
        pool.join()


def cores() -> int:
    """How many processes can run at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context(preload: Iterable[str]) -> multiprocessing.context.BaseContext:
    """Fork from a process without threads where there is fork: forking this one could deadlock."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    if modules := list(preload):
        context.set_forkserver_preload(modules)
    _start_forkserver()
    return context


def _start_forkserver() -> None:
    """Start it, unless it runs, with the path of this process: it would load what lies in the working directory.

    Its hashes are always the same, and so is the order of the sets in its workers: what they find may follow it.
    """
    from multiprocessing import forkserver  # not where there is no fork

    before = dict(os.environ)
    found = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}
    os.environ |= found | MEMORY_KEPT
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _end_with_build() -> None:
    """Have this worker end when the build is killed; one that is stuck in C ends when its time is up."""
    threading.Thread(target=_wait_for_build, daemon=True).start()


def _wait_for_build() -> None:
    build = multiprocessing.parent_process()
    if build is not None:
        build.join()
        os._exit(1)


def _timed(work: Callable[[Task], Result], task: Task, seconds: float) -> Result | Failure:
    """Do the work in a worker; the system ends the process when its processor time is up."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work(task)
    except BaseException as error:  # SystemExit too: the worker goes on with the next task
        return Failure(Why.ERROR, f"{type(error).__name__}: {error}")
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(future: Any, seconds: float) -> Any:
    try:
        return future.result()
    except TimeoutError:
        return Failure(Why.TIME, f"not finished within {seconds:g} s")
    except ProcessExpired as error:
        number = -(error.exitcode or 0)
        if number == getattr(signal, "SIGPROF", None):
            return Failure(Why.TIME, f"not finished within {seconds:g} s")
        return Failure(Why.DEATH, f"its process died: {_ending(number)}")
    except Exception as error:  # what cannot be pickled, on the way there or back
        return Failure(Why.ERROR, f"{type(error).__name__}: {error}")


def _ending(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"exit status {-number}"
