"""The fork server: one process that has loaded matplotlib, and forks for each example.

It reads paths of jobs from standard input, one a line, and writes each back to standard output when that job has
ended. When standard input ends, the build has ended or died: everything it started ends, and its folder is removed.
"""

import os
import select
import shutil
import signal
import sys
import traceback
from collections import deque
from pathlib import Path

from mseclf.running.job import Job
from mseclf.running.supervisor import supervise
from mseclf.running.surroundings import preload


class Server:
    """Forks a supervisor per job, so many at a time, and reports those that have ended."""

    def __init__(self, jobs: int, reports: int, width: int) -> None:
        self.jobs = jobs
        self.reports = reports
        self.width = width
        self.waiting: deque[str] = deque()
        self.running: dict[int, str] = {}
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.waker, False)

    def serve(self) -> None:
        """Run until the build hangs up and the last example has ended."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self.woken, select.POLLIN)
        poll.register(self.jobs, select.POLLIN)
        open_ended, rest = True, b""
        while open_ended or self.running:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self.woken in ready:
                self._report()
            if self.jobs in ready:
                received = os.read(self.jobs, 65536)
                *lines, rest = (rest + received).split(b"\n")
                self.waiting.extend(map(os.fsdecode, lines))
                if not received:
                    open_ended = False
                    self.waiting.clear()
                    poll.unregister(self.jobs)
            while self.waiting and len(self.running) < self.width:
                self._start(self.waiting.popleft())

    def _start(self, path: str) -> None:
        process = os.fork()
        if process == 0:
            self._supervise(path)
        self.running[process] = path

    def _supervise(self, path: str) -> None:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self.reports, self.woken, self.waker):
                os.close(descriptor)
            supervise(Job.from_json(Path(path).read_bytes()), self.jobs, private=(self.jobs,))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)  # never back into the loop

    def _report(self) -> None:
        while len(os.read(self.woken, 4096)) == 4096:
            pass
        while self.running:
            process, _status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            os.write(self.reports, os.fsencode(self.running.pop(process)) + b"\n")


def main(folder: str, width: int) -> None:
    """Serve from `folder`, which is removed in the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the build, which then hangs up
    jobs, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.chdir(folder)
    try:
        preload()
        Server(jobs, reports, width).serve()
    except BrokenPipeError:
        pass  # the build has gone
    finally:
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
