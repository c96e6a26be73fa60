"""Runs doctests that come as JSON on standard input; prints the failures as JSON: ``[[path, line, message], ...]``.

It runs as a file, with the repository's package in front, so that nothing of the checks themselves is imported.
"""

import doctest
import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any


class _Runner(doctest.DocTestRunner):
    """Keeps failures instead of printing them."""

    kept: list[tuple[int, str]]

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        """Say what was printed and what the page says."""
        printed, said = " ".join(got.split()), " ".join(example.want.split())
        self._add(test, example, f"prints {printed!r} and not {said!r}" if said else f"prints {printed!r}")

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        """Say what was raised."""
        self._add(test, example, f"raises {exc_info[0].__name__}: {exc_info[1]}")

    def _add(self, test: doctest.DocTest, example: doctest.Example, what: str) -> None:
        source = example.source.strip().splitlines()[0]
        self.kept.append(((test.lineno or 0) + example.lineno + 1, f">>> {source} {what}"))


def _tests(job: dict[str, Any]) -> Iterator[doctest.DocTest]:
    if "module" in job:
        yield from doctest.DocTestFinder().find(importlib.import_module(job["module"]))
        return
    shared: dict[str, Any] = {"__name__": "__main__"}
    for line, source in job["blocks"]:
        test = doctest.DocTestParser().get_doctest(source, {}, job["path"], job["path"], line - 1)
        test.globs = shared
        yield test


def failures(jobs: list[dict[str, Any]]) -> Iterator[tuple[str, int, str]]:
    """Run jobs and yield path, line and message of each failure; an example that warns has failed."""
    warnings.simplefilter("error")
    for job in jobs:
        runner = _Runner(verbose=False)
        runner.kept = []
        try:
            for test in _tests(job):
                runner.run(test, clear_globs=False)
        except (ImportError, SyntaxError, ValueError) as error:
            yield job["path"], 1, f"its doctests cannot be read: {type(error).__name__}: {error}"
        yield from ((job["path"], *kept) for kept in runner.kept)


if __name__ == "__main__":
    print("\n" + json.dumps(list(failures(json.load(sys.stdin)))))
