"""The theme's stylesheets as this site needs them: dark without a script, and without rules for what no page has."""

import re
from collections.abc import Iterable, Iterator, Set
from typing import Final

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_EMPTY: Final = re.compile(r"@[^{}@;]+\{\s*\}")
_ARGUMENTS: Final = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_CLASS: Final = re.compile(r"\.([\w-]+)")
_CLASSES: Final = re.compile(r"""class=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_WORD: Final = re.compile(r"[\w-]+")


def dark_without_script(sheets: Iterable[str]) -> str:
    """The theme's dark scheme for readers without JavaScript, who cannot be given it by the palette's script.

    Every rule that asks for the scheme "slate" is repeated for the page as it is delivered.
    """
    rules: list[str] = []
    for css in sheets:
        found = re.findall(r"[^{}@]+\{[^{}]*\}", _COMMENT.sub("", css))
        rules += [rule for rule in found if "=slate]" in rule.split("{")[0]]
    return "\n".join(rules).replace("[data-md-color-scheme=slate]", "[data-md-color-scheme]")


def classes(page: str) -> set[str]:
    """Every class that an element of the page has."""
    return {name for found in set(_CLASSES.findall(page)) for name in "".join(found).split()}


def words(script: str) -> set[str]:
    """Every word of a script: among them are the classes that it gives to elements."""
    return set(_WORD.findall(script))


def without_unused(css: str, used: Set[str]) -> str:
    """Drop each selector that asks for a class which nothing has.

    A browser tries some two hundred rules of the theme for content tabs on every element of every page, and a first
    visit carries them.

    Args:
        css: A sheet without braces inside strings, such as the theme's.
        used: The classes that elements have or scripts may give them.
    """

    def rule(match: re.Match[str]) -> str:
        kept = [selector for selector in _selectors(match[1]) if _asked_for(selector) <= used]
        return f"{','.join(kept)}{{{match[2]}}}" if kept else ""

    css = _RULE.sub(rule, _COMMENT.sub("", css))
    while (shorter := _EMPTY.sub("", css)) != css:
        css = shorter
    return css


def _selectors(text: str) -> Iterator[str]:
    """The selectors of a list, cut at the commas that are in no parentheses."""
    begin = depth = 0
    for position, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            yield text[begin:position]
            begin = position + 1
    yield text[begin:]


def _asked_for(selector: str) -> set[str]:
    """The classes without which it matches nothing: not those in `:not(.a)` and `:is(.a, .b)`."""
    while (shorter := _ARGUMENTS.sub("", selector)) != selector:
        selector = shorter
    return set(_CLASS.findall(selector))
