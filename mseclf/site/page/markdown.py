"""A text in Markdown, cut once into blocks and tokens: what every reader of pages reads."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mseclf.site.defect import Defect
from mseclf.site.page.fences import Block, Fence, Prose, blocks, front_matter
from mseclf.site.page.source import Source
from mseclf.site.page.tokens import Token, tokens

HIDING = frozenset({"comment", "open comment", "escape", "code", "dollars", "math"})
_NO_WORDS = HIDING | {"citation", "mark", "tag", "reference", "footnote", "abbreviation", "api"}
_REST = re.compile(
    r"""
      \{[^{}\n]*\}            # attributes
    | \w+://[^\s)>]*          # an address
    | &\#?\w+;                # an entity
    | ^[ ]*(?:>[ ]?)+\[![A-Z]+\]  # GitHub's callout
    | ^[ ]*(?:!!!|\?\?\?\+?|===\+?)[ ]\S*  # an admonition, a tab
    """,
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True)
class Markdown(Source):
    """A text and its facts, in order and without overlap; `troubles` are the fences that are not closed."""

    blocks: tuple[Block, ...] = ()
    tokens: tuple[Token, ...] = ()
    troubles: tuple[Defect, ...] = ()

    @property
    def prose(self) -> tuple[Prose, ...]:
        """The parts that are running text."""
        return tuple(block for block in self.blocks if isinstance(block, Prose))

    @property
    def fences(self) -> tuple[Fence, ...]:
        """The fenced blocks."""
        return tuple(block for block in self.blocks if isinstance(block, Fence))

    @cached_property
    def visible(self) -> str:
        """The text with blanks in the place of code, formulas and comments: every offset still tells its place."""
        return self.without(HIDING)

    @cached_property
    def words(self) -> str:
        """The text with blanks in the place of everything that is not read as words."""
        parts = list(self.without(_NO_WORDS))
        for token in self.tokens:  # a title is read, an address is not
            if token.kind in {"link", "image"}:
                stop = self.text.find('"', token.start, token.end) if token.kind == "link" else -1
                start = token.start if token.kind == "link" else token.start + 2 + len(token.body)
                stop = start + 2 + len(token.target) + 1 if token.kind == "image" else stop
                end = stop if 0 <= stop < token.end else token.end
                parts[start:end] = blanked(self.text[start:end])
        return _REST.sub(lambda found: blanked(found[0]), "".join(parts))

    def without(self, kinds: Collection[str]) -> str:
        """The text with blanks in the place of front matter, blocks of code and some kinds of tokens."""
        parts, position = [blanked(self.text[: front_matter(self.text)])], front_matter(self.text)
        for start, end in self._spans(kinds):
            parts += [self.text[position:start], blanked(self.text[start:end])]
            position = end
        return "".join([*parts, self.text[position:]])

    def _spans(self, kinds: Collection[str]) -> list[tuple[int, int]]:
        hidden: list[Block | Token] = [block for block in self.blocks if not isinstance(block, Prose)]
        hidden += [token for token in self.tokens if token.kind in kinds]
        ends = self.blocks[-1].end if self.blocks else front_matter(self.text)
        # Behind a fence that is never closed nothing is known.
        return [*sorted((part.start, part.end) for part in hidden), (ends, len(self.text))]


@lru_cache(maxsize=512)  # while serving, pages that did not change are not cut again
def read_markdown(path: str, text: str) -> Markdown:
    r"""Cut a text with ``\n`` line ends into its blocks and tokens."""
    source = Source(path, text)
    found = list(blocks(source))
    parts = tuple(part for part in found if isinstance(part, Block))
    marks = tuple(token for part in parts if isinstance(part, Prose) for token in tokens(text, part.start, part.end))
    return Markdown(path, text, parts, marks, tuple(part for part in found if isinstance(part, Defect)))


def blanked(text: str) -> str:
    """Blanks in the place of a text: its lines stay where they are."""
    return re.sub(r"[^\n]", " ", text)
