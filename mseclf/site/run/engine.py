"""Run examples: take from the cache what is there, run the others side by side, keep the successes."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mseclf.site.pool import cores
from mseclf.site.run.cache import Cache
from mseclf.site.run.ended import outcome
from mseclf.site.run.example import Example, ExampleError, parse_example, read_script
from mseclf.site.run.inputs import Inputs, common_inputs, digest, find_inputs
from mseclf.site.run.job import Job
from mseclf.site.run.launch import run_jobs
from mseclf.site.run.outcome import ExampleFailure, ExampleRun, Outcome

Progress = Callable[[Outcome, int, int], None]
"""Called with each outcome, how many are done, and how many there are."""


@dataclass(frozen=True)
class _Planned:
    """An example that has to run, why, and how long it took last time, or may take if that is not known."""

    example: Example
    inputs: Inputs
    reason: str
    seconds: float


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
    wanted, root, kept = tuple(dict.fromkeys(names)), root.resolve(), Cache(cache)
    common = common_inputs(root)
    outcomes: dict[str, Outcome] = {}
    planned = []

    def tell(result: Outcome) -> None:
        outcomes[result.name] = result
        if progress:
            progress(result, len(outcomes), len(wanted))

    for name in wanted:
        plan = _plan(name, root, kept, common, force)
        if isinstance(plan, _Planned):
            planned.append(plan)
        else:
            tell(plan)
    if planned:
        for result in _run(planned, root, kept, jobs or cores()):
            tell(result)
        kept.prune()
    return {name: outcomes[name] for name in wanted}


def _plan(name: str, root: Path, cache: Cache, common: Inputs, force: bool) -> _Planned | Outcome:
    """What is known of an example, or what has to run. Its docstring is parsed only when it changed or has to run."""
    try:
        script = read_script(name, root)
        latest = cache.latest(name)
        same = latest is not None and latest.parts.get(f"examples/{name}.py") == digest(script)
        example = None if same else parse_example(name, script)
        data = example.data if example else latest.data if latest else ()
        _check(data, root)
        inputs = find_inputs(name, script, data, root, common)
        if not force and (found := cache.find(name, inputs, latest)):
            return found
        reason = "forced" if force else cache.why(inputs, latest)
        example = example or parse_example(name, script)
        return _Planned(example, inputs, reason, latest.seconds if latest else example.time_limit)
    except ExampleError as error:
        return ExampleFailure(name, error.line, error.message)


def _check(data: Iterable[str], root: Path) -> None:
    for name in data:
        path = (root / name).resolve()
        if not path.is_file() or not path.is_relative_to(root):
            raise ExampleError(1, f"`Data: {name}`: no such file in the repository")


def _run(planned: list[_Planned], root: Path, cache: Cache, width: int) -> Iterator[Outcome]:
    """Run what has to run, the longest first: the last one to start should be short."""
    folder = Path(tempfile.mkdtemp(prefix="mseclf-"))
    try:
        pairs = [(plan, _job(plan, root, folder)) for plan in sorted(planned, key=lambda plan: -plan.seconds)]
        known = {job.name: (plan, job) for plan, job in pairs}
        # Closed on Ctrl-C, for one: what still runs must not go on.
        with contextlib.closing(run_jobs(folder, [job for _, job in pairs], width)) as ended:
            for name, ending in ended:
                plan, job = known[name]
                result = outcome(plan.example, job, ending, plan.reason)
                shutil.rmtree(job.folder, ignore_errors=True)
                # What was hashed must be what ran: somebody may have saved a file in between.
                if isinstance(result, ExampleRun) and plan.inputs.unchanged():
                    cache.store(result, plan.inputs)
                yield result
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _job(plan: _Planned, root: Path, folder: Path) -> Job:
    example = plan.example
    job = Job(
        name=example.name,
        path=str(root / "examples" / f"{example.name}.py"),
        script=example.script,
        root=str(root),
        reads=tuple(map(str, plan.inputs.files.values())),
        folder=str(folder / example.name),
        time_limit=example.time_limit,
    )
    job.make_folders()
    return job
