"""What examples gave, and what pages embed of it: unknown scripts, missing figures, unused examples."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mseclf.site.defect import Defect, Defects, Place, Rule, Trouble, nearest
from mseclf.site.page import ExampleImage, Page
from mseclf.site.publish.figure_html import choose_figure
from mseclf.site.publish.project import Project
from mseclf.site.run import EngineError, ExampleFailure, ExampleRun, example_names, nameless, run_examples
from mseclf.site.run.printable import printable_outcome


@dataclass(frozen=True)
class Examples:
    """What there is to embed.

    Attributes:
        names: of all scripts in examples/, run or not.
        runs: what those gave that ran.
        failures: of those that did not come to an end.
    """

    names: Collection[str]
    runs: Mapping[str, ExampleRun]
    failures: Mapping[str, ExampleFailure]


def run_all(project: Project, wanted: Collection[str] | None = None) -> Examples:
    """Run the examples with these names, or all; what they say can be shown."""
    names = example_names(project.root)
    chosen = [name for name in names if wanted is None or name in wanted]
    try:
        outcomes = run_examples(chosen, root=project.root, cache=project.cache / "examples")
    except EngineError as error:  # it imports the package, which may be half typed
        raise Defects(_half_typed(error, project.root)) from error
    runs = {name: printable_outcome(outcome) for name, outcome in outcomes.items() if isinstance(outcome, ExampleRun)}
    failures = {name: printable_outcome(out) for name, out in outcomes.items() if isinstance(out, ExampleFailure)}
    return Examples(names, runs, failures)


def _half_typed(error: EngineError, root: Path) -> Defect:
    """The innermost line of the package in what the process that runs examples said when it ended."""
    said = str(error)
    frames = re.findall(rf'File "{re.escape(str(root))}/([^"]+)", line (\d+)', said)
    path, line = frames[-1] if frames else ("mseclf/__init__.py", "1")
    words = said.strip().splitlines()[-1]
    return Defect(Place(path, int(line)), Rule.EXAMPLE, f"no example can run: {words}")


def misnamed(root: Path) -> Iterator[Defect]:
    """Yield a defect for each script in examples/ that no page could name."""
    for name in nameless(root):
        message = f"{name!r} is no example's name, so that it never runs"
        remedy = "rename it: lower-case letters, digits and underscores, a letter first"
        yield Defect(Place(f"examples/{name}", 1), Rule.EXAMPLE, message, remedy)


def said_aside(runs: Mapping[str, ExampleRun]) -> Iterator[str]:
    """Yield what examples that passed wrote to standard error: no page shows it, and it may be a warning."""
    for run in runs.values():
        if lines := [line for line in run.stderr.splitlines() if line.strip()]:
            more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
            yield f"examples/{run.name}.py:1: printed to standard error: {lines[0]}{more}"


def wrong_images(pages: Iterable[Page], examples: Examples) -> Iterator[Defect]:
    """Yield a defect for each image of these pages that names no script, or a figure that its script does not draw."""
    for page in pages:
        for image in page.images:
            if trouble := _wrong_image(image, examples):
                yield trouble.at(image.place, Rule.FIGURE)


def wrong_examples(pages: Iterable[Page], examples: Examples, complete: bool) -> Iterator[Defect]:
    """Yield a defect for each example that failed, and for each that no page embeds.

    Args:
        pages: all pages that somebody wrote, in their order.
        examples: that were run.
        complete: every page could be read; else nobody can say that an example is not shown.
    """
    pages = tuple(pages)
    first = _first_places(pages)
    numbers = {slot.example for page in pages for slot in page.values}
    for name, failure in examples.failures.items():
        where = f" (embedded at {first[name]})" if name in first else ""
        yield Defect(Place(failure.path, failure.line or 1), Rule.EXAMPLE, f"{failure.message}{where}")
    if complete:
        for name in (*examples.runs, *examples.failures):
            run = examples.runs.get(name)
            shown = first.keys() | numbers if run and not run.figures else first.keys()
            if name not in shown:
                yield Defect(
                    Place(f"examples/{name}.py", 1), Rule.EXAMPLE, "no page embeds this example", _show(name, run)
                )


def _show(name: str, run: ExampleRun | None) -> str:
    if run and not run.figures:
        value = next(iter(run.values), "")
        return f"show a value on a page, as `{{{name}}} {value}`" if value else "let it draw a figure or have `values`"
    return f"show it on a page, as ![what it shows](../examples/{name}.py)"


def _first_places(pages: Iterable[Page]) -> dict[str, Place]:
    first: dict[str, Place] = {}
    for page in pages:
        for image in page.images:
            first.setdefault(image.name, image.place)
    return first


def _wrong_image(image: ExampleImage, examples: Examples) -> Trouble | None:
    if image.name in examples.failures:
        return None  # the failure is told once, with its own place
    if image.name not in examples.runs:
        near = nearest(image.name, examples.names)
        return Trouble(f"there is no script examples/{image.name}.py", f"did you mean {near}.py?" if near else "")
    try:
        choose_figure(image, examples.runs[image.name])
    except Trouble as trouble:
        return trouble
    return None
