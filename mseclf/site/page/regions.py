"""The parts of a page that the build replaces or reads: each knows its place and its span in the text."""

from dataclasses import dataclass

from mseclf.site.defect import Place
from mseclf.site.page.source import Source


@dataclass(frozen=True)
class Region:
    """A span of the page's text, `text[start:end]`, that begins at `place`."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True)
class Heading(Region):
    """A heading of any kind: it ends the hypotheses in force and opens a scope for definitions."""

    level: int
    text: str


@dataclass(frozen=True)
class Fold(Region):
    """``<details>``: hypotheses that begin below it end where it ends."""


@dataclass(frozen=True)
class FoldEnd(Region):
    """``</details>``."""


@dataclass(frozen=True)
class Citation(Region):
    """``[@key, Theorem 5; @key]``: a key with its locator for each work."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Note(Region):
    """``[^key]``, where a footnote is called and where it is written; the colon behind it is outside."""

    key: str


@dataclass(frozen=True)
class Dollar(Region):
    r"""``\$``: the sign, which the converter would show with its backslash."""


@dataclass(frozen=True)
class ExampleImage(Region):
    """``![alt](../examples/NAME.py#figure "caption")``: the figure that a script draws."""

    alt: str
    name: str
    figure: str | None
    caption: str | None


@dataclass(frozen=True)
class ValueSlot(Region):
    """Inline code ``{NAME} key:format``: a number that a script computed."""

    example: str
    key: str
    format_spec: str


@dataclass(frozen=True)
class InlineFormula(Region):
    """``$tex$`` in running text."""

    tex: str


@dataclass(frozen=True)
class DisplayEquation(Region):
    r"""A fenced block ``math`` and the comment directly above it; the span covers both, in whole lines.

    Attributes:
        id: its permanent address on the site, with the prefix ``eq-``.
        prefix: what stands before each of its lines: blanks, the marks of quotes.
        tex: the TeX between the fences, without the prefix.
        tex_place: where the first line of `tex` stands.
        is_definition: ``def``: it fixes its left side from here on.
        code: ``code: mse_gradient_logit(y, z)``, the function of mseclf that it must agree with.
        given: hypotheses that begin here and hold until the next heading.
        is_false: ``false``: the page shows it to be wrong, so it must be refuted.
        skip: the reason why it is not checked.
    """

    id: str
    prefix: str
    tex: str
    tex_place: Place
    is_definition: bool = False
    code: str | None = None
    given: tuple[str, ...] = ()
    is_false: bool = False
    skip: str | None = None

    def place_in(self, offset: int) -> Place:
        """Line and column of a character of its TeX."""
        inside = Source(self.place.path, self.tex).place_of(offset)
        column = self.tex_place.column + inside.column - 1
        return Place(inside.path, self.tex_place.line + inside.line - 1, column)


@dataclass(frozen=True)
class DoctestBlock(Region):
    """A fenced block with ``>>>`` prompts: `source` begins at `source_place`."""

    source: str
    source_place: Place
