"""What pages embed, held against what the examples gave: unknown scripts, missing figures, unused examples."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mseclf.pages import ExampleImage, Page, Place
from mseclf.publish.figure_html import choose_figure
from mseclf.running import ExampleFailure, ExampleRun


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


def wrong_images(pages: Iterable[Page], examples: Examples) -> Iterator[str]:
    """Yield a message for each image of these pages that names no script, or a figure that its script does not draw."""
    for page in pages:
        for image in page.images:
            if message := _wrong(image, examples):
                yield f"{image.place}: {message}"


def wrong_examples(pages: Iterable[Page], examples: Examples, complete: bool) -> Iterator[str]:
    """Yield a message for each example that failed, and for each that no page embeds.

    Args:
        pages: all pages that somebody wrote, in their order.
        examples: that were run.
        complete: every page could be read; else nobody can say that an example is not shown.
    """
    first = _first_places(pages)
    for name, failure in examples.failures.items():
        yield f"{failure} (embedded at {first[name]})" if name in first else str(failure)
    if complete:
        for name in (*examples.runs, *examples.failures):
            if name not in first:
                yield f"examples/{name}.py:1: no page embeds this example"


def _first_places(pages: Iterable[Page]) -> dict[str, Place]:
    first: dict[str, Place] = {}
    for page in pages:
        for image in page.images:
            first.setdefault(image.name, image.place)
    return first


def _wrong(image: ExampleImage, examples: Examples) -> str | None:
    if image.name in examples.failures:
        return None  # the failure is told once, with its own place
    if image.name not in examples.runs:
        near = difflib.get_close_matches(image.name, examples.names, n=1)
        hint = f"; did you mean {near[0]}.py?" if near else ""
        return f"there is no script examples/{image.name}.py{hint}"
    try:
        choose_figure(image, examples.runs[image.name])
    except ValueError as error:
        return str(error)
    return None
