"""Finds what stands inside running text: images, value slots, inline formulas, headings, comments."""

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mseclf.pages.place import PageError, Place
from mseclf.pages.regions import ExampleImage, Heading, InlineFormula, Region, ValueSlot

# One pass from left to right: what matches first hides what is inside it, as in Markdown.
_TOKEN = re.compile(
    r"""
      (?P<comment><!--(?P<inside>.*?)-->)
    | (?P<escape>\\[\\`*_{}\[\]()\#+\-.!$<>|])
    | (?P<code>(?P<ticks>`+)(?!`)(?P<span>.+?)(?<!`)(?P=ticks)(?!`))
    | (?P<image>!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\(\s*(?P<target>[^\s)]*)(?:\s+"(?P<caption>[^"]*)")?\s*\))
    | (?P<dollars>\$\$(?:[^$]*\$\$)?)
    | (?P<math>\$(?![\s$])(?P<tex>(?:[^$\\\n]|\\.|\n(?!\s*\n))+?)(?<!\s)\$(?!\d))
    | (?P<tag></?[A-Za-z][^>\n]*>)
    | (?:^|(?<=\n))(?P<heading>(?P<marks>\#{1,6})[ \t]+(?P<title>[^\n]*))
    """,
    re.VERBOSE | re.DOTALL,
)
_SLOT = re.compile(r"\{(?P<example>[^{}]*)\}(?P<rest>.*)", re.DOTALL)
_SLOT_REST = re.compile(r"[ ](?P<key>[A-Za-z_]\w*)(?::(?P<format>[^`\n]*))?")
_EXAMPLE = re.compile(r"examples/(?P<name>[a-z][a-z0-9_]*)\.py")


@dataclass(frozen=True)
class Comment(Region):
    """An HTML comment; `inside` is its text."""

    inside: str


def scan(text: str, start: int, end: int, place_of: Callable[[int], Place]) -> Iterator[Region | PageError]:
    """Yield the regions of ``text[start:end]`` in order, and an error for each that breaks a rule."""
    position = start
    while (match := _TOKEN.search(text, position, end)) is not None:
        place = place_of(match.start())
        position = match.end()
        try:
            region = _region(match, place)
        except ValueError as error:
            yield PageError(place, str(error))
            continue
        if region is not None:
            yield region
        if isinstance(region, Heading) and _has_formula(match["title"]):
            yield PageError(place, "a heading cannot hold a formula: it is also a menu entry and an address")


def _has_formula(title: str) -> bool:
    return any(match["math"] for match in _TOKEN.finditer(title))


def _region(match: re.Match[str], place: Place) -> Region | None:
    span = (match.start(), match.end(), place)
    match match.lastgroup and _kind(match):
        case "comment":
            return Comment(*span, match["inside"])
        case "heading":
            return Heading(*span, level=len(match["marks"]), text=match["title"].strip())
        case "math":
            return InlineFormula(*span, tex=match["tex"])
        case "dollars":
            raise ValueError("'$$' is not used here: write a display as a fenced block ```math")
        case "code" if match["ticks"] == "`":
            return _value_slot(match, span)
        case "image":
            return _example_image(match, span)
        case _:
            return None


def _kind(match: re.Match[str]) -> str:
    kinds = ("comment", "escape", "code", "image", "dollars", "math", "tag", "heading")
    return next(kind for kind in kinds if match[kind] is not None)


def _value_slot(match: re.Match[str], span: tuple[int, int, Place]) -> ValueSlot | None:
    slot = _SLOT.fullmatch(match["span"])
    if slot is None:
        return None
    rest = _SLOT_REST.fullmatch(slot["rest"])
    if rest is None or not slot["example"].isidentifier():
        raise ValueError(f"`{match['span']}` is not `{{example}} key` or `{{example}} key:format`")
    return ValueSlot(*span, example=slot["example"], key=rest["key"], format_spec=rest["format"] or "")


def _example_image(match: re.Match[str], span: tuple[int, int, Place]) -> ExampleImage | None:
    alt = " ".join(match["alt"].split())
    if not alt:
        raise ValueError("this image has no alternative text: say between the brackets what it shows")
    target, _, fragment = match["target"].partition("#")
    if not target.endswith(".py"):
        return None
    if "$" in alt:
        raise ValueError("alternative text is read aloud: write it in words, without formulas")
    page = span[2].path
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
    example = _EXAMPLE.fullmatch(inside)
    if example is None:
        raise ValueError(f"{target!r} is {inside!r}; only scripts directly in examples/ can be embedded")
    caption = html.unescape(match["caption"]) if match["caption"] else None
    return ExampleImage(*span, html.unescape(alt), example["name"], fragment or None, caption)
