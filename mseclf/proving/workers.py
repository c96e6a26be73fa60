"""Jobs in worker processes, two at a time, each display with a time limit that also stops a computation stuck in C."""

import multiprocessing as mp
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from time import clock_gettime, monotonic
from typing import Any

SECONDS = 10.0
# The limit counts a worker's own processor time, so that a busy machine decides what an idle one does; a worker that
# does not compute at all is ended after this many times the limit by the clock on the wall.
PATIENCE = 12
Work = Callable[[Any], dict[str, Any]]


@dataclass
class _Worker:
    """A process, its pipe, and the job that it is at since when."""

    process: Any
    pipe: Connection
    job: int | None = None
    since: float = field(default_factory=monotonic)
    computed: float = 0.0

    def begin(self, job: int) -> None:
        """Note when it takes up a job."""
        self.job, self.since, self.computed = job, monotonic(), _processor_time(self.process.pid)

    def is_late(self, seconds: float) -> bool:
        """Whether it has had its time for the job."""
        waited = monotonic() - self.since
        spent = _processor_time(self.process.pid) - self.computed
        return spent > seconds or waited > PATIENCE * seconds


def _processor_time(pid: int) -> float:
    """Seconds that a process has computed; where the system does not tell, seconds by the clock on the wall."""
    try:
        return clock_gettime((~pid << 3) | 2)  # Linux's name for "the processor clock of process pid"
    except OSError:
        return monotonic()


def _serve(pipe: Connection, work: Work) -> None:
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        if job is None:
            return
        try:
            pipe.send(work(job))
        except Exception as error:  # a defect of the checker must not pass for a verdict, nor stop the other displays
            detail = f"the checker itself failed here: {type(error).__name__}: {error}"
            pipe.send({"status": "not-understood", "detail": detail, "offset": 0})


def _start(work: Work) -> _Worker:
    context = mp.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work), daemon=True)
    process.start()
    there.close()
    return _Worker(process, here)


def run(
    jobs: Sequence[Any], work: Work, seconds: float = SECONDS, processes: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (place of the job, its record) as they finish; a job over its time is killed and says so by name."""
    if "fork" not in mp.get_all_start_methods():
        yield from ((place, work(job)) for place, job in enumerate(jobs))
        return
    count = min(len(jobs), processes or min(2, os.cpu_count() or 1))
    workers = [_start(work) for _ in range(count)]
    waiting = list(range(len(jobs)))[::-1]
    try:
        while waiting or any(w.job is not None for w in workers):
            for worker in workers:
                if worker.job is None and waiting:
                    place = waiting.pop()
                    worker.begin(place)
                    worker.pipe.send(jobs[place])
            busy = [w for w in workers if w.job is not None]
            ready = wait([w.pipe for w in busy], timeout=0.1)
            for worker in busy:
                record = _collect(worker, worker.pipe in ready, seconds)
                if record is not None:
                    assert worker.job is not None
                    yield worker.job, record
                    if not worker.process.is_alive() or record.get("killed"):
                        workers[workers.index(worker)] = _start(work)
                    worker.job = None
    finally:
        for worker in workers:
            worker.pipe.close()
            worker.process.kill()
            worker.process.join()


def _collect(worker: _Worker, ready: bool, seconds: float) -> dict[str, Any] | None:
    """The record of a finished, killed or crashed job; None while it runs."""
    if ready:
        try:
            record: dict[str, Any] = worker.pipe.recv()
            return record
        except EOFError:
            worker.process.join()
            return {"status": "not-understood", "detail": "the checker itself failed here", "offset": 0, "killed": True}
    if worker.is_late(seconds):
        worker.process.kill()
        worker.process.join()
        detail = f"not decided within {seconds:g} seconds: state it in smaller steps"
        return {"status": "not-understood", "detail": detail, "offset": 0, "killed": True}
    return None
