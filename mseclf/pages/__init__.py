"""Markdown to regions: what the build replaces or reads in a page, each with file, line and column."""

from mseclf.pages.page import Page
from mseclf.pages.place import PageError, PageErrors, Place, place_of_words
from mseclf.pages.reader import read_page
from mseclf.pages.regions import DisplayEquation, DoctestBlock, ExampleImage, Heading, InlineFormula, Region, ValueSlot

__all__ = [
    "DisplayEquation",
    "DoctestBlock",
    "ExampleImage",
    "Heading",
    "InlineFormula",
    "Page",
    "PageError",
    "PageErrors",
    "Place",
    "Region",
    "ValueSlot",
    "place_of_words",
    "read_page",
]
