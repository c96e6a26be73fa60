"""The theme's sheet without what no page of this site can use: a third of it is for pages that are not there.

A rule goes when each of its selectors asks for a class that stands in no page and is no word of a script, or for text
that runs from right to left. A custom property goes when nobody asks for it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import tinycss2
from selectolax.lexbor import LexborHTMLParser

_WORD: Final = re.compile(r"[\w-]+")
_ASKED: Final = re.compile(r"var\(\s*(--[\w-]+)")
_PROPERTY: Final = re.compile(r"--[\w-]+")


@dataclass(frozen=True)
class Used:
    """What the site's pages, scripts and sheets use."""

    pages: tuple[str, ...]
    scripts: tuple[str, ...]
    sheets: tuple[str, ...]

    @cached_property
    def classes(self) -> frozenset[str]:
        """Every class of a page, and every word of a script: it may become one."""
        found = {name for page in self.pages for name in _classes(page)}
        return frozenset(found.union(*map(_WORD.findall, self.scripts)))

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """Words of scripts that end in a hyphen: the rest of the class is put behind them."""
        return tuple(word for word in self.classes if word.endswith("-") and len(word) > 2)

    @cached_property
    def properties(self) -> frozenset[str]:
        """Custom properties that a sheet asks for, or that a page or a script names."""
        asked = {name for sheet in self.sheets for name in _ASKED.findall(sheet)}
        return frozenset(asked.union(*(_PROPERTY.findall(text) for text in (*self.pages, *self.scripts))))

    def has(self, name: str) -> bool:
        """Whether an element may have this class."""
        return name in self.classes or name.startswith(self.beginnings)


def _classes(page: str) -> Iterator[str]:
    for element in LexborHTMLParser(page).css("[class]"):
        yield from (element.attributes["class"] or "").split()


def without_unused(sheet: str, used: Used) -> str:
    """The sheet without the rules and properties that nothing on the site uses."""
    return "".join(_kept(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), used))


def _kept(rules: Iterable[Any], used: Used) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if text := "".join(_kept(inner, used)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}"
        elif rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _may_match(s, used)]
            content = _declarations(rule.content, used)
            if selectors and content:
                yield f"{','.join(tinycss2.serialize(s).strip() for s in selectors)}{{{content}}}"
        else:
            yield rule.serialize()


def _selectors(prelude: Iterable[Any]) -> list[list[Any]]:
    """A rule's selectors, parted at the commas outside brackets."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _may_match(selector: list[Any], used: Used) -> bool:
    for before, token in zip([None, *selector], selector, strict=False):
        if before == "." and token.type == "ident" and not used.has(token.value):
            return False
        if token.type == "[] block" and "".join(tinycss2.serialize(token.content).split()) in ("dir=rtl", 'dir="rtl"'):
            return False
    return True


def _declarations(content: Iterable[Any], used: Used) -> str:
    kept: list[str] = []
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type == "declaration" and part.name.startswith("--") and part.name not in used.properties:
            continue
        kept.append(part.serialize())
    return ";".join(kept)
