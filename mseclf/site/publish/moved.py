"""docs/addresses.yml: the addresses that were published, and where those lead that went. A page is left at each."""

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

ADDRESSES: Final = "docs/addresses.yml"
STANDS: Final = "stands"
PAGE_ADDRESS: Final = re.compile(r"(?:[\w-]+/)+")
_SCRIPT: Final = "location.replace(document.links[0].href + location.hash)"  # a refresh would lose the heading
_DIGEST: Final = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def read_addresses(root: Path) -> dict[str, str]:
    """Each address from the site's root, with what is said of it; empty when there is no such file.

    Raises:
        ValueError: The file is no mapping of addresses.
        yaml.YAMLError: The file cannot be read.
    """
    file = root / ADDRESSES
    found = yaml.safe_load(file.read_text(encoding="utf-8")) or {} if file.exists() else {}
    if not isinstance(found, dict) or not all(isinstance(part, str) for pair in found.items() for part in pair):
        raise ValueError("every line is `ADDRESS: stands`, or `OLD/: NEW/` for a page that went")
    return found


def moved(addresses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The old and the new address of each page that went."""
    for old, new in addresses.items():
        if new != STANDS and PAGE_ADDRESS.fullmatch(old) and PAGE_ADDRESS.fullmatch(new):
            yield old, new


def moved_page(old: str, new: str) -> str:
    """The page at an old address: it leads to the new one, without scripts to its beginning."""
    to = html.escape(posixpath.relpath(new, old) + "/")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{_DIGEST}'\">\n"
        f'<title>Moved</title>\n<link rel="canonical" href="{to}">\n<meta name="robots" content="noindex">\n'
        f'<noscript><meta http-equiv="refresh" content="0; url={to}"></noscript>\n</head>\n'
        f'<body>\n<p>This page is at <a href="{to}">another address</a> now.</p>\n<script>{_SCRIPT}</script>\n'
        "</body>\n</html>\n"
    )
