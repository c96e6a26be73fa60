"""Markdown to regions: what the build replaces or reads in a page, each with file, line and column."""

from mseclf.site.page.markdown import Markdown, read_markdown
from mseclf.site.page.page import Page
from mseclf.site.page.place import place_of_words
from mseclf.site.page.reader import already, page_of, read_page, unread
from mseclf.site.page.regions import (
    Citation,
    DisplayEquation,
    DoctestBlock,
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

__all__ = [
    "Citation",
    "DisplayEquation",
    "DoctestBlock",
    "Dollar",
    "ExampleImage",
    "Fold",
    "FoldEnd",
    "Heading",
    "InlineFormula",
    "Markdown",
    "Note",
    "Page",
    "Region",
    "ValueSlot",
    "already",
    "page_of",
    "place_of_words",
    "read_markdown",
    "read_page",
    "unread",
]
