"""`python -m mseclf run`: run the examples as the build does, and report what they gave."""

import argparse
import sys
import time
from pathlib import Path
from typing import TextIO

from mseclf.site.run.engine import run_examples
from mseclf.site.run.example import example_names
from mseclf.site.run.launch import EngineError
from mseclf.site.run.outcome import ExampleFailure, ExampleRun, Outcome

DEFAULT_CACHE = Path(".cache/mseclf/examples")
_BAR = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `run`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="examples to run; all of them when none is named")
    parser.add_argument("--force", action="store_true", help="run also what the cache knows")
    parser.add_argument("--explain", action="store_true", help="say why each example ran")
    parser.add_argument("--jobs", type=int, metavar="N", help="how many run at a time; default: the number of cores")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository; default: the working directory")
    parser.add_argument("--cache", type=Path, help=f"folder of results; default: {DEFAULT_CACHE} in the repository")


def run(args: argparse.Namespace) -> int:
    """Run the examples and print a report. Returns 0 when all succeeded, 1 when one failed, 2 when none could run."""
    root = args.root.resolve()
    names = [Path(name).stem for name in args.names] or list(example_names(root))
    if not names:
        print(f"no examples in {root / 'examples'}", file=sys.stderr)
        return 2
    report = _Report(sys.stdout, max(map(len, names)), args.explain)
    started = time.monotonic()
    try:
        cache = args.cache or root / DEFAULT_CACHE
        outcomes = run_examples(
            names, root=root, cache=cache, jobs=args.jobs, force=args.force, progress=report.progress
        ).values()
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    report.close(list(outcomes), time.monotonic() - started)
    return 1 if any(isinstance(outcome, ExampleFailure) for outcome in outcomes) else 0


class _Report:
    """One line per example as it ends, below them a bar when a person is watching."""

    def __init__(self, out: TextIO, width: int, explain: bool) -> None:
        self.out = out
        self.width = width
        self.explain = explain
        self.bar = out.isatty()

    def progress(self, outcome: Outcome, done: int, total: int) -> None:
        if self.bar:
            self.out.write("\r\x1b[K")
        print("\n".join(self._lines(outcome)), file=self.out)
        if self.bar and done < total:
            filled = _BAR * done // total
            self.out.write(f"{'━' * filled}{'─' * (_BAR - filled)} {done}/{total}")
        self.out.flush()

    def close(self, outcomes: list[Outcome], seconds: float) -> None:
        failed = sum(isinstance(outcome, ExampleFailure) for outcome in outcomes)
        cached = sum(outcome.reason == "cached" for outcome in outcomes)
        print(f"{len(outcomes)} examples, {cached} cached, {failed} failed, {seconds:.2f} s", file=self.out)

    def _lines(self, outcome: Outcome) -> list[str]:
        reason = f"  ({outcome.reason})" if self.explain and outcome.reason else ""
        if isinstance(outcome, ExampleRun):
            size = f"{outcome.peak_bytes / 1024**2:5.0f} MiB"
            lines = [f"ok    {outcome.name:{self.width}} {outcome.seconds:6.2f} s {size}{reason}"]
            lines += [f"        {key} = {value!r}" for key, value in outcome.values.items()]
            return lines + [f"        standard error: {line}" for line in outcome.stderr.splitlines()]
        printed = outcome.traceback or outcome.stderr
        return [f"FAIL  {outcome}{reason}", *(f"        {line}" for line in printed.splitlines())]
