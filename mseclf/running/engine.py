"""Run examples: take from the cache what is there, run the others side by side, keep the successes."""

import atexit
import itertools
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mseclf.running.cache import Cache, Miss
from mseclf.running.example import Example, ExampleError, example_names, parse_example, read_script
from mseclf.running.inputs import Inputs, Parts, engine_parts, find_inputs
from mseclf.running.job import Job
from mseclf.running.launchers import ForkServer, Launcher, new_launcher
from mseclf.running.outcome import ExampleFailure, ExampleRun, Outcome
from mseclf.running.snapshot import Snapshot
from mseclf.running.sources import Memory
from mseclf.running.verdict import outcome

Progress = Callable[[Outcome, int, int], None]
"""Called with each outcome, how many are done, and how many there are."""


@dataclass(frozen=True)
class _Planned:
    """An example that has to run."""

    example: Example
    inputs: Inputs
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
        self._common = engine_parts()
        self._memory = Memory(cache / "sources.json" if cache else None, self._common["mseclf/running/sources.py"])
        self._width = jobs or _cores()
        try:
            self._start(self._plans(force))
        except BaseException:
            if self._launcher is not None:
                self._launcher.close()
            raise

    def results(self, progress: Progress | None = None) -> dict[str, Outcome]:
        """Wait for all, and return them in the order of the names.

        Raises:
            EngineError: The machinery failed, not an example.
        """
        for done, known in enumerate(list(self._outcomes.values()), start=1):
            if progress:
                progress(known, done, len(self._names))
        if self._launcher is not None:
            launcher, self._launcher = self._launcher, None
            try:
                for folder in launcher.finished(len(self._planned)):
                    result = self._finish(folder)
                    if progress:
                        progress(result, len(self._outcomes), len(self._names))
            except BaseException:
                launcher.close()  # Ctrl-C, for one: what still runs must not go on
                raise
            _give_back(launcher, self._common)
            self._tidy()
        return {name: self._outcomes[name] for name in self._names}

    def _plans(self, force: bool) -> list[_Planned]:
        """What has to run; the launcher loads matplotlib while the rest is looked at."""
        snapshot = Snapshot(self._root, self._memory)
        planned = []
        for name in self._names:
            plan = self._plan(name, snapshot, force)
            if plan is not None:
                self._launcher = self._launcher or _take_launcher(self._width, self._common)
                planned.append(plan)
        return planned

    def _plan(self, name: str, snapshot: Snapshot, force: bool) -> _Planned | None:
        try:
            example, inputs = _read(name, snapshot, self._common)
        except ExampleError as error:
            self._outcomes[name] = ExampleFailure(name, error.line, error.message)
            return None
        found = self._cache.find(name, inputs)
        if isinstance(found, ExampleRun):
            if not force:
                self._outcomes[name] = found
                return None
            found = Miss("forced", found.seconds)
        return _Planned(example, inputs, replace(found, reason="forced") if force else found)

    def _start(self, planned: list[_Planned]) -> None:
        # The longest first: the last one to start should be short.
        for plan in sorted(planned, key=lambda plan: -plan.miss.seconds):
            assert self._launcher is not None
            name = plan.example.name
            job = Job(
                name=name,
                path=str(self._root / "examples" / f"{name}.py"),
                script=plan.example.script,
                root=str(self._root),
                reads=tuple(map(str, plan.inputs.files.values())),
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
        # What was hashed must be what ran: somebody may have saved a file in between.
        if isinstance(result, ExampleRun) and plan.inputs.unchanged():
            self._cache.store(result, plan.inputs)
        return result

    def _tidy(self) -> None:
        self._cache.prune(example_names(self._root))
        try:
            self._memory.save()
        except OSError as error:
            self._cache.warn(error)


def _read(name: str, snapshot: Snapshot, common: Parts) -> tuple[Example, Inputs]:
    script = read_script(name, snapshot.root)
    example = parse_example(name, script, snapshot.memory.source)
    for data in example.data:
        path = (snapshot.root / data).resolve()
        if not path.is_file() or not path.is_relative_to(snapshot.root):
            raise ExampleError(1, f"`Data: {data}`: no such file in the repository")
    return example, find_inputs(name, script, example.data, snapshot, common)


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
        _, inputs = _read(name, Snapshot(root, Memory(None, "")), {})
    except ExampleError:
        return frozenset({script})
    return frozenset(inputs.files.values())


_counter = itertools.count(1)
_idle: list[tuple[Parts, ForkServer]] = []
"""Fork servers between two builds of this process, with the versions they have loaded: at most one."""


def _take_launcher(width: int, loaded: Parts) -> Launcher:
    while _idle:
        known, server = _idle.pop()
        if server.alive and server.width == width and known == loaded:
            return server
        server.close()
    return new_launcher(width)


def _give_back(launcher: Launcher, loaded: Parts) -> None:
    """Keep a fork server for the next build: starting one takes half a second."""
    if isinstance(launcher, ForkServer) and not _idle:
        _idle.append((loaded, launcher))
    else:
        launcher.close()


def close_server() -> None:
    """End the fork server that waits for the next build, if there is one."""
    while _idle:
        _idle.pop()[1].close()


atexit.register(close_server)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
