"""Emoji on paper: the fonts that Typst carries have none, so they are said in words."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

# What is an emoji by itself, without a mark behind it that asks for colours.
_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693"
    "\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b"
    "\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\ufe0f]"
)
# Signs of the fonts that say the same.
_SIGNS: Final = {"\u2705": "\u2714", "\u274c": "\u2717", "\u274e": "\u2717", "\u2b50": "\u2605"}
_COLOURED: Final = "\ufe0f"


@cache
def _names() -> Mapping[str, str]:
    """What each emoji is called; those of several characters stand first, as what is looked for first."""
    from pymdownx.twemoji_db import emoji  # a table of 4 MB, which most books do without

    found = {
        "".join(chr(int(code, 16)) for code in entry["unicode"].split("-") if code != "fe0f"): entry["name"]
        for entry in emoji.values()
        if "unicode" in entry
    }
    return {sign: found[sign] for sign in sorted(found, key=len, reverse=True)}


def spoken(text: str) -> str:
    """A text with its emoji in words.

    >>> spoken("Done \u2705, a \U0001f991!")
    'Done \u2714, a (squid)!'
    """
    if not _EMOJI.search(text):
        return text
    text = text.replace(_COLOURED, "")
    pattern = "|".join(map(re.escape, _names()))
    return re.sub(pattern, lambda found: _words(found[0]), text)


def _words(sign: str) -> str:
    return _SIGNS.get(sign, f"({_names()[sign]})") if _EMOJI.search(sign) else sign
