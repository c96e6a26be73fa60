"""Finds what stands inside running text: images, value slots, formulas, citations, headings, folds, comments."""

import html
import posixpath
import re
from dataclasses import dataclass

from mseclf.site.defect import Place, Trouble
from mseclf.site.page.regions import (
    Citation,
    Dollar,
    ExampleImage,
    Fold,
    FoldEnd,
    Heading,
    InlineFormula,
    Note,
    Region,
    ValueSlot,
)
from mseclf.site.page.source import Source
from mseclf.site.page.tokens import Token

Span = tuple[int, int, Place]
_SLOT = re.compile(r"\{(?P<example>[^{}]*)\}(?P<rest>.*)", re.DOTALL)
_SLOT_REST = re.compile(r"[ ](?P<key>[A-Za-z_]\w*)(?::(?P<format>[^`\n]*))?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EXAMPLE = re.compile(rf"examples/(?P<name>{_NAME.pattern})\.py")
_ITEM = re.compile(r"\s*@(?P<key>[a-z][a-z0-9_]*)\s*(?:,\s*(?P<locator>[^;@]*?))?\s*")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>details|h(?P<level>[1-6]))\b", re.IGNORECASE)
_HEADING = re.compile(r"(?P<title>.*?)</h", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(r"\n(?:[ ]{0,3}>[ ]?)+")


@dataclass(frozen=True)
class Comment(Region):
    """An HTML comment; `inside` is its text."""

    inside: str


def region_of(token: Token, source: Source) -> Region | None:
    """The region that a token is; None for what the converter reads by itself.

    Raises:
        Trouble: the token breaks a rule.
    """
    span = (token.start, token.end, source.place_of(token.start))
    match token.kind:
        case "comment":
            return Comment(*span, token.body)
        case "heading":
            title = token.body.rstrip()
            return Heading(token.start, token.end + len(title), span[2], level=len(token.mark), text=title)
        case "math":
            return InlineFormula(*span, tex=_QUOTED.sub("\n", token.body))
        case "escape" if source.text[token.start : token.end] == r"\$":
            return Dollar(*span)
        case "open comment":
            raise Trouble("this comment is not closed before the next block", "add -->")
        case "dollars":
            raise Trouble("'$$' is not used here", "write a display as a fenced block ```math")
        case "code" if token.mark == "`":
            return _value_slot(token.body, span)
        case "mark" | "footnote":
            end = token.end - (token.kind == "footnote")
            return Note(token.start, end, span[2], token.body)
        case "citation":
            return _citation(token.body, span)
        case "image":
            return _example_image(token, span)
        case "tag":
            return _tag(source.text, span)
        case _:
            return None


def _tag(text: str, span: Span) -> Region | None:
    tag = _TAG.match(text, span[0])
    if tag is None:
        return None
    if tag["level"] is None:
        return FoldEnd(*span) if tag["end"] else Fold(*span)
    title = _HEADING.match(text, span[1])
    return None if tag["end"] else Heading(*span, int(tag["level"]), title["title"].strip() if title else "")


def _citation(inside: str, span: Span) -> Citation:
    items = [_ITEM.fullmatch(item) for item in f"@{inside}".split(";")]
    if None in items:
        small = inside.lower()
        keys = "a key has small letters: " if all(_ITEM.fullmatch(item) for item in f"@{small}".split(";")) else ""
        raise Trouble(
            f"'[@{inside}]' is not a citation",
            f"{keys}write [@{small}]" if keys else "write [@key], [@key; @key] or [@key, page 3]",
        )
    return Citation(*span, tuple((item["key"], item["locator"] or "") for item in items if item))


def _value_slot(code: str, span: Span) -> ValueSlot | None:
    slot = _SLOT.fullmatch(code)
    if slot is None:
        return None
    rest = _SLOT_REST.fullmatch(slot["rest"])
    if rest is None or not slot["example"].isidentifier():
        raise Trouble(f"`{code}` is not `{{example}} key` or `{{example}} key:format`")
    return ValueSlot(*span, example=slot["example"], key=rest["key"], format_spec=rest["format"] or "")


def _example_image(token: Token, span: Span) -> ExampleImage | None:
    alt = " ".join(token.body.split())
    if not alt:
        raise Trouble("this image has no alternative text", "say between the brackets what it shows")
    target, _, fragment = token.target.partition("#")
    if "$" in alt:
        raise Trouble("alternative text is read aloud", "write it in words, without formulas")
    if token.caption and "$" in token.caption:
        raise Trouble("a caption is shown as it is written", "write it in words, without formulas")
    page = span[2].path
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
    example = _EXAMPLE.fullmatch(inside)
    if example is None:
        raise _no_example(page, target, inside)
    caption = html.unescape(token.caption) if token.caption else None
    return ExampleImage(*span, html.unescape(alt), example["name"], fragment or None, caption)


def _no_example(page: str, target: str, inside: str) -> Trouble:
    """What is wrong with a picture that is no example's: an address of the right shape is offered."""
    stem = posixpath.splitext(posixpath.basename(target))[0].lower()
    name = stem if _NAME.fullmatch(stem) else "NAME"
    written = posixpath.relpath(f"examples/{name}.py", posixpath.dirname(page))
    if not target.endswith(".py"):
        own = "a photograph or a drawing of one's own, with its licence beside it, is written in HTML"
        remedy = f'embed one that draws it, as {written}; {own}: <img src="..." alt="...">'
        return Trouble(f"{target!r} is drawn by no script", remedy)
    if posixpath.dirname(inside) == "examples":
        message = f"{target!r} is no example's name: lower-case letters, digits and underscores only"
        return Trouble(message, f"rename the script and write {written}")
    message = f"{target!r} is {inside!r}; only scripts directly in examples/ can be embedded"
    return Trouble(message, f"write {written}")
