"""A defect: something to mend. A value from where it is known to where somebody reads it; nothing reads it back.

Trouble     what is wrong and how to mend it, raised by who does not know where
Defect      the same at a place, by the name of a rule
Defects     raised when nothing can be made of a thing: all that is wrong with it
"""

import difflib
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Rule(StrEnum):
    """What a check and a build refuse; `--json` names the rule of each defect."""

    PAGE = "page"  # a page cannot be read: fences, comments, slots, images, characters
    MARKUP = "markup"  # Markdown, HTML, a script or a sheet would be read otherwise than it was meant
    STYLE = "style"  # an editor or a clipboard left something behind
    SPELLING = "spelling"
    LINK = "link"  # a link, an anchor or an entry of the menu leads nowhere
    CITATION = "citation"  # a page cites what is not in the literature
    EQUATION = "equation"  # a display or an inline formula is false, or not understood
    BRACE = "brace"  # a brace of a formula has no other
    HYPOTHESIS = "hypothesis"  # a `given:` says nothing
    LEDGER = "ledger"  # docs/ledger.yml says otherwise
    TYPESETTING = "typesetting"  # MathJax, pandoc or Typst cannot set something
    FIGURE = "figure"  # a page embeds what no example draws
    VALUE = "value"  # a slot names no value
    NUMBER = "number"  # a number that an example computes is typed by hand
    EXAMPLE = "example"  # an example fails, or no page shows it
    DOCTEST = "doctest"  # a doctest says otherwise than Python
    FRAMEWORK = "framework"  # a block for PyTorch, Keras, ... was changed and not run
    NOTEBOOK = "notebook"  # a cell of the walk-through fails
    NOTATION = "notation"  # docs/notation.yml cannot be read
    LITERATURE = "literature"  # docs/literature.bib cannot be read
    FILE = "file"  # a file is not where it belongs


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: repository-relative POSIX path, line and column, both counted from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Defect:
    """Something to mend. `str()` gives ``docs/page.md:LINE:COL: what is wrong; how to mend it``.

    Attributes:
        place: where.
        rule: that is broken.
        message: what is wrong, with the value that is wrong.
        remedy: what to do.
    """

    place: Place
    rule: Rule
    message: str
    remedy: str = ""

    @property
    def words(self) -> str:
        """What is wrong and what to do."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class Trouble(ValueError):
    """What is wrong, raised by who does not know where it was written. `at` makes a defect of it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy

    def at(self, place: Place, rule: Rule) -> Defect:
        """The defect at a place."""
        return Defect(place, rule, self.message, self.remedy)


class Defects(ValueError):
    """Every defect that was found in one thing, in the order of their places."""

    def __init__(self, *defects: Defect) -> None:
        self.defects = tuple(sorted(defects))
        super().__init__("\n".join(map(str, self.defects)))


def text_of(root: Path, path: str) -> str:
    """The text of a file of the repository.

    Raises:
        Defects: it is not UTF-8.
    """
    data = (root / path).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(path, data.count(b"\n", 0, error.start) + 1)
        raise Defects(Defect(place, Rule.FILE, "this is not UTF-8", "save the file in this encoding")) from None


def nearest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The most similar of some words, for "did you mean"; None when none is similar."""
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)), None)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A remedy: ``did you mean 'peak'?``; empty when no word is similar."""
    near = nearest(word, words)
    return f"did you mean {near!r}?" if near else ""


def typed(command: str) -> str:
    """A command of this environment as it works where it is read: with the Python that runs now.

    >>> typed("ruff format a.py").endswith(" -m ruff format a.py")
    True
    """
    python = Path(sys.executable)
    here = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    return f"{shlex.quote(str(here))} -m {command}"
