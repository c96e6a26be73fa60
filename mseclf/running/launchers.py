"""Start examples and hand back those that have ended: forked from a prepared process, or spawned without fork."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from mseclf.running.job import Job
from mseclf.running.surroundings import ENVIRONMENT

PACKAGE_PARENT = Path(__file__).resolve().parents[2]


class EngineError(RuntimeError):
    """The machinery itself failed, not an example: matplotlib is missing, or its process was killed."""


class Launcher(Protocol):
    """Runs jobs side by side. `folder` is where their folders go; it is gone after `close`."""

    folder: Path

    def submit(self, job: Job) -> None:
        """Run the job as soon as there is room; its folders exist."""

    def finished(self, count: int) -> Iterator[str]:
        """The folders of the next `count` jobs that end."""

    def close(self) -> None:
        """End what still runs and remove everything."""


class ForkServer:
    """A separate process with matplotlib loaded; see `mseclf.running.server`. It lives until `close`."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.folder = Path(tempfile.mkdtemp(prefix="mseclf-"))
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server lives
        command = [sys.executable, "-P", "-m", "mseclf.running.server", str(self.folder), str(width)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, env=environment()
        )

    @property
    def alive(self) -> bool:
        """Whether it can take jobs."""
        return self._process.poll() is None

    def submit(self, job: Job) -> None:
        """Queue the job; the server keeps so many running at a time."""
        path = Path(job.folder) / "job.json"
        path.write_text(job.to_json(), encoding="utf-8")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(os.fsencode(path) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None

    def finished(self, count: int) -> Iterator[str]:
        """The folders of the next `count` jobs that end.

        Raises:
            EngineError: The server died.
        """
        assert self._process.stdout is not None
        while count:
            line = self._process.stdout.readline()
            if not line:
                raise self._died()
            yield str(Path(os.fsdecode(line.rstrip(b"\n"))).parent)
            count -= 1

    def close(self) -> None:
        """Hang up: the server ends its examples, removes its folder, and ends."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _died(self) -> EngineError:
        self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read().decode(errors="replace").strip()
        return EngineError(f"the process that runs examples ended with status {self._process.returncode}\n{said}")


def environment() -> dict[str, str]:
    """The surroundings' variables; of the user's, only those that cannot change a result."""
    unsettled = ("PYTHON", "LC_", "MPL", "MATPLOTLIB", "PYTEST", "COVERAGE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unsettled)}
    # Where matplotlib keeps its list of fonts: making it anew takes half a second.
    folder = {"MPLCONFIGDIR": os.environ["MPLCONFIGDIR"]} if "MPLCONFIGDIR" in os.environ else {}
    return kept | folder | ENVIRONMENT | {"PYTHONPATH": str(PACKAGE_PARENT)}


def new_launcher(width: int) -> Launcher:
    """The best launcher of this platform."""
    if hasattr(os, "fork"):
        return ForkServer(width)
    from mseclf.running.spawner import Spawner

    return Spawner(width)
