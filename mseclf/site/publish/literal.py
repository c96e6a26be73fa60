"""Text from elsewhere inside Markdown: what an example or a bibliography says shows as it is, never as markup."""

import re
from typing import Final

from mseclf.site.run.printable import printable

# Everything that Markdown, its extensions or our own reader give a meaning inside a line.
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]#+!|~$<>\"^@]|&(?=[#\w])")
# What would begin a list, a definition or an underline if the text stands at the beginning of a line.
_LINE_OPENING: Final = re.compile(r"^(\d*)([-.):=])(?=[\s=-]|$)")


def literal(text: str) -> str:
    """Return Markdown of one line that shows `text` with its white space run together.

    Characters become entities and not escapes, so the same text can stand in a heading, in a table, in an image's
    alternative text and between tags. `html.unescape` gives the text back.

    >>> literal("a|b [c](javascript:d) <script>")
    'a&#124;b &#91;c&#93;(javascript:d) &#60;script&#62;'
    """
    line = " ".join(printable(text).split())
    return _LINE_OPENING.sub(
        lambda match: match[1] + _entity(match[2]), _SPECIAL.sub(lambda match: _entity(match[0]), line)
    )


def words_of_line(text: str) -> str:
    """Return Markdown that shows a part of a line, with a blank where it is parted from its neighbours by one.

    >>> words_of_line(" or *both* ")
    ' or &#42;both&#42; '
    """
    if not (shown := literal(text)):
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{shown}{' ' if text[-1].isspace() else ''}"


def fenced(language: str, text: str) -> str:
    r"""A fenced block that no line of the text can close.

    >>> fenced("text", "```")
    '````text\n```\n````'
    """
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{ticks}{language}\n{text}\n{ticks}"


def _entity(character: str) -> str:
    return f"&#{ord(character)};"
