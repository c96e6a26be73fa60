"""Cuts running text into tokens in one pass from left to right: what begins first hides what is inside it.

Whatever closes a token is looked for once. So a page full of openers that nothing closes, by a slip or by intent, is
read in time proportional to its length.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OPENER: Final = re.compile(
    r"""
      (?P<comment><!--)
    | (?P<escape>\\[\\`*_{}\[\]()\#+\-.!$<>|~^=:"'])
    | (?P<code>`+)
    | (?P<image>!\[)
    | (?P<dollars>\$\$(?:[^$]*\$\$)?)
    | (?P<math>\$(?![\s$])(?P<tex>(?:[^$\\\n]|\\.|\n(?![> \t]*\n))+?)(?<!\s)\$(?!\d))
    | (?P<tag></?[A-Za-z])
    | (?P<citation>\[@(?P<works>[^\[\]]*)\])
    | ^[> \t]*(?P<footnote>\[\^(?P<note>[^\[\]\s]+)\]:)
    | (?P<mark>\[\^(?P<key>[^\[\]\s]+)\])
    | ^[> \t]*(?P<reference>\[(?P<name>[^\[\]\n]+)\]:[ \t]*(?P<address>\S+))
    | ^[> \t]*(?P<abbreviation>\*\[(?P<short>[^\[\]\n]+)\]:)
    | ^(?P<api>:::[ \t][\w.]+)
    | (?P<open>\[)
    | (?P<close>\])
    | ^[> \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<heading>(?P<marks>\#{1,6})(?:[ \t]+|(?=\n|\Z)))
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# What stands between an opener and its closer, by the part that it has in a token.
_RUNS: Final = {
    part: re.compile(run, re.DOTALL)
    for part, run in (
        ("comment", r".*?(?=-->|\Z)"),
        ("tag", r"[^<>]*+"),
        ("before target", r"\s*+"),
        ("target", r"[^\s)]*+"),
        ("before title", r"\s*+"),
        ("title", r'[^"]*+'),
        ("before end", r"\s*+"),
    )
}
_BODIES: Final = ("tex", "works", "note", "key", "short")
# Nothing is given back: blanks for ever behind a bracket would be tried at every length.
_LINK = re.compile(
    r"""\(\s*+(?:<(?P<angled>[^<>\n]*+)>|(?P<bare>[^\s()<>"]*+(?:\([^\s()<>"]*+\)[^\s()<>"]*+)*+))"""
    r"""\s*+(?:(?<=\s)(?:"[^"\n]*+"|'[^'\n]*+'))?+\s*+\)|\[(?P<name>[^\[\]\n]*+)\]"""
)
# One pair of brackets may stand in an alternative text. What is inside a pair is short, so no memory is needed.
_ALT = re.compile(r"(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+", re.DOTALL)
_REST = re.compile(r"[^\n]*")
_EMPTY_LINE = re.compile(r"\n(?=[> \t]*\n)")


@dataclass(frozen=True)
class Token:
    """A part of running text that is more than words.

    Attributes:
        kind: "comment", "escape", "code", "image", "dollars", "math", "tag", "citation", "footnote" and "mark" (a
            note and where it is called), "reference" (an address with a name), "abbreviation", "api", "heading" (its
            marks), "link" (its address), or "open comment", the opener of a comment that nothing closes.
        start: where it begins in the text.
        end: where it ends.
        body: what is inside: a comment's or a code span's text, an image's alternative text, TeX, a heading's words,
            a note's key.
        mark: the backticks around code, the ``#`` of a heading.
        target: the address of an image, link or reference; `[name]` for a link by name.
        caption: an image's title.
        opened: where the words of a link begin, with their bracket.
    """

    kind: str
    start: int
    end: int
    body: str = ""
    mark: str = ""
    target: str = ""
    caption: str | None = None
    opened: int = 0


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the tokens of ``text[start:end]`` in order; they do not overlap."""
    reader = _Reader(text, start, end)
    position = start
    while (opener := _OPENER.search(text, position, end)) is not None:
        token = reader.token(opener)
        position = token.end if token else opener.end()
        if token:
            yield token


class _Reader:
    """Completes tokens. It remembers how far each look ahead went, and does not look there again."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._end = end
        self._seen: dict[str, tuple[int, int]] = {}
        self._ticks: dict[int, list[int]] = defaultdict(list)  # length of a run of backticks -> where such runs begin
        for run in re.finditer("`+", text[start:end]):
            self._ticks[len(run[0])].append(start + run.start())
        self._gaps = [found.start() for found in _EMPTY_LINE.finditer(text, start, end)]
        self._open: list[int] = []  # brackets that may begin a link

    def token(self, opener: re.Match[str]) -> Token | None:
        """The token that begins here; None when nothing closes it."""
        kind = opener.lastgroup or ""
        start, inside = opener.span(kind)
        match kind:
            case "comment":
                return self._closed(kind, start, inside, "-->") or Token("open comment", start, inside)
            case "tag":
                return self._closed(kind, start, inside, ">")
            case "code":
                return self._code(start, inside)
            case "image":
                image = self._image(start, inside)
                if image is None:
                    self._open.append(start + 1)  # an image by name
                return image
            case "open":
                self._open.append(start)
                return None
            case "close":
                return self._link(start, inside)
            case "heading":
                title = _REST.match(self._text, inside, self._end)
                return Token(kind, start, inside, title[0] if title else "", opener["marks"])
            case "reference":
                return Token(kind, start, inside, opener["name"], target=opener["address"].strip("<>"))
            case _:
                body = next((opener[part] for part in _BODIES if opener[part] is not None), "")
                return Token(kind, start, inside, body)

    def _past(self, part: str, position: int) -> int:
        """Where the run that stands at `position` ends. Whoever asks inside a run that is known gets its end."""
        asked, found = self._seen.get(part, (0, -1))
        if not asked <= position <= found:
            run = _RUNS[part].match(self._text, position, self._end)
            found = run.end() if run else position
            self._seen[part] = position, found
        return found

    def _at(self, position: int, words: str) -> bool:
        return self._text.startswith(words, position, self._end)

    def _paragraph(self, position: int) -> int:
        """The number of the paragraph: nothing but a comment goes on behind an empty line."""
        return bisect_right(self._gaps, position)

    def _closed(self, kind: str, start: int, inside: int, closer: str) -> Token | None:
        stop = self._past(kind, inside)
        if not self._at(stop, closer) or (kind == "tag" and self._paragraph(start) != self._paragraph(stop)):
            return None
        return Token(kind, start, stop + len(closer), self._text[inside:stop])

    def _code(self, start: int, inside: int) -> Token | None:
        for length in range(inside - start, 0, -1):  # of three backticks the last two may open what two close
            runs = self._ticks.get(length, ())
            after = bisect_left(runs, inside)
            if after < len(runs) and self._paragraph(runs[after]) == self._paragraph(start):
                body = self._text[inside : runs[after]]
                return Token("code", inside - length, runs[after] + length, body, "`" * length)
        return None

    def _link(self, start: int, inside: int) -> Token | None:
        if not self._open:
            return None
        opened = self._open.pop()
        found = _LINK.match(self._text, inside, self._end)
        if found is None or self._paragraph(opened) != self._paragraph(start):
            return None
        name = found["name"]
        target = f"[{name}]" if name is not None else found["angled"] if found["angled"] is not None else found["bare"]
        return Token("link", start, found.end(), target=target, opened=opened)

    def _image(self, start: int, inside: int) -> Token | None:
        alt = _ALT.match(self._text, inside, self._end)
        alt_end = alt.end() if alt else inside
        if not self._at(alt_end, "]("):
            return None
        target = self._past("before target", alt_end + 2)
        target_end = self._past("target", target)
        stop = self._past("before title", target_end)
        caption = None
        if stop > target_end and self._at(stop, '"'):
            caption_end = self._past("title", stop + 1)
            caption = self._text[stop + 1 : caption_end]
            stop = self._past("before end", min(caption_end + 1, self._end))
        if not self._at(stop, ")"):
            return None
        return Token(
            "image", start, stop + 1, self._text[inside:alt_end], target=self._text[target:target_end], caption=caption
        )
