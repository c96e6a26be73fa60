"""From what a finished process left in its folder to a run or a failure."""

import json
import re
import signal
from pathlib import Path
from typing import Any

from mseclf.site.run.example import Example
from mseclf.site.run.job import OUTPUT_LIMIT, Ending, Job
from mseclf.site.run.outcome import ExampleFailure, ExampleRun, Outcome
from mseclf.site.run.printable import printable


def outcome(example: Example, job: Job, ending: Ending, reason: str) -> Outcome:
    """Read the job's folder."""
    stdout, stderr = _printed(job.stdout), _printed(job.stderr)
    result = _written(job.result)
    fault = _wrong(job, ending, result)
    if fault is not None:
        fault = {"traceback": "", **fault}
        if fault["message"].startswith("SystemExit") and (last := stderr.strip().split("\n")[-1]):
            fault["message"] += f"; it said: {last}"  # argparse, for one, says what is missing
        return ExampleFailure(example.name, stdout=stdout, stderr=stderr, reason=reason, **fault)
    assert result is not None
    said = {name: getattr(example, name) for name in ("name", "title", "claim", "source", "topics", "script")}
    spent = {"seconds": round(ending.seconds, 3), "peak_bytes": ending.peak_bytes}
    return ExampleRun.from_record({**said, "stdout": stdout, "stderr": stderr, **spent, **result}, reason)


def _printed(path: Path) -> str:
    """What was printed as text: UTF-8, without colours and other control codes, with plain line ends."""
    return printable(_beginning(path)[:OUTPUT_LIMIT].decode("utf-8", errors="replace"))


def _wrong(job: Job, ending: Ending, result: dict[str, Any] | None) -> dict[str, Any] | None:
    """The line and message of a failure, or None for a success."""
    line = result.get("line") if result else None
    if stream := job.flooded():
        return {"line": line, "message": f"OutputLimit: printed more than {OUTPUT_LIMIT // 1000} kB to {stream}"}
    if ending.stopped == "time":
        return {"line": _crash_line(job), "message": f"TimeLimit: stopped after {job.time_limit:g} s"}
    if ending.status < 0:
        return {"line": _crash_line(job), "message": f"{_signal_name(-ending.status)}: killed by this signal"}
    if result is None:
        return {"line": None, "message": f"EarlyExit: ended before its last line, with exit status {ending.status}"}
    return result if "message" in result else None


def _crash_line(job: Job) -> int | None:
    """The innermost line of the script in the stack that Python wrote when it was stopped or crashed."""
    place = re.search(rf'File "{re.escape(job.path)}", line (\d+)', _beginning(job.crash).decode(errors="replace"))
    return int(place[1]) if place else None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _written(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _beginning(path: Path) -> bytes:
    """The beginning of a file: enough to show, little enough to hold."""
    try:
        with path.open("rb") as file:
            return file.read(OUTPUT_LIMIT + 1)
    except OSError:
        return b""
