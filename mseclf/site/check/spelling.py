"""Spelling: slips of the pen that codespell's list knows. Names, abbreviations and words of the field are none."""

import ast
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from mseclf.site.defect import Defect, Rule
from mseclf.site.page import Markdown, read_markdown
from mseclf.site.page.markdown import blanked
from mseclf.site.page.source import Source
from mseclf.site.publish.work import Work

_SPELLED = re.compile(r"(?<![\w'’.@/\\])[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w@/\\]|\.\w)")
_MEANING = re.compile(r'meaning: "([^"]*)"')
_SETTINGS: Final = "pyproject.toml"


@cache
def slips() -> Mapping[str, str]:
    """Misspelt word to what was meant, several words with commas."""
    lines = (files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8").splitlines()
    return {wrong: right.rstrip(", ") for wrong, _, right in (line.partition("->") for line in lines)}


def right_words(root: Path, literature: Mapping[str, Work]) -> frozenset[str]:
    """Words that only look like slips: names of authors, and those of [tool.codespell] in pyproject.toml."""
    names = " ".join(name for entry in literature.values() for name in entry.names)
    path = root / _SETTINGS
    settings = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    own = settings.get("tool", {}).get("codespell", {}).get("ignore-words-list", "")
    return frozenset(re.findall(r"[^\W\d_]+", f"{names} {own}".lower()))


def misspelt(source: Source, words: str, right: Collection[str]) -> Iterator[Defect]:
    """Yield a text's misspelt words, each where it stands first; `words` is the text with the rest blanked out."""
    seen: set[str] = set()
    for match in _SPELLED.finditer(words):
        word = match[0]
        plain = word.lower().replace("’", "'").removesuffix("'s")
        if plain in slips() and plain not in right and not word.isupper() and word not in seen:
            remedy = f"did you mean {' or '.join(map(repr, slips()[plain].split(', ')))}?"
            more = f"If it is right, add it to [tool.codespell] in {_SETTINGS}"
            yield source.defect(match.start(), Rule.SPELLING, f"{word!r} is misspelt", f"{remedy} {more}")
        seen.add(word)


def spelling(
    pages: Iterable[Markdown], scripts: Iterable[Source], notation: Source, right: Collection[str]
) -> Iterator[Defect]:
    """Yield the misspelt words of pages, of scripts' docstrings, and of the notation's meanings."""
    for page in pages:
        yield from misspelt(page, page.words, right)
    for script in scripts:
        docstring = read_markdown(script.path, _only(script.text, *_docstring(script.text)))
        yield from misspelt(docstring, docstring.words, right)
    meanings = list(notation.text)
    position = 0
    for found in _MEANING.finditer(notation.text):
        meanings[position : found.start(1)] = blanked(notation.text[position : found.start(1)])
        position = found.end(1)
    meanings[position:] = blanked(notation.text[position:])
    yield from misspelt(notation, "".join(meanings), right)


def _docstring(script: str) -> tuple[int, int]:
    """Where a script's docstring begins and ends: its lines, counted from 0."""
    try:
        body = ast.parse(script).body
    except SyntaxError:
        return 0, 0  # told where the example runs
    if not body or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Constant):
        return 0, 0
    return body[0].lineno - 1, body[0].end_lineno or 0


def _only(text: str, first: int, last: int) -> str:
    """The text with every line but some blanked out."""
    rows = text.splitlines(keepends=True)
    kept = (row if first <= number < last else blanked(row) for number, row in enumerate(rows))
    return "".join(kept).replace('"""', "   ")
