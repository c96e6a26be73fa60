"""What a reader must never see: the page is converted as for the site, and the words in its HTML are looked through.

Each rule of the syntax has its own message where the source is read. This is the net below them: whatever the converter
did not understand is found in what it made, and told where it stands in the source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.entities import html5
from html.parser import HTMLParser
from typing import Final

from mseclf.site.defect import Defect, Rule
from mseclf.site.page import Citation, DisplayEquation, Dollar, ExampleImage, InlineFormula, Page, Region, ValueSlot
from mseclf.site.page.fences import front_matter
from mseclf.site.publish.lists import as_on_github
from mseclf.site.publish.markup import filled, replace_regions, slot
from mseclf.site.publish.site import Site

_AS_TEXT: Final = "put it between backticks if it shall be seen"
# What is wrong, what it looks like, what to do.
_RAW: Final = tuple(
    (what, re.compile(pattern, re.MULTILINE), remedy)
    for what, pattern, remedy in (
        ("a value", r"\{\w+\} [A-Za-z_]\w*(?::[\w.,+%]+)?", "write `{example} key:format`, in backticks"),
        ("a reference that numbers nothing", r"\(\?\?\?\)", "link to the equation: [words](page.md#eq-name)"),
        ("a formula", r"\$(?!\s)[^$]*[^$\s]\$(?!\d)|\$\$", r"close it on the same line, or write \$ for the sign"),
        ("TeX", r"\\[A-Za-z]+", f"write it between dollars; {_AS_TEXT}"),
        ("a fence", r"```+|~~~+", "begin and end it on lines of their own, equally far in"),
        ("an admonition", r"(?<!\S)(?:!!!|\?\?\?\+?)(?=\s|$)", 'write !!! note "Title", and its words four blanks in'),
        ("a tab", r"^\s*===[+!]*\s\S", 'write === "Title", and its words four blanks in'),
        ("a directive", r"^\s*:::", f"the site knows none but ::: mseclf.NAME; {_AS_TEXT}"),
        ("a callout", r"\[!\w[^\]]*\]", "write > [!NOTE], alone on the first line of a quote"),
        ("strike-through", r"~~", "close it, ~~words~~, without blanks inside"),
        ("a mark", r"(?<![\w=!<>])==(?=\S)", "close it, ==words==, without blanks inside"),
        ("keys", r"\+\+[a-z][\w+-]*\+\+", "write a key that exists, as ++ctrl+c++, or <kbd>Key</kbd>"),
        ("an emoji", r"(?<![\w:/]):[a-z+-][a-z0-9_+-]*:(?![\w:/])", "write the emoji itself, or say it in words"),
        ("a box of a list", r"(?:^|\n)\s*(?:[-*+] )?\[[ xX]?\](?!\()", "write it behind an item's mark: - [ ] words"),
        ("a note", r"\[\^[^\]\s]+\]", "write its text on a line of its own, [^1]: words"),
        ("a citation", r"\[@[^\]]*\]", "write [@key]"),
        ("a link", r"\]\([^)\s]*|\]\[[^\]]*\]", "close its brackets and leave no blank between them"),
        ("a link of a wiki", r"\[\[[^\]]+\]\]", "write [words](page.md)"),
        ("bold words", r"\*\*(?=\S)|(?<=\S)\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)", r"close the marks, or write \*\*"),
        ("attributes", r"\{[ ]*[:.#][^{}\n]*\}|\{[ ]*\w+=[^{}\n]*\}", "put them directly behind a link or a heading"),
        ("a tag", r"</?[a-zA-Z][^<>\n]*>|<!--|-->", f"close it where it may stand; {_AS_TEXT}"),
        ("an entity", r"&(?:[a-z]+|#\d+);", "write the character itself"),
        ("a heading", r"(?:^|\n)\s*#{1,6}(?:[ ]|$)", "begin the line with it, with an empty line above"),
        ("a list", r"\n\s*(?:[-*+]|1[.)])[ ]+\S", "leave a line empty above it"),
        ("a table", r"\|\s*:?-{2,}|^\s*\|.*\|\s*$", "leave a line empty above it, and give each row as many cells"),
        ("an include", r"-+8<-+", "write the text here"),
        ("a template", r"\{\{[^{}]*\}\}|\{%.*?%\}", f"nothing fills it here; {_AS_TEXT}"),
        ("a part of the converter", "[\x02\x03]", "tell us: this is the site's fault"),
    )
)  # fmt: skip
_SPELT: Final = re.compile(r"\\[^\w\s]|&(?:#x?[0-9a-fA-F]+|(?P<name>\w+));")  # characters that somebody asked for
_API: Final = re.compile(r"^::: [\w.]+$(?:\n[ ]{4}.*)*", re.MULTILINE)
_HIDDEN: Final = frozenset({"code", "pre", "kbd", "samp", "script", "style", "svg", "title", "template", "textarea"})
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small",
     "span", "strong", "sub", "sup", "u", "var", "img", "input", "wbr"}
)  # fmt: skip
_VOID: Final = frozenset({"br", "img", "input", "hr", "wbr", "source", "track", "meta", "link", "col"})
_SLOT_IN_CODE: Final = re.compile(r"\{\w+\} [A-Za-z_]\w*(?::[^`\n]*)?")
_NEAR: Final = 18  # so many letters beside what is raw help to find it in the source


@dataclass
class _Words(HTMLParser):
    """The words of each paragraph, without what is code."""

    found: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        value = tag == "span" and ("class", "value") in attrs  # what a run gave is no Markdown
        if tag not in _INLINE:
            self.end()
        if tag not in _VOID:
            self.open.append("code" if value else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.end()
        while self.open and self.open.pop() not in (tag, "code" if tag == "span" else tag):
            pass

    def handle_data(self, data: str) -> None:
        hidden = _HIDDEN.intersection(self.open)
        self.now.append("\N{BLACK SQUARE}" if hidden else data)
        if "code" in self.open and "pre" not in self.open and _SLOT_IN_CODE.fullmatch(data):
            self.now.append(data)

    def end(self) -> None:
        self.found.append("".join(self.now).strip("\n"))
        self.now.clear()


def shown(page: Page, site: Site) -> Iterator[Defect]:
    """Yield what a reader of this page would see and must not, and each region that would stay empty."""
    if page.path in site.broken_pages:
        return

    text = as_on_github(_without_words_of_others(page))  # tables that are put in speak for themselves
    made = site.project.converter.html(_SPELT.sub(_spelt, _API.sub("", text[front_matter(text) :])))
    held = filled(made)
    for number, region in enumerate(page.regions):
        if isinstance(region, DisplayEquation | InlineFormula | ExampleImage) and number not in held:
            message = "nothing would be shown here: what stands around it is taken for code, or for a tag"
            yield Defect(region.place, Rule.MARKUP, message, "give it a line, or a paragraph, of its own")
    for words in _paragraphs(made):
        yield from _raw(page, words)


@lru_cache(maxsize=256)
def _paragraphs(made: str) -> tuple[str, ...]:
    reader = _Words()
    reader.feed(made)
    reader.end()
    return tuple(reader.found)


def _without_words_of_others(page: Page) -> str:
    """The page's Markdown with its slots, and without what examples and works say."""

    def part(number: int, region: Region) -> str | None:
        match region:
            case Dollar() | Citation():
                return "x"
            case ValueSlot():
                return '<span class="value"></span>'
            case _:
                return slot(page, number, region, {})

    return replace_regions(page, part)


def _spelt(found: re.Match[str]) -> str:
    """A letter for what an author asked to be shown; an entity that no browser knows stays."""
    return found[0] if found["name"] and f"{found['name']};" not in html5 else "x"


def _raw(page: Page, words: str) -> Iterator[Defect]:
    for what, pattern, remedy in _RAW:
        if found := pattern.search(words):
            offset = _offset(page, words, found.start(), found.end())
            seen = " ".join(found[0].split())
            yield page.defect(offset, Rule.MARKUP, f"{what} would be shown raw, as {seen!r}", remedy)
            return


def _offset(page: Page, words: str, start: int, end: int) -> int:
    """Where raw words stand in the source: found with the words around them, then alone, else the page's beginning."""
    line = words[words.rfind("\n", 0, start + 1) + 1 :]
    start, end = start - (len(words) - len(line)), end - (len(words) - len(line))
    line = line.split("\n")[0]
    before, raw, behind = line[max(0, start - _NEAR) : start], line[start:end].strip(), line[end : end + _NEAR]
    for text, skip in ((before + raw + behind, len(before)), (before + raw, len(before)), (raw + behind, 0), (raw, 0)):
        for shown_text in (page.visible, page.text):
            if text.strip() and (offset := shown_text.find(text)) >= 0:
                return offset + skip
    return 0
