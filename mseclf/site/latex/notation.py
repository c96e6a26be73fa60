"""The symbol table of the site: docs/notation.yml, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from mseclf.site.defect import Defect, Defects, Place, Rule

KINDS = {"scalar", "vector", "matrix", "function", "quantity", "random", "count"}
AXES = {"m", "n", "K"}
DOMAINS = {"real", "positive", "nonnegative", "integer", "simplex"}
INTERVAL = re.compile(r"[\[(]-?\d+(/\d+)?, -?\d+(/\d+)?[\])]")

# A command, a number, a letter, or any other visible character. Whatever is not white space is in exactly one piece.
PIECE = re.compile(r"\\[a-zA-Z]+|\\.|[0-9]+\.[0-9]+|[0-9]+|[^\s]")

# Commands that say how a symbol looks and do not tell it from another.
UNSAID = {"mathrm"}


class NotationError(ValueError):
    """The symbol table breaks its own schema; the message names the entry, `number` counts it from 0."""

    def __init__(self, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.number = number


@dataclass(frozen=True)
class Symbol:
    """One declared symbol. The fields are those of docs/notation.yml, where they are explained."""

    tex: str
    kind: str
    meaning: str
    domain: str = "real"
    axes: tuple[str, ...] = ()
    sample: bool = False
    arguments: tuple[str, ...] = ()
    definition: str | None = None
    entries: str | None = None
    python: str | None = None

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Its TeX, cut into pieces, without braces around a single piece: how the lexer looks it up."""
        return normal_pieces(self.tex)

    @property
    def anchor(self) -> str:
        r"""Its address on the Notation page: ``\hat y`` is at ``notation/#sym-hat-y``."""
        said = (part for part in re.findall(r"[A-Za-z]+|\d+|\*", self.tex) if part not in UNSAID)
        return "-".join(["sym", *said]).replace("*", "star")


@dataclass(frozen=True)
class Factor:
    """A product or difference that has a name: each way to write it, its meaning, and the display that shows it."""

    tex: tuple[str, ...]
    meaning: str
    shown: str


@cache  # a display says the same few symbols again and again
def normal_pieces(tex: str) -> tuple[str, ...]:
    r"""Cut TeX into pieces and drop the braces around a single one: ``\hat{y}`` and ``\hat y`` become the same.

    >>> normal_pieces(r"\\hat{y}") == normal_pieces(r"\\hat y")
    True
    """
    found = PIECE.findall(tex)
    out: list[str] = []
    at = 0
    while at < len(found):
        if found[at] == "{" and found[at + 2 : at + 3] == ["}"]:
            out.append(found[at + 1])
            at += 3
        else:
            out.append(found[at])
            at += 1
    return tuple(out)


@dataclass(frozen=True, eq=False)  # compared by identity, so that it can be a key of a cache
class Notation:
    """The symbols by their TeX, MathJax's macros, the letters that may stand as an index, and factors with a name."""

    symbols: Mapping[str, Symbol]
    macros: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)
    factors: tuple[Factor, ...] = ()

    @cached_property
    def by_pieces(self) -> Mapping[tuple[str, ...], Symbol]:
        """Symbols by their pieces."""
        return {symbol.pieces: symbol for symbol in self.symbols.values()}

    def find(self, tex: str) -> Symbol | None:
        """The symbol that is written `tex`, however it is braced."""
        return self.by_pieces.get(normal_pieces(tex))


def load_notation(path: Path) -> Notation:
    """Read and check docs/notation.yml.

    Raises:
        Defects: it is not YAML, or an entry breaks the schema; the place is the entry's.
    """
    place = Place(f"docs/{path.name}", 1)
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return _read(text)
    except NotationError as error:
        raise Defects(Defect(_place_of(error, text, place), Rule.NOTATION, str(error))) from None
    except yaml.MarkedYAMLError as error:
        if mark := error.problem_mark:
            place = replace(place, line=mark.line + 1, column=mark.column + 1)
        raise Defects(Defect(place, Rule.NOTATION, f"this is not YAML: {error.problem}")) from None
    except OSError as error:
        raise Defects(Defect(place, Rule.NOTATION, f"cannot be read: {error.strerror}")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"this is not YAML: {' '.join(str(error).split())}"
        raise Defects(Defect(place, Rule.NOTATION, message)) from None


def _place_of(error: NotationError, text: str, place: Place) -> Place:
    """Where the entry begins that breaks the schema."""
    if error.number is None:
        return place
    table: Any = yaml.compose(text)
    entries = {key.value: value for key, value in table.value}
    mark = entries["symbols"].value[error.number].start_mark
    return replace(place, line=mark.line + 1, column=mark.column + 1)


@lru_cache(maxsize=1)  # a build asks for it twice, and YAML is slow
def _read(text: str) -> Notation:
    return notation_from(yaml.safe_load(text))


def notation_from(data: Any) -> Notation:
    """Check the parsed YAML and build the table; see `load_notation`."""
    if not isinstance(data, dict) or set(data) - {"macros", "symbols", "indices", "factors"}:
        raise NotationError("expected the keys macros, symbols, indices and factors")
    if not isinstance(data.get("symbols") or [], list):
        raise NotationError("symbols is a list of entries")
    symbols: dict[str, Symbol] = {}
    pieces: dict[tuple[str, ...], str] = {}
    for number, entry in enumerate(data.get("symbols") or ()):
        try:
            symbol = _symbol(entry)
        except NotationError as error:
            raise NotationError(str(error), number) from None
        if symbol.pieces in pieces:
            raise NotationError(f"{symbol.tex} is declared twice", number)
        pieces[symbol.pieces] = symbol.tex
        symbols[symbol.tex] = symbol
    for number, symbol in enumerate(symbols.values()):
        for name in (*symbol.arguments, *([symbol.entries] if symbol.entries else [])):
            if normal_pieces(name) not in pieces:
                raise NotationError(f"{symbol.tex} refers to {name}, which is not declared", number)
    indices, macros = _words(data, "indices"), _words(data, "macros")
    if set(indices.values()) - AXES:
        raise NotationError(f"an index runs over one of {', '.join(sorted(AXES))}")
    return Notation(symbols, macros, indices, tuple(map(_factor, data.get("factors") or ())))


def _factor(entry: Any) -> Factor:
    """One factor with a name, checked."""
    if not isinstance(entry, dict) or set(entry) != {"tex", "meaning", "shown"}:
        raise NotationError(f"a factor has the keys tex, meaning and shown, not {entry!r}")
    tex = entry["tex"]
    if (
        not isinstance(tex, list)
        or not tex
        or not all(isinstance(word, str) for word in (*tex, *entry.values()) if word is not tex)
    ):
        raise NotationError(f"a factor has a list of TeX, and words, not {entry!r}")
    return Factor(tuple(tex), entry["meaning"], entry["shown"])


def _words(data: Mapping[str, Any], key: str) -> dict[str, str]:
    """The mapping from words to words under a key, which may be left out."""
    found = data.get(key) or {}
    if not isinstance(found, dict) or not all(isinstance(word, str) for pair in found.items() for word in pair):
        raise NotationError(f"{key} maps words to words, not {found!r}")
    return dict(found)


_NONE = type(None)
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("kind", "meaning", "domain", "definition", "entries", "python"), (str, _NONE)),
    **dict.fromkeys(("axes", "arguments"), (list, _NONE)),
    "sample": (bool, _NONE),
}


def _is_word(name: Any) -> bool:
    return name is None or (isinstance(name, str) and name.isidentifier())


def _symbol(entry: Any) -> Symbol:
    """One entry, checked."""
    if not isinstance(entry, dict) or not isinstance(entry.get("tex"), str) or not PIECE.findall(entry["tex"]):
        raise NotationError(f"an entry without tex: {entry!r}")
    name = entry["tex"]
    unknown = set(entry) - set(Symbol.__dataclass_fields__)
    if unknown:
        raise NotationError(f"{name} has the unknown key {', '.join(sorted(unknown))}")
    for key, wanted in _TYPES.items():
        if not isinstance(entry.get(key), wanted):
            raise NotationError(f"{name} has the {key} {entry[key]!r}, which is of the wrong type")
    if any(not isinstance(word, str) for key in ("axes", "arguments") for word in entry.get(key) or ()):
        raise NotationError(f"{name}: axes and arguments are lists of words")
    if entry.get("kind") not in KINDS:
        raise NotationError(f"{name} has the kind {entry.get('kind')!r}; known: {', '.join(sorted(KINDS))}")
    if not str(entry.get("meaning") or "").strip():
        raise NotationError(f"{name} has no meaning in plain words")
    if "$" in name or "\n" in name:
        raise NotationError(f"{name!r} cannot stand in a formula of one line")
    if not _is_word(entry.get("python")):
        raise NotationError(f"{name} has the name {entry['python']!r} in code, which is no identifier")
    domain = entry.get("domain") or "real"
    if domain not in DOMAINS and not INTERVAL.fullmatch(domain):
        raise NotationError(f"{name} has the unknown domain {domain!r}")
    axes = tuple(entry.get("axes") or ())
    if set(axes) - AXES or len(axes) != {"vector": 1, "matrix": 2}.get(entry["kind"], 0):
        raise NotationError(f"{name} is a {entry['kind']} with the axes {list(axes)}")
    arguments = tuple(entry.get("arguments") or ())
    if bool(arguments) != (entry["kind"] in ("function", "quantity")):
        raise NotationError(f"{name}: functions and quantities have arguments, and nothing else has")
    return Symbol(**{**entry, "axes": axes, "arguments": arguments, "domain": domain})
