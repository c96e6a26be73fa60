"""Cuts running text into tokens in one pass from left to right: what begins first hides what is inside it.

Whatever closes a token is looked for once. So a page full of openers that nothing closes, by a slip or by intent, is
read in time proportional to its length.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OPENER: Final = re.compile(
    r"""
      (?P<comment><!--)
    | (?P<escape>\\[\\`*_{}\[\]()\#+\-.!$<>|])
    | (?P<code>`+)
    | (?P<image>!\[)
    | (?P<dollars>\$\$(?:[^$]*\$\$)?)
    | (?P<math>\$(?![\s$])(?P<tex>(?:[^$\\\n]|\\.|\n(?!\s*\n))+?)(?<!\s)\$(?!\d))
    | (?P<tag></?[A-Za-z])
    | (?:^|(?<=\n))(?P<heading>(?P<marks>\#{1,6})[ \t]+(?P<title>[^\n]*))
    """,
    re.VERBOSE | re.DOTALL,
)
# What stands between an opener and its closer, by the part that it has in a token.
_RUNS: Final = {
    part: re.compile(run, re.DOTALL)
    for part, run in (
        ("comment", r".*?(?=-->|\Z)"),
        ("tag", r"[^>\n]*+"),
        ("alt", r"(?:[^\]\\]|\\.)*+"),
        ("before target", r"\s*+"),
        ("target", r"[^\s)]*+"),
        ("before title", r"\s*+"),
        ("title", r'[^"]*+'),
        ("before end", r"\s*+"),
    )
}


@dataclass(frozen=True)
class Token:
    """A part of running text that is more than words.

    Attributes:
        kind: "comment", "escape", "code", "image", "dollars", "math", "tag", "heading", or "open comment", the
            opener of a comment that nothing closes.
        start: where it begins in the text.
        end: where it ends.
        body: what is inside: a comment's or a code span's text, an image's alternative text, TeX, a heading's words.
        mark: the backticks around code, the ``#`` of a heading.
        target: an image's address.
        caption: an image's title.
    """

    kind: str
    start: int
    end: int
    body: str = ""
    mark: str = ""
    target: str = ""
    caption: str | None = None


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
                return self._image(start, inside)
            case "heading":
                return Token(kind, start, inside, opener["title"], opener["marks"])
            case _:
                return Token(kind, start, inside, opener["tex"] or "")

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

    def _closed(self, kind: str, start: int, inside: int, closer: str) -> Token | None:
        stop = self._past(kind, inside)
        return Token(kind, start, stop + len(closer), self._text[inside:stop]) if self._at(stop, closer) else None

    def _code(self, start: int, inside: int) -> Token | None:
        for length in range(inside - start, 0, -1):  # of three backticks the last two may open what two close
            runs = self._ticks.get(length, ())
            after = bisect_left(runs, inside)
            if after < len(runs):
                body = self._text[inside : runs[after]]
                return Token("code", inside - length, runs[after] + length, body, "`" * length)
        return None

    def _image(self, start: int, inside: int) -> Token | None:
        alt_end = self._past("alt", inside)
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
        alt = self._text[inside:alt_end]
        return Token("image", start, stop + 1, alt, target=self._text[target:target_end], caption=caption)
