"""The doctests of pages and of the package, run together in one fresh process; what has passed is remembered."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.memory import Memory
from mseclf.site.page import Page
from mseclf.site.run.inputs import digest_of_file

TIME_LIMIT: Final = 120
_REMEDY: Final = "mend the code or the lines below it"


def doctests(root: Path, pages: Sequence[Page], modules: Mapping[str, str], cache: Path) -> tuple[int, list[Defect]]:
    """Run the doctests that have not passed yet with this package.

    Args:
        root: the repository; its package is the one that is run.
        pages: whose blocks run, all blocks of a page in one namespace, as a reader takes them.
        modules: text of the package's modules by path, such as ``mseclf/losses.py``.
        cache: folder in which to remember.

    Returns:
        How many pages and modules have doctests, and the failures.
    """
    jobs = [*_page_jobs(pages), *_module_jobs(modules)]
    memory = Memory(cache / "doctests", _package(root))
    waiting = [job for job in jobs if memory.get(json.dumps(job)) is None]
    failures = _results(root, waiting) if waiting else []
    failed = {failure.place.path for failure in failures}
    for job in waiting:
        if job["path"] not in failed:
            memory.put(json.dumps(job), b"passed")
    if waiting:
        memory.prune()
    return len(jobs), failures


def _page_jobs(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    for page in pages:
        if page.doctests:
            blocks = [(block.source_place.line, block.source) for block in page.doctests]
            yield {"path": page.path, "blocks": blocks}


def _module_jobs(modules: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for path, text in modules.items():
        if ">>> " in text:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield {"path": path, "module": name, "source": text}


def _results(root: Path, jobs: list[dict[str, Any]]) -> list[Defect]:
    """Run jobs in a process of their own: a doctest that hangs or exits takes nothing with it."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("doctest_child.py"))]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    settings: dict[str, Any] = {"cwd": root, "env": environment, "capture_output": True, "text": True}
    try:
        done = subprocess.run(command, input=json.dumps(jobs), timeout=TIME_LIMIT, check=False, **settings)
    except subprocess.TimeoutExpired:
        return _blame(root, jobs, f"its doctests did not end within {TIME_LIMIT} s")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return _blame(root, jobs, f"the process that ran its doctests ended: {reason}")
    found = json.loads(done.stdout.splitlines()[-1])
    return [Defect(Place(path, line), Rule.DOCTEST, message, _REMEDY) for path, line, message in found]


def _blame(root: Path, jobs: list[dict[str, Any]], message: str) -> list[Defect]:
    """Say which file ended the process, or never let it end, by running each alone."""
    if len(jobs) == 1:
        return [Defect(Place(jobs[0]["path"], 1), Rule.DOCTEST, message)]
    return [failure for job in jobs for failure in _results(root, [job])]


def _package(root: Path) -> str:
    """Everything else that decides a doctest: the package, the locked versions, Python."""
    files = (*sorted((root / "mseclf").rglob("*.py")), root / "requirements.lock")
    return "\0".join((platform.python_version(), *map(digest_of_file, files)))
