"""Jobs in worker processes, two at a time, each display with a time limit that also stops a computation stuck in C."""

import multiprocessing as mp
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

# Of a worker's own processor time, so that a busy machine decides what an idle one does.
SECONDS = 10.0
Work = Callable[[Any], dict[str, Any]]
_Worker = tuple[Any, Connection]  # a process and its pipe


def _serve(pipe: Connection, work: Work, seconds: float) -> None:
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the system ends the process when its time is up
    with suppress(EOFError):
        while True:
            job = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            try:
                record = work(job)
            except Exception as error:  # a defect of the checker must not pass for a verdict, nor stop other displays
                record = _not_understood(f"the checker itself failed here: {type(error).__name__}: {error}")
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(record)


def _start(work: Work, seconds: float) -> _Worker:
    context = mp.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work, seconds), daemon=True)
    process.start()
    there.close()
    return process, here


def run(
    jobs: Sequence[Any], work: Work, seconds: float = SECONDS, processes: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (place of the job, its record) as they finish; a job over its time is killed and says so by name."""
    if "fork" not in mp.get_all_start_methods():
        yield from ((place, work(job)) for place, job in enumerate(jobs))
        return
    idle = [_start(work, seconds) for _ in range(min(len(jobs), processes or min(2, os.cpu_count() or 1)))]
    busy: dict[Any, tuple[_Worker, int]] = {}
    waiting = list(enumerate(jobs))[::-1]
    try:
        while waiting or busy:
            while waiting and idle:
                worker, (place, job) = idle.pop(), waiting.pop()
                worker[1].send(job)
                busy[worker[1]] = worker, place
            for pipe in wait(list(busy)):
                worker, place = busy.pop(pipe)
                try:
                    record = worker[1].recv()
                except EOFError:
                    record, worker = _lost(worker, seconds), _start(work, seconds)
                idle.append(worker)
                yield place, record
    finally:
        for process, pipe in (*idle, *(worker for worker, _ in busy.values())):
            pipe.close()
            process.kill()
            process.join()


def _lost(worker: _Worker, seconds: float) -> dict[str, Any]:
    """The record of a job whose process is gone."""
    process, pipe = worker
    pipe.close()
    process.join()
    if process.exitcode == -signal.SIGPROF:
        return _not_understood(f"not decided within {seconds:g} seconds: state it in smaller steps")
    return _not_understood("the checker itself failed here")


def _not_understood(detail: str) -> dict[str, Any]:
    return {"status": "not-understood", "detail": detail, "offset": 0}
