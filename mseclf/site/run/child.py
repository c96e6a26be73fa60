"""Inside the process of one example: run the script, then write down its figures and values.

Whoever started the process (`mseclf.site.run.parent`, or `python -m mseclf.site.run.child JOB` where there is no fork)
has sent its output to files and watches the time.
"""

import contextlib
import io
import json
import linecache
import logging
import os
import sys
import threading
import traceback
import types
from pathlib import Path
from typing import Any

from mseclf.site.run import surroundings
from mseclf.site.run.capture import ExampleFault, figures, plain_values, watch_figures
from mseclf.site.run.job import MEMORY_LIMIT, Job


def run(job: Job) -> None:
    """Run the job's script in this process, write `job.result`, and end the process."""
    process = os.getpid()
    stray: list[ExampleFault] = []
    refused = surroundings.prepare(job)
    _collect_stray_errors(job, stray)
    watch_figures(job.path)
    record: dict[str, Any]
    try:
        namespace = _execute(job)
        record = {}
        if not stray and not refused:
            record = {"values": plain_values(namespace.get("values", {})), "figures": figures(job.name)}
        if stray or refused or _refused_elsewhere(job):  # drawing may have added some
            raise (*stray, *(_fault(error, job) for error in refused), *_refused_elsewhere(job))[0]
    except ExampleFault as fault:
        record = vars(fault)
    except BaseException as error:  # SystemExit and KeyboardInterrupt end an example early: that is a failure too
        surroundings.lift_memory_limit()
        record = vars(_fault(error, job))
        if elsewhere := _refused_elsewhere(job):  # the error says only that a worker failed
            record["message"] = elsewhere[0].message
    if os.getpid() == process:  # else the script has forked, and this is the copy
        _flush()
        job.result.write_text(json.dumps(record), encoding="utf-8")
    os._exit(0)


def _refused_elsewhere(job: Job) -> list[ExampleFault]:
    """What workers and other programs in Python were refused."""
    return [ExampleFault(f"GuardError: {line}") for line in job.refused.read_text(encoding="utf-8").splitlines()]


def _execute(job: Job) -> dict[str, Any]:
    """Run the script as `__main__`, as `python examples/NAME.py` would."""
    lines = job.script.splitlines(keepends=True)
    linecache.cache[job.path] = (len(job.script), None, lines, job.path)  # tracebacks show the text that ran
    main = types.ModuleType("__main__")
    main.__file__ = job.path
    sys.modules["__main__"] = main
    sys.argv = [job.path]
    code = compile(job.script, job.path, "exec", dont_inherit=True)
    exec(code, main.__dict__)
    return main.__dict__


def _collect_stray_errors(job: Job, stray: list[ExampleFault]) -> None:
    """Keep errors that would only be printed: in threads, in finalisers, and what matplotlib does without."""

    def unheard(args: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            stray.append(_fault(args.exc_value, job))

    class Missing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:  # a font that is not there, for one
            stray.append(ExampleFault(record.getMessage()))

    threading.excepthook = sys.unraisablehook = unheard
    logging.getLogger("matplotlib").addHandler(Missing(logging.WARNING))


def _fault(error: BaseException, job: Job) -> ExampleFault:
    frames = [frame for frame in traceback.walk_tb(error.__traceback__) if frame[0].f_code.co_filename == job.path]
    line = frames[-1][1] if frames else getattr(error, "line", None)
    if isinstance(error, SyntaxError) and error.filename == job.path:
        line = error.lineno
    return ExampleFault(_message(error, job), line, _traceback(error, job))


def _message(error: BaseException, job: Job) -> str:
    if isinstance(error, SystemExit):
        return f"SystemExit: {error.code}: an example runs to its last line"
    if isinstance(error, MemoryError):
        return f"MemoryError: {str(error) or 'out of memory'} (an example may use {MEMORY_LIMIT / 1024**2:.0f} MiB)"
    if isinstance(error, FileNotFoundError) and (path := _in_repository(error.filename, job)):
        return f"FileNotFoundError: {error.filename!r}: an example runs in an empty folder of its own; open {path}"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _in_repository(name: object, job: Job) -> str:
    """How a script writes the path of a file that it meant to be relative to the repository, or to itself."""
    if not isinstance(name, str) or not Path(name).parts or Path(name).is_absolute():
        return ""
    beside = Path(job.path).with_name(Path(name).name)
    if str(beside) in job.reads:
        return f"Path(__file__).with_name({beside.name!r})"
    if str(Path(job.root, name)) in job.reads:
        return f"Path(__file__).parents[1] / {Path(name).as_posix()!r}"
    return ""


def _traceback(error: BaseException, job: Job) -> str:
    """The traceback from the script on, without the frames of this engine and without the folder it lies in."""
    entry = error.__traceback__
    while entry is not None and entry.tb_frame.f_code.co_filename != job.path:
        entry = entry.tb_next
    buffer = io.StringIO()
    traceback.print_exception(type(error), error, entry, file=buffer)
    return buffer.getvalue().replace(job.root + os.sep, "")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # the script closed or replaced it
            stream.flush()


if __name__ == "__main__":
    surroundings.preload()
    run(Job.from_record(json.loads(Path(sys.argv[1]).read_bytes())))
