"""A page: its text and the regions found in it, in order and without overlap."""

from dataclasses import dataclass

from mseclf.pages.regions import DisplayEquation, DoctestBlock, ExampleImage, Heading, InlineFormula, Region, ValueSlot


@dataclass(frozen=True)
class Page:
    """One Markdown page. `path` is relative to the repository, with forward slashes."""

    path: str
    text: str
    regions: tuple[Region, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return tuple(r for r in self.regions if isinstance(r, Heading))

    @property
    def images(self) -> tuple[ExampleImage, ...]:
        """The embedded examples, in order."""
        return tuple(r for r in self.regions if isinstance(r, ExampleImage))

    @property
    def values(self) -> tuple[ValueSlot, ...]:
        """The value slots, in order."""
        return tuple(r for r in self.regions if isinstance(r, ValueSlot))

    @property
    def formulas(self) -> tuple[InlineFormula, ...]:
        """The inline formulas, in order."""
        return tuple(r for r in self.regions if isinstance(r, InlineFormula))

    @property
    def equations(self) -> tuple[DisplayEquation, ...]:
        """The display equations, in order."""
        return tuple(r for r in self.regions if isinstance(r, DisplayEquation))

    @property
    def doctests(self) -> tuple[DoctestBlock, ...]:
        """The blocks with ``>>>`` prompts, in order."""
        return tuple(r for r in self.regions if isinstance(r, DoctestBlock))
