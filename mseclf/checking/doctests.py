"""The doctests of pages and of the package, run together in one fresh process; what has passed is remembered."""

import contextlib
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mseclf.checking.defect import Defect
from mseclf.pages import Page, Place
from mseclf.running.files import write_whole

SECONDS: Final = 120


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
    memory = _Memory(cache / "doctests.json", _seal(root))
    waiting = [job for job in jobs if _key(job) not in memory.passed]
    failures = _run(root, waiting) if waiting else []
    failed = {failure.place.path for failure in failures}
    memory.save({_key(job) for job in jobs if job["path"] not in failed})
    return len(jobs), failures


def _page_jobs(pages: Sequence[Page]) -> Iterator[dict[str, Any]]:
    for page in pages:
        if page.doctests:
            blocks = [{"line": block.source_place.line, "source": block.source} for block in page.doctests]
            yield {"path": page.path, "blocks": blocks}


def _module_jobs(modules: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for path, text in modules.items():
        if ">>> " in text:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            yield {"path": path, "module": name, "source": text}


def _run(root: Path, jobs: list[dict[str, Any]]) -> list[Defect]:
    """Run jobs in a process of their own: a doctest that hangs or exits takes nothing with it."""
    # As a file, with the repository's package in front: so nothing of the checks themselves is imported.
    command = [sys.executable, "-P", str(Path(__file__).with_name("doctest_child.py"))]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=environment,
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _blame(root, jobs, f"its doctests did not end within {SECONDS} s")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return _blame(root, jobs, f"the process that ran its doctests ended: {reason}")
    found = json.loads(done.stdout.splitlines()[-1])
    return [Defect(Place(path, line), message, "doctest") for path, line, message in found]


def _blame(root: Path, jobs: list[dict[str, Any]], message: str) -> list[Defect]:
    """Say which file ended the process, or never let it end, by running each alone."""
    if len(jobs) == 1:
        return [Defect(Place(jobs[0]["path"], 1), message, "doctest")]
    return [failure for job in jobs for failure in _run(root, [job])]


def _key(job: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()


def _seal(root: Path) -> str:
    """Everything else that decides a doctest: the package, the locked versions, Python."""
    digest = hashlib.sha256(platform.python_version().encode())
    for path in (*sorted((root / "mseclf").rglob("*.py")), root / "requirements.lock"):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


class _Memory:
    """What has passed, for one state of the package."""

    def __init__(self, path: Path, seal: str) -> None:
        self._path = path
        self._seal = seal
        self.passed: set[str] = set()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["seal"] == seal:
                self.passed = set(stored["passed"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # never written, or damaged: everything runs again

    def save(self, passed: set[str]) -> None:
        """Remember; a cache that cannot be written costs time, not truth."""
        if passed <= self.passed:
            return
        stored = {"seal": self._seal, "passed": sorted(passed | self.passed)}
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(stored).encode())
