"""What has no place on any page, whoever wrote it: handlers, script addresses, other documents inside the page.

The content security policy keeps most of it from doing anything. Here the build says so, and where it stands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_ELEMENTS: Final = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "object", "portal"})
_ADDRESSES: Final = frozenset({"action", "data", "formaction", "href", "poster", "src", "srcdoc", "xlink:href"})
SCHEMES: Final = frozenset({"http", "https", "mailto"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED: Final = re.compile(r"[\x00-\x20]+")  # a browser reads an address without these


@dataclass(frozen=True)
class Harm:
    """Something that has no place on a page: what is wrong with it, and the words to look for in its source."""

    message: str
    words: str


def harm(output: str) -> Harm | None:
    """The first thing on a finished page that has no place there, as a browser reads the page."""
    root = LexborHTMLParser(output).root
    elements = root.traverse() if root else ()
    return next(filter(None, (_harm(element.tag or "", element.attributes) for element in elements)), None)


def _harm(tag: str, attributes: Mapping[str, str | None]) -> Harm | None:
    if tag == "template":  # the parser keeps what is inside it apart
        return Harm("<template> is shown by scripts only: write what it holds", "<template")
    if tag in _ELEMENTS:
        return Harm(f"<{tag}> shows another document: link to it instead", f"<{tag}")
    for name, value in attributes.items():
        said = value or ""
        if name.startswith("on"):
            return Harm(f"the attribute {name!r} is a script: put it into a file", name)
        if tag == "script" and name == "src" and "//" in said:
            return Harm(f"a script from elsewhere, {said!r}: put it into docs/assets/", "<script")
        if name == "http-equiv" and said and said.lower() != "x-ua-compatible":
            return Harm(f"http-equiv={said!r} changes what the page is: take it away", "http-equiv")
        scheme = _SCHEME.match(_IGNORED.sub("", said)) if name in _ADDRESSES else None
        if scheme and scheme[1].lower() not in SCHEMES:
            return Harm(f"an address that begins with {scheme[1].lower()!r}: write https://...", f"{scheme[1]}:")
    return None
