"""Runs doctests that come as JSON on standard input; prints the failures as JSON: ``[[path, line, message], ...]``."""

import doctest
import importlib
import json
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

Out = Any  # doctest's own type of the function that prints; it has no name


class _Runner(doctest.DocTestRunner):
    """Keeps failures instead of printing them."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.kept: list[tuple[int, str]] = []

    def report_failure(self, out: Out, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        """Say what was printed and what the page says."""
        printed, said = " ".join(got.split()), " ".join(example.want.split())
        self._add(test, example, f"prints {printed!r} and not {said!r}" if said else f"prints {printed!r}")

    def report_unexpected_exception(
        self,
        out: Out,
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: tuple[type[BaseException], BaseException, types.TracebackType],
    ) -> None:
        """Say what was raised."""
        self._add(test, example, f"raises {exc_info[0].__name__}: {exc_info[1]}")

    def _add(self, test: doctest.DocTest, example: doctest.Example, what: str) -> None:
        source = example.source.strip().splitlines()[0]
        line = (test.lineno or 0) + example.lineno + 1
        self.kept.append((line, f">>> {source} {what}: mend the code or the lines below it"))


def _tests(job: dict[str, Any]) -> Iterator[doctest.DocTest]:
    if "module" in job:
        yield from doctest.DocTestFinder().find(importlib.import_module(job["module"]))
        return
    shared: dict[str, Any] = {"__name__": "__main__"}
    for block in job["blocks"]:
        test = doctest.DocTestParser().get_doctest(block["source"], {}, job["path"], job["path"], block["line"] - 1)
        test.globs = shared
        yield test


def failures(jobs: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    """Run jobs and return path, line and message of each failure; an example that warns has failed."""
    found: list[tuple[str, int, str]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for job in jobs:
            runner = _Runner()
            try:
                for test in _tests(job):
                    runner.run(test, clear_globs=False)
            except (ImportError, SyntaxError, ValueError) as error:
                found.append((job["path"], 1, f"its doctests cannot be read: {type(error).__name__}: {error}"))
            found += [(job["path"], line, message) for line, message in runner.kept]
    return found


if __name__ == "__main__":
    print("\n" + json.dumps(failures(json.load(sys.stdin))))
