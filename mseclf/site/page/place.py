"""Where words of a finished page stand in its source."""

import html
import re

from mseclf.site.defect import Place
from mseclf.site.page.source import Source


def place_of_words(path: str, text: str, words: str) -> Place:
    """Where words stand in a text, in small or large letters or as entities; its first line when they do not."""
    wanted = words.lower()
    offset = text.lower().find(wanted)
    if offset >= 0:
        return Source(path, text).place_of(offset)
    for number, line in enumerate(text.split("\n"), start=1):
        if wanted in re.sub(r"[\x00-\x20]+", "", html.unescape(line)).lower():
            return Place(path, number)
    return Place(path, 1)
