"""The addresses of docs/ledger.yml: a page is left at each that went, and leads to the new one."""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from mseclf.site.publish.policy import hash_of

LEDGER: Final = "docs/ledger.yml"
STANDS: Final = "stands"
PAGE_ADDRESS: Final = re.compile(r"(?:[\w-]+/)+")
_MARKS: Final = re.compile(r"^(?:<{7} |={7}|>{7} ).*\n", re.MULTILINE)
_SCRIPT: Final = "location.replace(document.links[0].href + location.hash)"  # a refresh would lose the heading
_POLICY: Final = f"default-src 'none'; script-src '{hash_of(_SCRIPT)}'"


def read_ledger(root: Path, *, merged: bool = False) -> Mapping[str, str]:
    """Each equation, and each address from the site's root, with what is said of it; empty when there is no such file.

    Args:
        root: The repository.
        merged: Pass over the marks that a merge leaves between the lines of both sides.

    Raises:
        ValueError: The file is no mapping of words.
        yaml.YAMLError: The file cannot be read.
    """
    file = root / LEDGER
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return _read(_MARKS.sub("", text) if merged else text)


@lru_cache(maxsize=2)  # a server reads the same again and again
def _read(text: str) -> Mapping[str, str]:
    found = yaml.safe_load(text) or {}
    if not isinstance(found, dict) or not all(isinstance(part, str) for pair in found.items() for part in pair):
        raise ValueError("every line is `eq-NAME: STATUS`, `ADDRESS: stands`, or `OLD/: NEW/` for a page that went")
    return found


def moved(ledger: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The old and the new address of each page that went."""
    for old, new in ledger.items():
        if new != STANDS and PAGE_ADDRESS.fullmatch(old) and PAGE_ADDRESS.fullmatch(new):
            yield old, new


def moved_page(old: str, new: str) -> str:
    """The page at an old address: it leads to the new one, without scripts to its beginning."""
    to = html.escape(posixpath.relpath(new, old) + "/")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<title>Moved</title>\n<link rel="canonical" href="{to}">\n<meta name="robots" content="noindex">\n'
        f'<noscript><meta http-equiv="refresh" content="0; url={to}"></noscript>\n</head>\n'
        f'<body>\n<p>This page is at <a href="{to}">another address</a> now.</p>\n<script>{_SCRIPT}</script>\n'
        "</body>\n</html>\n"
    )
