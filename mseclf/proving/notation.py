"""The symbol table of the site: docs/notation.yml, read strictly."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

KINDS = {"scalar", "vector", "matrix", "function", "quantity", "random", "count"}
AXES = {"m", "n", "K"}
DOMAINS = {"real", "positive", "nonnegative", "integer", "simplex"}
INTERVAL = re.compile(r"[\[(]-?\d+(/\d+)?, -?\d+(/\d+)?[\])]")

# A command, a number, a letter, or any other visible character. Whatever is not white space is in exactly one piece.
PIECE = re.compile(r"\\[a-zA-Z]+|\\.|\d+\.\d+|\d+|[^\s]")

# Commands that say how a symbol looks and do not tell it from another.
UNSAID = {"mathrm"}


class NotationError(ValueError):
    """docs/notation.yml breaks its own schema; the message names the entry."""


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
    """The symbols by their TeX, MathJax's macros, and the letters that may stand as an index with their axis."""

    symbols: Mapping[str, Symbol]
    macros: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_pieces(self) -> Mapping[tuple[str, ...], Symbol]:
        """Symbols by their pieces."""
        return {symbol.pieces: symbol for symbol in self.symbols.values()}

    def find(self, tex: str) -> Symbol | None:
        """The symbol that is written `tex`, however it is braced."""
        return self.by_pieces.get(normal_pieces(tex))

    def nearest(self, tex: str) -> str | None:
        """The declared symbol that looks most like `tex`, for error messages."""
        close = difflib.get_close_matches(tex, list(self.symbols), n=1, cutoff=0.0)
        return close[0] if close else None


def load_notation(path: Path) -> Notation:
    """Read and check docs/notation.yml.

    Raises:
        NotationError: an entry that breaks the schema, by name.
    """
    try:
        return _read(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, NotationError):
            raise
        raise NotationError(f"notation.yml: this is not YAML: {' '.join(str(error).split())}") from None


@lru_cache(maxsize=1)  # a build asks for it twice, and YAML is slow
def _read(text: str) -> Notation:
    return notation_from(yaml.safe_load(text))


def notation_from(data: Any) -> Notation:
    """Check the parsed YAML and build the table; see `load_notation`."""
    if not isinstance(data, dict) or set(data) - {"macros", "symbols", "indices"}:
        raise NotationError("notation.yml: expected the keys macros, symbols and indices")
    if not isinstance(data.get("symbols") or [], list):
        raise NotationError("notation.yml: symbols is a list of entries")
    symbols: dict[str, Symbol] = {}
    pieces: dict[tuple[str, ...], str] = {}
    for entry in data.get("symbols") or ():
        symbol = _symbol(entry)
        if symbol.pieces in pieces:
            raise NotationError(f"notation.yml: {symbol.tex} is declared twice")
        pieces[symbol.pieces] = symbol.tex
        symbols[symbol.tex] = symbol
    for symbol in symbols.values():
        for name in (*symbol.arguments, *([symbol.entries] if symbol.entries else [])):
            if normal_pieces(name) not in pieces:
                raise NotationError(f"notation.yml: {symbol.tex} refers to {name}, which is not declared")
    indices, macros = _words(data, "indices"), _words(data, "macros")
    if set(indices.values()) - AXES:
        raise NotationError(f"notation.yml: an index runs over one of {', '.join(sorted(AXES))}")
    return Notation(symbols, macros, indices)


def _words(data: Mapping[str, Any], key: str) -> dict[str, str]:
    """The mapping from words to words under a key, which may be left out."""
    found = data.get(key) or {}
    if not isinstance(found, dict) or not all(isinstance(word, str) for pair in found.items() for word in pair):
        raise NotationError(f"notation.yml: {key} maps words to words, not {found!r}")
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
        raise NotationError(f"notation.yml: an entry without tex: {entry!r}")
    name = entry["tex"]
    unknown = set(entry) - set(Symbol.__dataclass_fields__)
    if unknown:
        raise NotationError(f"notation.yml: {name} has the unknown key {', '.join(sorted(unknown))}")
    for key, wanted in _TYPES.items():
        if not isinstance(entry.get(key), wanted):
            raise NotationError(f"notation.yml: {name} has the {key} {entry[key]!r}, which is of the wrong type")
    if any(not isinstance(word, str) for key in ("axes", "arguments") for word in entry.get(key) or ()):
        raise NotationError(f"notation.yml: {name}: axes and arguments are lists of words")
    if entry.get("kind") not in KINDS:
        raise NotationError(
            f"notation.yml: {name} has the kind {entry.get('kind')!r}; known: {', '.join(sorted(KINDS))}"
        )
    if not str(entry.get("meaning") or "").strip():
        raise NotationError(f"notation.yml: {name} has no meaning in plain words")
    if "$" in name or "\n" in name:
        raise NotationError(f"notation.yml: {name!r} cannot stand in a formula of one line")
    if not _is_word(entry.get("python")):
        raise NotationError(f"notation.yml: {name} has the name {entry['python']!r} in code, which is no identifier")
    domain = entry.get("domain") or "real"
    if domain not in DOMAINS and not INTERVAL.fullmatch(domain):
        raise NotationError(f"notation.yml: {name} has the unknown domain {domain!r}")
    axes = tuple(entry.get("axes") or ())
    if set(axes) - AXES or len(axes) != {"vector": 1, "matrix": 2}.get(entry["kind"], 0):
        raise NotationError(f"notation.yml: {name} is a {entry['kind']} with the axes {list(axes)}")
    arguments = tuple(entry.get("arguments") or ())
    if bool(arguments) != (entry["kind"] in ("function", "quantity")):
        raise NotationError(f"notation.yml: {name}: functions and quantities have arguments, and nothing else has")
    return Symbol(**{**entry, "axes": axes, "arguments": arguments, "domain": domain})
