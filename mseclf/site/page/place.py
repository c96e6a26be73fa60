"""Where words of a finished page stand in its source."""

import html
import re

from mseclf.site.defect import Place


def place_of_words(path: str, text: str, words: str) -> Place:
    """Where words stand in a text, in small or large letters or as entities; its first line when they do not."""
    wanted = words.lower()
    offset = text.lower().find(wanted)
    if offset >= 0:
        return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    for number, line in enumerate(text.split("\n"), start=1):
        if wanted in re.sub(r"[\x00-\x20]+", "", html.unescape(line)).lower():
            return Place(path, number)
    return Place(path, 1)
