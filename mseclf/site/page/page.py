"""A page: its text and the regions found in it, in order and without overlap."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from mseclf.site.page.markdown import Markdown
from mseclf.site.page.regions import (
    Citation,
    DisplayEquation,
    DoctestBlock,
    ExampleImage,
    Fold,
    FoldEnd,
    Heading,
    InlineFormula,
    Region,
    ValueSlot,
)

_Kind = TypeVar("_Kind", bound=Region)


@dataclass(frozen=True)
class Page(Markdown):
    """One Markdown page. `path` is relative to the repository, with forward slashes."""

    regions: tuple[Region, ...] = ()

    def _all(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(region for region in self.regions if isinstance(region, kind))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return self._all(Heading)

    @property
    def images(self) -> tuple[ExampleImage, ...]:
        """The embedded examples, in order."""
        return self._all(ExampleImage)

    @property
    def values(self) -> tuple[ValueSlot, ...]:
        """The value slots, in order."""
        return self._all(ValueSlot)

    @property
    def examples(self) -> frozenset[str]:
        """The examples whose figures or values it shows."""
        return frozenset(image.name for image in self.images) | {slot.example for slot in self.values}

    @property
    def formulas(self) -> tuple[InlineFormula, ...]:
        """The inline formulas, in order."""
        return self._all(InlineFormula)

    @property
    def equations(self) -> tuple[DisplayEquation, ...]:
        """The display equations, in order."""
        return self._all(DisplayEquation)

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The number of each display by its id. Those in folded proofs have letters, so no number is missing."""
        found: dict[str, str] = {}
        last = letter = 0
        folds: list[bool] = []  # whether each fold around is a proof
        for region in self.regions:
            match region:
                case Fold():
                    folds.append('"proof"' in self.text[region.start : region.end])
                case FoldEnd():
                    del folds[-1:]
                case DisplayEquation() if any(folds):
                    letter += 1
                    found[region.id] = f"{last or ''}{_letters(letter)}"
                case DisplayEquation():
                    last, letter = last + 1, 0
                    found[region.id] = str(last)
        return found

    @property
    def doctests(self) -> tuple[DoctestBlock, ...]:
        """The blocks with ``>>>`` prompts, in order."""
        return self._all(DoctestBlock)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations, in order."""
        return self._all(Citation)


def _letters(number: int) -> str:
    """The letter ``a`` for 1, ``z`` for 26, ``aa`` for 27."""
    return (_letters((number - 1) // 26) if number > 26 else "") + chr(ord("a") + (number - 1) % 26)
