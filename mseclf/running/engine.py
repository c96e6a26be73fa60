"""Run examples: take from the cache what is there, run the others side by side, keep the successes."""

import atexit
import itertools
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mseclf.running.cache import Cache, Miss
from mseclf.running.example import Example, ExampleError, example_names, read_example
from mseclf.running.inputs import Inputs, engine_inputs, input_files, inputs
from mseclf.running.job import Job
from mseclf.running.launchers import ForkServer, Launcher, new_launcher
from mseclf.running.outcome import ExampleFailure, ExampleRun, Outcome
from mseclf.running.verdict import outcome

Progress = Callable[[Outcome, int, int], None]
"""Called with each outcome, how many are done, and how many there are."""


@dataclass(frozen=True)
class _Planned:
    """An example that has to run."""

    example: Example
    parts: Inputs
    miss: Miss


class Build:
    """Examples being run. They have started when this exists; `results` waits for them.

    Between the two a caller can do other work: the examples run in processes of their own.
    """

    def __init__(self, names: Iterable[str], *, root: Path, cache: Path | None, jobs: int | None, force: bool) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._root = root.resolve()
        self._cache = Cache(cache)
        self._outcomes: dict[str, Outcome] = {}
        self._planned: dict[str, tuple[_Planned, Job]] = {}
        self._launcher: Launcher | None = None
        planned = [plan for name in self._names if (plan := self._plan(name, force)) is not None]
        if planned:
            self._start(planned, jobs or _cores())

    def results(self, progress: Progress | None = None) -> dict[str, Outcome]:
        """Wait for all, and return them in the order of the names.

        Raises:
            EngineError: The machinery failed, not an example.
        """
        for done, known in enumerate(list(self._outcomes.values()), start=1):
            if progress:
                progress(known, done, len(self._names))
        if self._launcher is not None and self._planned:
            for folder in self._launcher.finished(len(self._planned)):
                result = self._finish(folder)
                if progress:
                    progress(result, len(self._outcomes), len(self._names))
            self._planned.clear()
            self._cache.prune(example_names(self._root))
        return {name: self._outcomes[name] for name in self._names}

    def _plan(self, name: str, force: bool) -> _Planned | None:
        try:
            example = read_example(name, self._root)
            parts = inputs(example, self._root)
        except ExampleError as error:
            self._outcomes[name] = ExampleFailure(name, error.line, error.message)
            return None
        found = self._cache.find(name, parts)
        if isinstance(found, ExampleRun):
            if not force:
                self._outcomes[name] = found
                return None
            found = Miss("forced", found.seconds)
        return _Planned(example, parts, replace(found, reason="forced") if force else found)

    def _start(self, planned: list[_Planned], width: int) -> None:
        self._launcher = _launcher(width)
        # The longest first: the last one to start should be short.
        for plan in sorted(planned, key=lambda plan: -plan.miss.seconds):
            name = plan.example.name
            job = Job(
                name=name,
                path=str(self._root / "examples" / f"{name}.py"),
                script=plan.example.script,
                root=str(self._root),
                reads=tuple(map(str, input_files(plan.example, self._root).values())),
                folder=str(self._launcher.folder / f"{next(_counter)}-{name}"),
                time_limit=plan.example.time_limit,
            )
            job.make_folders()
            self._planned[job.folder] = (plan, job)
            self._launcher.submit(job)

    def _finish(self, folder: str) -> Outcome:
        plan, job = self._planned[folder]
        result = outcome(plan.example, job, plan.miss.reason)
        shutil.rmtree(folder, ignore_errors=True)
        self._outcomes[plan.example.name] = result
        if isinstance(result, ExampleRun) and self._unchanged(plan):
            self._cache.store(result, plan.parts)
        return result

    def _unchanged(self, plan: _Planned) -> bool:
        """Whether what was hashed is what ran: somebody may have saved a file in between."""
        try:
            return inputs(plan.example, self._root) == plan.parts
        except ExampleError:
            return False


def start_examples(
    names: Iterable[str], *, root: Path, cache: Path | None = None, jobs: int | None = None, force: bool = False
) -> Build:
    """Start to run examples and return at once; see `run_examples`."""
    return Build(names, root=root, cache=cache, jobs=jobs, force=force)


def run_examples(
    names: Iterable[str],
    *,
    root: Path,
    cache: Path | None = None,
    jobs: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> dict[str, Outcome]:
    """Run examples, each in a fresh process, or take their results from the cache.

    Args:
        names: Names of scripts in `root / "examples"`, without `.py`.
        root: The repository.
        cache: Folder of earlier results; None keeps nothing.
        jobs: How many run at a time; by default as many as there are cores.
        force: Run even what the cache knows.
        progress: Called with each outcome, how many are done, and how many there are.

    Returns:
        An `ExampleRun` or `ExampleFailure` for each name, in order.

    Raises:
        EngineError: The machinery failed, not an example.
    """
    return start_examples(names, root=root, cache=cache, jobs=jobs, force=force).results(progress)


def dependencies(name: str, root: Path) -> frozenset[Path]:
    """The files whose change makes an example run again: script, imported sources, style, data, lock file.

    A script that cannot be parsed depends on itself alone.
    """
    root = root.resolve()
    script = root / "examples" / f"{name}.py"
    try:
        files = input_files(read_example(name, root), root).values()
    except ExampleError:
        return frozenset({script})
    return frozenset({*files, root / "requirements.lock"})


_counter = itertools.count(1)
_kept: list[tuple[int, Inputs, ForkServer]] = []


def _launcher(width: int) -> Launcher:
    """A launcher; a fork server is kept for the next build of this process, unless what it has loaded has changed."""
    loaded = engine_inputs()
    for known_width, known, server in list(_kept):
        if server.alive and (known_width, known) == (width, loaded):
            return server
        _kept.clear()
        server.close()
    launcher = new_launcher(width)
    if isinstance(launcher, ForkServer):
        _kept.append((width, loaded, launcher))
    return launcher


def close_server() -> None:
    """End the kept fork server, if there is one."""
    while _kept:
        _kept.pop()[2].close()


atexit.register(close_server)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
