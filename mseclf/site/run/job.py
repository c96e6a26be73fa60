"""One run to be made, as it is passed between processes, and the folder it happens in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY_LIMIT = 2 * 1024**3
"""Bytes an example may ask for on top of what the libraries take."""

OUTPUT_LIMIT = 100_000
"""Bytes an example may print to each of stdout and stderr: no page shows more."""


@dataclass(frozen=True)
class Job:
    """Run `script` as if it were `path`, below `folder`.

    Attributes:
        name: The example's name; it salts the ids of its figures.
        path: The script's absolute path, for messages and `__file__`.
        script: The text that runs, the same that was hashed.
        root: The repository, which the example must not change.
        reads: Files below `root` that the example may read: its declared inputs.
        folder: A folder of this job's own, outside the repository.
        time_limit: Seconds, without those in which other processes had the processors.
    """

    name: str
    path: str
    script: str
    root: str
    reads: tuple[str, ...]
    folder: str
    time_limit: float

    @property
    def work(self) -> Path:
        """The working directory."""
        return Path(self.folder) / "work"

    @property
    def stdout(self) -> Path:
        """Where standard output goes."""
        return Path(self.folder) / "stdout"

    @property
    def stderr(self) -> Path:
        """Where standard error goes."""
        return Path(self.folder) / "stderr"

    @property
    def crash(self) -> Path:
        """Where Python writes the stack of a process that dies or is about to be stopped."""
        return Path(self.folder) / "crash"

    @property
    def refused(self) -> Path:
        """What the processes that the example starts were refused, a line each."""
        return Path(self.folder) / "refused"

    @property
    def result(self) -> Path:
        """What the example's process writes last."""
        return Path(self.folder) / "result.json"

    def make_folders(self) -> None:
        """Create the folder, the working directory in it and the output files."""
        self.work.mkdir(parents=True)
        for path in (self.stdout, self.stderr, self.crash, self.refused):
            path.touch()

    def flooded(self) -> str:
        """The stream to which too much was printed; empty when none."""
        for path, name in ((self.stdout, "standard output"), (self.stderr, "standard error")):
            with suppress(OSError):
                if path.stat().st_size > OUTPUT_LIMIT:
                    return name
        return ""

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Job":
        """The inverse of `asdict`, after JSON has made lists of tuples."""
        return cls(**{**record, "reads": tuple(record["reads"])})


@dataclass(frozen=True)
class Ending:
    """How an example's process ended.

    Attributes:
        status: Exit status; negative is the number of the signal that killed it.
        stopped: Why it was stopped: "" (it was not), "time" or "output".
        seconds: Wall-clock time.
        peak_bytes: Largest resident size, 0 where unknown.
    """

    status: int
    stopped: str
    seconds: float
    peak_bytes: int
