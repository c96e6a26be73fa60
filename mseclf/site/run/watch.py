"""Examples beside each other: so many at a time, each within its limits, its family gone when it has ended."""

import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from mseclf.site.run.job import Ending, Job

_LAST_WORDS: Final = 0.5
"""Seconds that an example gets for writing its stack before it is killed."""


class Process(Protocol):
    """One example's process; `peak_bytes` is known when it has ended."""

    pid: int
    peak_bytes: int

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""

    def kill(self) -> None:
        """End it at once."""


class Way(Protocol):
    """How processes are started and ended: forked (`parent`) or spawned (`launch`)."""

    def start(self, job: Job) -> Process:
        """Begin to run the job."""

    def pause(self, running: Collection[Process]) -> bool:
        """Wait a moment, less if one ends; False when nobody wants the rest."""

    def end(self, process: Process, running: Collection[Process]) -> None:
        """End what the process has started; it has ended itself."""


@dataclass
class _Running:
    job: Job
    process: Process
    started: float
    stopped: str = ""
    patience: float = 0.0

    def look(self) -> Ending | None:
        """How it ended; stop it if it has gone beyond a limit."""
        status = self.process.poll()
        now = time.monotonic()
        if status is not None:
            return Ending(status, self.stopped, now - self.started, self.process.peak_bytes)
        if not self.stopped:
            self.stopped = self._reason_to_stop(now)
            if self.stopped == "time" and hasattr(signal, "SIGUSR1"):
                os.kill(self.process.pid, signal.SIGUSR1)  # asks for the stack, see surroundings
                self.patience = now + _LAST_WORDS
        if self.stopped and now >= self.patience:
            self.process.kill()
        return None

    def _reason_to_stop(self, now: float) -> str:
        taken = now - self.started
        if taken > self.job.time_limit and taken - _waited(self.process.pid) > self.job.time_limit:
            return "time"
        return "output" if self.job.flooded() else ""


def _waited(pid: int) -> float:
    """Seconds for which a process could have run and others had the processors; 0 where nobody counts them."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def watch(jobs: Iterable[Job], width: int, way: Way) -> Generator[tuple[Job, Ending], None, None]:
    """Run the jobs, `width` at a time, and yield each with how it ended, as soon as it has."""
    waiting = deque(jobs)
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < width:
                job = waiting.popleft()
                running.append(_Running(job, way.start(job), time.monotonic()))
            if not way.pause([one.process for one in running]):
                return
            for one in list(running):
                if ending := one.look():
                    running.remove(one)
                    way.end(one.process, [other.process for other in running])
                    yield one.job, ending
    finally:
        for one in running:
            with contextlib.suppress(ProcessLookupError):
                one.process.kill()
        for one in running:
            while one.process.poll() is None:
                time.sleep(0.002)
            way.end(one.process, ())
