"""Spelling: the words of the pages and of the examples' docstrings, against an English list and the field's own.

American and British spellings both count as right; docs/spelling.txt holds the field's words and names.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from mseclf.checking.defect import Defect
from mseclf.checking.prose import place_of, words_only
from mseclf.pages import Place
from mseclf.publish.literature import Entry

LIST: Final = "docs/spelling.txt"
_WORD = re.compile(r"(?<![\w'’.@/\\])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w@/\\]|\.\w)")
# British ending, American ending: a word counts when its American form does.
_BRITISH: Final = (
    (r"is(e|ed|er|ers|es|ing|ation|ations|able)$", r"iz\1"),
    (r"ys(e|ed|er|ers|es|ing)$", r"yz\1"),
    (r"our(s|ed|ing|able|ful|less|ite|ites|hood|ly)?$", r"or\1"),
    (r"ll(ed|ing|er|ers)$", r"l\1"),
    (r"([bt])re(s)?$", r"\1er\2"),
    (r"([bt])red$", r"\1ered"),
    (r"ogue(s|d)?$", r"og\1"),
    (r"ence(s|less)?$", r"ense\1"),
    (r"^grey", "gray"),
)


class Spelling:
    """Knows which words are right.

    Args:
        own: docs/spelling.txt: a word to a line; what follows ``#`` is a remark.
        literature: the works that pages cite; their authors' names are right.
    """

    def __init__(self, own: str, literature: Mapping[str, Entry]) -> None:
        listed = (line.partition("#")[0].strip().lower() for line in own.splitlines())
        names = " ".join(name for entry in literature.values() for author in entry.authors for name in author)
        self._own = frozenset(filter(None, listed)) | {word.lower() for word in re.findall(r"[^\W\d_]+", names)}

    @cached_property
    def _english(self) -> Any:
        from spellchecker import SpellChecker  # loads a list of 160,000 words: only when there is something to look up

        return SpellChecker(distance=1)

    def knows(self, word: str) -> bool:
        """Whether a word is right, in capitals or not."""
        plain = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
        if len(plain) < 2 or plain in self._own or plain in self._english:
            return True
        american = (re.sub(british, ending, plain) for british, ending in _BRITISH)
        return any(form != plain and form in self._english for form in american)

    def suggestion(self, word: str) -> str | None:
        """The commonest English word that is one slip away."""
        found = self._english.correction(word.lower())
        return found if found and found != word.lower() else None

    def defects(self, path: str, text: str, words: str) -> Iterator[Defect]:
        """Yield a file's misspelt words, each where it stands first; `words` is `text` with the rest blanked out."""
        seen = set()
        for match in _WORD.finditer(words):
            word = match[0]
            if word not in seen and not self.knows(word):
                near = self.suggestion(word)
                meant = f"did you mean {near!r}? " if near else ""
                message = f"{word!r} is not in the word list: {meant}If it is right, add it to {LIST}"
                yield Defect(place_of(path, text, match.start()), message, "spelling")
            seen.add(word)


def spelling(spell: Spelling, pages: Mapping[str, str], scripts: Iterable[tuple[str, str]]) -> Iterator[Defect]:
    """Yield the misspelt words of pages (path to text) and of scripts' docstrings (path, text)."""
    for path, text in pages.items():
        yield from spell.defects(path, text, words_only(path, text))
    for path, text in scripts:
        line, docstring = docstring_of(text)
        for defect in spell.defects(path, docstring, words_only(path, docstring)):
            place = Place(path, defect.place.line + line - 1, defect.place.column)
            yield Defect(place, defect.message, defect.rule)


def docstring_of(script: str) -> tuple[int, str]:
    """The first line of a script's docstring and its text as it is written; empty when there is none."""
    try:
        body = ast.parse(script).body
    except SyntaxError:
        return 1, ""  # told where the example runs
    if not body or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Constant):
        return 1, ""
    node = body[0]
    text = "\n".join(script.splitlines()[node.lineno - 1 : node.end_lineno])
    return node.lineno, text.replace('"""', "   ")


def read_list(root: Path) -> str:
    """The field's own words; nothing when there is no list."""
    path = root / LIST
    return path.read_text(encoding="utf-8") if path.exists() else ""
