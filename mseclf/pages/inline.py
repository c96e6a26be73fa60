"""Finds what stands inside running text: images, value slots, inline formulas, headings, comments."""

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mseclf.pages.place import PageError, Place
from mseclf.pages.regions import ExampleImage, Heading, InlineFormula, Region, ValueSlot
from mseclf.pages.tokens import Token, tokens

_SLOT = re.compile(r"\{(?P<example>[^{}]*)\}(?P<rest>.*)", re.DOTALL)
_SLOT_REST = re.compile(r"[ ](?P<key>[A-Za-z_]\w*)(?::(?P<format>[^`\n]*))?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EXAMPLE = re.compile(rf"examples/(?P<name>{_NAME.pattern})\.py")


@dataclass(frozen=True)
class Comment(Region):
    """An HTML comment; `inside` is its text."""

    inside: str


def scan(text: str, start: int, end: int, place_of: Callable[[int], Place]) -> Iterator[Region | PageError]:
    """Yield the regions of ``text[start:end]`` in order, and an error for each that breaks a rule."""
    for token in tokens(text, start, end):
        place = place_of(token.start)
        try:
            region = _region(token, place)
        except ValueError as error:
            yield PageError(place, str(error))
            continue
        if region is not None:
            yield region
        if isinstance(region, Heading) and _has_formula(token.body):
            yield PageError(place, "a heading cannot hold a formula: it is also a menu entry and an address")


def _has_formula(title: str) -> bool:
    return any(token.kind == "math" for token in tokens(title, 0, len(title)))


def _region(token: Token, place: Place) -> Region | None:
    span = (token.start, token.end, place)
    match token.kind:
        case "comment":
            return Comment(*span, token.body)
        case "heading":
            return Heading(*span, level=len(token.mark), text=token.body.strip())
        case "math":
            return InlineFormula(*span, tex=token.body)
        case "open comment":
            raise ValueError("this comment is not closed before the next block: add -->")
        case "dollars":
            raise ValueError("'$$' is not used here: write a display as a fenced block ```math")
        case "code" if token.mark == "`":
            return _value_slot(token.body, span)
        case "image":
            return _example_image(token, span)
        case _:
            return None


def _value_slot(code: str, span: tuple[int, int, Place]) -> ValueSlot | None:
    slot = _SLOT.fullmatch(code)
    if slot is None:
        return None
    rest = _SLOT_REST.fullmatch(slot["rest"])
    if rest is None or not slot["example"].isidentifier():
        raise ValueError(f"`{code}` is not `{{example}} key` or `{{example}} key:format`")
    return ValueSlot(*span, example=slot["example"], key=rest["key"], format_spec=rest["format"] or "")


def _example_image(token: Token, span: tuple[int, int, Place]) -> ExampleImage | None:
    alt = " ".join(token.body.split())
    if not alt:
        raise ValueError("this image has no alternative text: say between the brackets what it shows")
    target, _, fragment = token.target.partition("#")
    if "$" in alt:
        raise ValueError("alternative text is read aloud: write it in words, without formulas")
    page = span[2].path
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
    example = _EXAMPLE.fullmatch(inside)
    if example is None:
        raise ValueError(_no_example(page, target, inside))
    caption = html.unescape(token.caption) if token.caption else None
    return ExampleImage(*span, html.unescape(alt), example["name"], fragment or None, caption)


def _no_example(page: str, target: str, inside: str) -> str:
    """What is wrong with a picture that is no example's: an address of the right shape is offered."""
    stem = posixpath.splitext(posixpath.basename(target))[0].lower()
    name = stem if _NAME.fullmatch(stem) else "NAME"
    written = posixpath.relpath(f"examples/{name}.py", posixpath.dirname(page))
    if not target.endswith(".py"):
        return f"{target!r} is drawn by no script: embed one that draws it, as {written}"
    return f"{target!r} is {inside!r}; only scripts directly in examples/ can be embedded: write {written}"
