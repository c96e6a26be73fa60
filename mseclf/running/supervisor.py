"""The process above each example: it watches time and output, ends the whole family, and writes down how it ended."""

import json
import os
import select
import signal
import sys
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Final

from mseclf.running import child
from mseclf.running.job import OUTPUT_LIMIT, Ending, Job
from mseclf.running.processes import adopt_orphans, die_with_parent, end_descendants

_GLANCE: Final = 0.05
"""Seconds between two looks at the clock and at the size of the output."""

_LAST_WORDS: Final = 0.5
"""Seconds that an example gets for writing its stack before it is killed."""


def supervise(job: Job, lifeline: int, private: tuple[int, ...]) -> None:
    """Fork the example, see it end, and write `job.ending`.

    Args:
        job: What to run.
        lifeline: A pipe whose other end is held by the build: when the build dies, the example goes too.
        private: Descriptors that the example must not inherit.
    """
    os.setsid()
    adopt_orphans()
    started = time.monotonic()
    process = os.fork()
    if process == 0:
        _become_example(job, private)
    try:
        ending = _watch(process, job, lifeline, started)
    finally:
        end_descendants(group=process)
    if ending is not None:
        partial = job.ending.with_suffix(".part")
        partial.write_text(json.dumps(asdict(ending)), encoding="utf-8")
        partial.replace(job.ending)


def _become_example(job: Job, private: tuple[int, ...]) -> None:
    try:
        os.setsid()
        die_with_parent()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for descriptor in private:
            os.close(descriptor)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        for path, descriptor in ((job.stdout, 1), (job.stderr, 2)):
            # Append: several processes of one example may print.
            opened = os.open(path, os.O_WRONLY | os.O_APPEND)
            os.dup2(opened, descriptor)
            os.close(opened)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, open to the end
        sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
        child.run(job)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)  # never back into the server's loop


def _watch(process: int, job: Job, lifeline: int, started: float) -> Ending | None:
    """Wait for the example; None when the build has gone."""
    poll = select.poll()
    poll.register(lifeline, 0)  # only hanging up is of interest
    pollable = hasattr(os, "pidfd_open")
    if pollable:
        poll.register(os.pidfd_open(process), select.POLLIN)
    stopped = ""
    while True:
        ended, status, usage = os.wait4(process, 0 if stopped else os.WNOHANG)
        if ended:
            seconds = time.monotonic() - started
            unit = 1 if sys.platform == "darwin" else 1024
            return Ending(os.waitstatus_to_exitcode(status), stopped, seconds, usage.ru_maxrss * unit)
        stopped = _reason_to_stop(job, started)
        if stopped:
            _stop(process, stopped)
        elif any(descriptor == lifeline for descriptor, _ in poll.poll(_GLANCE * 1000 if pollable else 10)):
            return None


def _reason_to_stop(job: Job, started: float) -> str:
    if time.monotonic() - started > job.time_limit:
        return "time"
    return "output" if max(_size(job.stdout), _size(job.stderr)) > OUTPUT_LIMIT else ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stop(process: int, reason: str) -> None:
    if reason == "time":
        os.kill(process, signal.SIGUSR1)  # asks for the stack, see surroundings
        time.sleep(_LAST_WORDS)
    os.kill(process, signal.SIGKILL)
