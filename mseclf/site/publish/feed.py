"""The changelog as a feed: what a reader can be told of without coming back to look."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.toc import slugify_unicode

from mseclf.site.publish.copies import markdown_copy
from mseclf.site.publish.site import Site

FEED: Final = "changelog/feed.xml"
_PAGE: Final = "docs/changelog.md"
_VERSION: Final = re.compile(r"^## (?P<name>\S+)(?: - (?P<day>\d{4}-\d\d-\d\d))?$", re.MULTILINE)
_ATOM: Final = "http://www.w3.org/2005/Atom"


def feed(site: Site) -> dict[str, str]:
    """The feed under its address, or nothing where no page has the changes.

    Atom (RFC 4287): an entry for each version, the newest first; what is not released yet is dated by the commit.
    """
    if _PAGE not in site.pages:
        return {}
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    project = site.project
    built = datetime.fromtimestamp(project.timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _said(root, "title", f"{project.citation['title']} Changes")
    _said(root, "id", f"{project.address}changelog/")
    _said(root, "updated", built)
    SubElement(root, "link", {"href": f"{project.address}changelog/"})
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{project.address}{FEED}"})
    author = SubElement(root, "author")
    _said(author, "name", str(project.citation["authors"][0]["name"]))
    for name, day, text in _versions(site):
        entry = SubElement(root, "entry")
        heading = slugify_unicode(f"{name} - {day}" if day else name, "-")
        address = f"{project.address}changelog/#{heading}"
        _said(entry, "title", name)
        _said(entry, "id", address)
        _said(entry, "updated", f"{day}T00:00:00Z" if day else built)
        SubElement(entry, "link", {"href": address})
        _said(entry, "content", project.converter.html(text), type="html")
    return {FEED: ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"}


def _said(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _versions(site: Site) -> Iterator[tuple[str, str, str]]:
    """Each version's name, day and Markdown; the day is empty before it is released."""
    text = markdown_copy(site, _PAGE)
    starts = list(_VERSION.finditer(text))
    for match, end in zip(starts, [*(following.start() for following in starts[1:]), len(text)], strict=True):
        yield match["name"], match["day"] or "", text[match.end() : end].strip()
