"""A page to jobs: each display with the definitions and hypotheses in force there, all still plain text.

Being plain text a job can be hashed for the cache and handed to another process; nothing here needs SymPy.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mseclf.pages import DisplayEquation, Heading, Page, Place


@dataclass(frozen=True)
class Hypothesis:
    """A `given:` and where it was written."""

    tex: str
    place: Place


@dataclass(frozen=True)
class Job:
    """One display in its context."""

    path: str
    equation: DisplayEquation
    definitions: tuple[DisplayEquation, ...]
    hypotheses: tuple[Hypothesis, ...]

    @cached_property
    def signature(self) -> str:
        """What the verdict depends on, apart from the symbol table and the sources."""
        own = self.equation
        parts = [own.tex, own.is_definition, own.is_false, own.code, own.skip, [h.tex for h in self.hypotheses],
                 [(d.tex, list(d.given)) for d in self.definitions]]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass
class _Frame:
    """A heading's scope: what was defined under it."""

    level: int
    definitions: list[DisplayEquation] = field(default_factory=list)


def jobs_of(page: Page) -> Iterator[Job]:
    """The displays of a page, in order.

    A definition holds to the end of its heading's scope, a hypothesis to the next heading.
    """
    frames = [_Frame(0)]
    hypotheses: list[Hypothesis] = []
    for region in page.regions:
        if isinstance(region, Heading):
            while frames[-1].level >= region.level:
                frames.pop()
            frames.append(_Frame(region.level))
            hypotheses = []
        elif isinstance(region, DisplayEquation):
            hypotheses = [*hypotheses, *(Hypothesis(tex, region.place) for tex in region.given)]
            known = tuple(d for frame in frames for d in frame.definitions)
            yield Job(page.path, region, known, tuple(hypotheses))
            if region.is_definition:
                frames[-1].definitions.append(region)
