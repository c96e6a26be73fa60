"""Jobs to endings: by a parent process that forks for each, or a fresh interpreter each where there is no fork."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Generator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from mseclf.site.pool import MEMORY_KEPT
from mseclf.site.run.job import Ending, Job
from mseclf.site.run.processes import end_group
from mseclf.site.run.surroundings import ENVIRONMENT
from mseclf.site.run.watch import Process, watch

PACKAGE_PARENT: Final = Path(__file__).resolve().parents[3]


class EngineError(RuntimeError):
    """The machinery itself failed, not an example: matplotlib is missing, or its process was killed."""


def run_jobs(folder: Path, jobs: Sequence[Job], width: int) -> Generator[tuple[str, Ending], None, None]:
    """Run jobs, `width` at a time, and yield the name of each with how it ended. Closing this ends what still runs.

    Args:
        folder: It holds the folders of the jobs; it is removed should this process be killed.
        jobs: The first to start first.
        width: How many run at a time.

    Raises:
        EngineError: The process that forks died.
    """
    if hasattr(os, "fork"):
        yield from _forked(folder, jobs, width)
    else:
        yield from spawned(jobs, width)


def _forked(folder: Path, jobs: Sequence[Job], width: int) -> Generator[tuple[str, Ending], None, None]:
    command = [sys.executable, "-P", "-m", "mseclf.site.run.parent", str(folder), str(width)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environment()
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):  # it died: the line that it does not say tells so
                process.stdin.write(json.dumps([asdict(job) for job in jobs]).encode() + b"\n")
                process.stdin.flush()
            for _ in jobs:
                line = process.stdout.readline()
                if not line:
                    said.seek(0)
                    words = said.read().decode(errors="replace").strip()
                    raise EngineError(f"the process that runs examples ended with status {process.wait()}\n{words}")
                name, ending = json.loads(line)
                yield name, Ending(**ending)
        finally:
            _hang_up(process)


def _hang_up(process: "subprocess.Popen[bytes]") -> None:
    """Close its pipes: it ends its examples, and then itself."""
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(BrokenPipeError):
            assert pipe is not None
            pipe.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def environment() -> dict[str, str]:
    """The surroundings' variables; of the user's, only those that cannot change a result."""
    unsettled = ("PYTHON", "LC_", "MPL", "MATPLOTLIB", "PYTEST", "COVERAGE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unsettled)}
    # Where matplotlib keeps its list of fonts: making it anew takes half a second.
    folder = {"MPLCONFIGDIR": os.environ["MPLCONFIGDIR"]} if "MPLCONFIGDIR" in os.environ else {}
    return kept | folder | MEMORY_KEPT | ENVIRONMENT | {"PYTHONPATH": str(PACKAGE_PARENT)}


class _Spawned(subprocess.Popen[bytes]):
    peak_bytes = 0


class _Spawns:
    def start(self, job: Job) -> Process:
        path = Path(job.folder) / "job.json"
        path.write_text(json.dumps(asdict(job)), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "mseclf.site.run.child", str(path)]
        with job.stdout.open("ab") as out, job.stderr.open("ab") as err:
            return _Spawned(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment(), start_new_session=True
            )

    def pause(self, running: Collection[Process]) -> bool:
        time.sleep(0.02)
        return True

    def end(self, process: Process, running: Collection[Process]) -> None:
        end_group(process.pid)


def spawned(jobs: Sequence[Job], width: int) -> Generator[tuple[str, Ending], None, None]:
    """Run each job in a fresh interpreter: slower, otherwise the same, but for children in sessions of their own."""
    with contextlib.closing(watch(jobs, width, _Spawns())) as ended:
        for job, ending in ended:
            yield job.name, ending
