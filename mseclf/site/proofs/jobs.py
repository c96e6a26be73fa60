"""A page to jobs: each display with the definitions and hypotheses in force there, all still plain text.

Being plain text a job can be hashed for the cache and handed to another process; nothing here needs SymPy.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mseclf.site.defect import Place
from mseclf.site.page import DisplayEquation, Fold, FoldEnd, Heading, Page


@dataclass(frozen=True)
class Hypothesis:
    """A `given:` and where it was written."""

    tex: str
    place: Place


@dataclass(frozen=True)
class Defined:
    """A definition, and the hypotheses that were in force where it stands."""

    equation: DisplayEquation
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True)
class Job:
    """One display in its context."""

    path: str
    equation: DisplayEquation
    definitions: tuple[Defined, ...]
    hypotheses: tuple[Hypothesis, ...]

    @cached_property
    def signature(self) -> str:
        """What the verdict depends on, apart from the symbol table and the sources."""
        own = self.equation
        known = [(d.equation.id, d.equation.tex, *(h.tex for h in d.hypotheses)) for d in self.definitions]
        parts = [own.tex, own.is_definition, own.is_false, own.code, own.skip, [h.tex for h in self.hypotheses],
                 known]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass
class _Frame:
    """A heading's scope: what was defined under it."""

    level: int
    definitions: list[Defined] = field(default_factory=list)


def jobs_of(page: Page) -> Iterator[Job]:
    """The displays of a page, in order.

    A definition holds to the end of its heading's scope, a hypothesis to the next heading, or to the end of
    the folded block that it stands in; that of a definition belongs to the definition alone.
    """
    frames = [_Frame(0)]
    hypotheses: list[Hypothesis] = []
    outside: list[list[Hypothesis]] = []  # what was in force where each open folded block began
    for region in page.regions:
        if isinstance(region, Heading):
            while frames[-1].level >= region.level:
                frames.pop()
            frames.append(_Frame(region.level))
            hypotheses = []
        elif isinstance(region, Fold):
            outside.append(hypotheses)
        elif isinstance(region, FoldEnd) and outside:
            before = outside.pop()
            hypotheses = [hypothesis for hypothesis in hypotheses if hypothesis in before]
        elif isinstance(region, DisplayEquation):
            own = [*hypotheses, *(Hypothesis(tex, region.place) for tex in region.given)]
            known = tuple(d for frame in frames for d in frame.definitions)
            yield Job(page.path, region, known, tuple(own))
            if region.is_definition:
                frames[-1].definitions.append(Defined(region, tuple(own)))
            else:
                hypotheses = own
