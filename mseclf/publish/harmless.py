"""What has no place on any page, whoever wrote it: handlers, script addresses, other documents inside the page.

The content security policy keeps most of it from doing anything. Here the build says so, and where it stands.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

_ELEMENTS: Final = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "object", "portal"})
_ADDRESSES: Final = ("action", "data", "formaction", "href", "poster", "src", "srcdoc", "xlink:href")
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED: Final = re.compile(r"[\x00-\x20]+")  # a browser reads an address without these
# Finds too much, such as words in code: what it finds is looked at again by a parser, which takes longer.
_SUSPECT: Final = re.compile(
    rf"<(?:{'|'.join(sorted(_ELEMENTS))})\b|<script[^>]*//|[\s/\"'](?:on[a-z]+\s*=|http-equiv"
    # An address that begins with # is on the page itself: so are the thousands of the drawings' glyphs.
    rf"|(?:{'|'.join(_ADDRESSES)})\s*=\s*(?![\"']?\#)(?P<address>\"[^\"]*\"|'[^']*'|[^\s\"'>]+))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Harm:
    """Something that has no place on a page: what is wrong with it, and the words to look for in its source."""

    message: str
    words: str


def harm(output: str) -> Harm | None:
    """The first thing on a finished page that has no place there."""
    if not any(
        match["address"] is None or _scheme(match["address"].strip("\"'")) for match in _SUSPECT.finditer(output)
    ):
        return None
    finder = _Finder()
    finder.feed(output)
    finder.close()
    return finder.found[0] if finder.found else None


def _scheme(address: str) -> str:
    """The scheme of an address that a page may not lead to; empty for all others."""
    found = _SCHEME.match(_IGNORED.sub("", html.unescape(address)))
    return found[1].lower() if found and found[1].lower() not in _SCHEMES else ""


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Harm] = []

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag in _ELEMENTS:
            self.found.append(Harm(f"<{tag}> shows another document: link to it instead", f"<{tag}"))
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(Harm(f"the attribute {name!r} is a script: put it into a file", name))
            elif tag == "script" and name == "src" and "//" in (value or ""):
                self.found.append(Harm(f"a script from elsewhere, {value!r}: put it into docs/assets/", "<script"))
            elif name == "http-equiv" and value and value.lower() != "x-ua-compatible":
                self.found.append(Harm(f"http-equiv={value!r} changes what the page is: take it away", "http-equiv"))
            elif name in _ADDRESSES and (scheme := _scheme(value or "")):
                self.found.append(Harm(f"an address that begins with {scheme!r}: write https://...", f"{scheme}:"))
