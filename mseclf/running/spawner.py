"""Run examples where there is no fork: a fresh interpreter each, watched by a thread. Slower, otherwise the same."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from mseclf.running.job import OUTPUT_LIMIT, Ending, Job
from mseclf.running.launchers import environment

_GLANCE: Final = 0.02


class Spawner:
    """Starts `python -m mseclf.running.child` for each job, so many at a time."""

    def __init__(self, width: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mseclf-"))
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(width)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> None:
        """Queue the job."""
        self._jobs.put(job)

    def finished(self, count: int) -> Iterator[str]:
        """The folders of the next `count` jobs that end."""
        for _ in range(count):
            yield self._ended.get()

    def close(self) -> None:
        """End what still runs and remove the folder."""
        self._closing.set()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closing.is_set():
                job.ending.write_text(json.dumps(asdict(self._run(job))), encoding="utf-8")
            self._ended.put(job.folder)

    def _run(self, job: Job) -> Ending:
        path = Path(job.folder) / "job.json"
        path.write_text(job.to_json(), encoding="utf-8")
        started = time.monotonic()
        with job.stdout.open("ab") as stdout, job.stderr.open("ab") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mseclf.running.child", str(path)],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=environment(),
                start_new_session=True,
            )
        stopped = ""
        while process.poll() is None and not stopped:
            stopped = self._reason_to_stop(job, started)
            time.sleep(_GLANCE)
        _end_family(process)
        return Ending(process.returncode, stopped, time.monotonic() - started, 0)

    def _reason_to_stop(self, job: Job, started: float) -> str:
        if time.monotonic() - started > job.time_limit or self._closing.is_set():
            return "time"
        printed = max(path.stat().st_size for path in (job.stdout, job.stderr))
        return "output" if printed > OUTPUT_LIMIT else ""


def _end_family(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process and what it started: its process group, or on Windows its tree."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
