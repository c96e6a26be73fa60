"""The words of a page: what is left when code, formulas, comments, addresses and tags are taken away.

What is taken away is replaced by blanks of the same length, so that every offset still tells line and column.
"""

import re
from collections.abc import Iterator

from mseclf.pages import PageError, Place
from mseclf.pages.fences import Fence, split

_HIDDEN = re.compile(
    r"""
      <!--.*?(?:-->|\Z)
    | \\[\\`*_{}\[\]()\#+\-.!$<>|]
    | (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    | \$\$[^$]*\$\$
    | \$(?![\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))+?(?<!\s)\$(?!\d)
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKUP = re.compile(
    r"""
      \]\([^)\s"]*            # the address of a link or an image; its title are words
    | ^\[[^\]]+\]:[^\n]*      # the address of a reference
    | ^\*\[[^\]]+\]:          # what an abbreviation stands for are words, the abbreviation is not
    | ^:::[^\n]*              # an API entry
    | </?[A-Za-z][^>]*>       # a tag
    | \[@[^\]]*\]             # a citation
    | \[\^[^\]]*\]            # a footnote's mark
    | \{[^{}\n]*\}            # attributes
    | \w+://[^\s)>]*          # an address
    | &\#?\w+;                # an entity
    | ^>[ ]?\[![A-Z]+\]       # GitHub's callout
    """,
    re.VERBOSE | re.MULTILINE,
)

_MEANING = re.compile(r'meaning: "([^"]*)"')


def place_of(path: str, text: str, offset: int) -> Place:
    """Line and column of a character of a file."""
    before = text[:offset]
    return Place(path, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def fences(path: str, text: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a page, as far as it can be read."""
    try:
        for part in split(path, text):
            if isinstance(part, Fence):
                yield part
    except PageError:
        return  # the fence that is never closed is told by the reader of pages


def outside_code(path: str, text: str, keep_escapes: bool = False) -> str:
    r"""The page with fenced blocks, front matter, code spans, formulas and comments blanked out.

    Args:
        path: of the page.
        text: of the page.
        keep_escapes: leave escaped characters, such as ``\[``, in their place.
    """
    kept, position = [], 0

    def hide(match: re.Match[str]) -> str:
        return match[0] if keep_escapes and match[0][0] == "\\" else _blank(match[0])

    try:
        for part in split(path, text):
            between = text[part.start : part.end]
            kept += [_blank(text[position : part.start])]
            kept += [_blank(between) if isinstance(part, Fence) else _HIDDEN.sub(hide, between)]
            position = part.end
    except PageError:
        pass  # the fence that is never closed hides the rest
    return "".join(kept) + _blank(text[position:])


def words_only(path: str, text: str) -> str:
    """The page with everything blanked out that is not read as words; of the notation its meanings are."""
    if path.endswith(".yml"):
        kept = [(match.start(1), match.end(1)) for match in _MEANING.finditer(text)]
        starts = [0, *(end for _, end in kept)]
        ends = [*(start for start, _ in kept), len(text)]
        blanks = [_blank(text[start:end]) for start, end in zip(starts, ends, strict=True)]
        meanings = [text[start:end] for start, end in kept]
        return "".join(part for pair in zip(blanks, [*meanings, ""], strict=True) for part in pair)
    return _MARKUP.sub(lambda match: _blank(match[0]), outside_code(path, text))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
