"""The parent of all examples of a build: a process that has loaded matplotlib, and forks for each.

It reads the jobs from standard input, as one line of JSON, and writes to standard output a line for each that has
ended. When standard input ends, the build has ended or died: everything it started ends, and its folder is removed.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import traceback
from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from mseclf.site.run import child
from mseclf.site.run.job import Job
from mseclf.site.run.processes import adopt_orphans, die_with_parent, end_group, end_strangers
from mseclf.site.run.surroundings import preload, preload_slow
from mseclf.site.run.watch import Process, watch

_GLANCE: Final = 0.05
"""Seconds between two looks at the clock and at the size of the output."""


class Forked:
    """A child of this process that runs an example."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak_bytes = 0
        self.handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None  # readable when it ends; Linux only

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        ended, status, usage = os.wait4(self.pid, os.WNOHANG)
        if not ended:
            return None
        self.peak_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if self.handle is not None:
            os.close(self.handle)
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End it at once."""
        os.kill(self.pid, signal.SIGKILL)


class Forks:
    """Forks this process for each job. `build` is the pipe that the build holds, `reports` the one it reads."""

    def __init__(self, build: int, reports: int) -> None:
        self.build = build
        self.reports = reports

    def start(self, job: Job) -> Process:
        """Begin to run the job."""
        preload_slow(job.script)
        pid = os.fork()
        if pid == 0:
            self._become(job)
        return Forked(pid)

    def pause(self, running: Collection[Process]) -> bool:
        """Wait a moment, less if one ends; False when the build has hung up."""
        handles = [one.handle for one in running if isinstance(one, Forked) and one.handle is not None]
        glance = _GLANCE if handles else _GLANCE / 5
        return self.build not in select.select([self.build, *handles], [], [], glance)[0]

    def end(self, process: Process, running: Collection[Process]) -> None:
        """End what the process has started."""
        end_group(process.pid)
        end_strangers([one.pid for one in running])

    def _become(self, job: Job) -> None:
        try:
            os.setsid()
            die_with_parent()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for descriptor in (self.build, self.reports):
                os.close(descriptor)
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
            os._exit(70)  # never back into the loop


def main(folder: str, width: int) -> None:
    """Run what the build asks for, until it hangs up; then remove `folder`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the build, which then hangs up
    build, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    try:
        os.chdir(folder)
        preload()
        adopt_orphans()
        with open(build, "rb", closefd=False) as asked:
            line = asked.readline()
        jobs = [Job.from_record(record) for record in json.loads(line)] if line else []
        with contextlib.closing(watch(jobs, width, Forks(build, reports))) as ended:
            for job, ending in ended:
                os.write(reports, json.dumps([job.name, asdict(ending)]).encode() + b"\n")
        os.read(build, 1)  # the build has read the last results when it hangs up
    except BrokenPipeError:
        pass  # the build has gone
    finally:
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
