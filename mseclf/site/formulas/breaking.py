r"""A display for a column that it does not fit: lines that break before relations, else before the outermost signs.

The source holds the formula as on paper. What follows a relation stands below what follows the one above it; when the
left side leaves no room it stands alone, and the relations below its beginning. A product that is broken where nothing
stands between its factors gets a ``\cdot``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

Measure = Callable[[str], float]
"""The width of a display of this TeX, in em of its letters."""

_TOKEN: Final = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?)\s*(?:\\[a-zA-Z]+|\\?.)|\\(?:begin|end)\{[a-z*]+\}|\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL
)
_RELATIONS: Final = frozenset("=<>") | frozenset(
    rf"\{name}"
    for name in ("le", "ge", "ne", "leq", "geq", "neq", "approx", "sim", "iff", "implies", "equiv", "propto")
)
_BETWEEN_CLAIMS: Final = (r"\iff", r"\implies")
_SIGNS: Final = frozenset("+-")
_PRODUCTS: Final = frozenset([r"\cdot", r"\odot", r"\times"])
_OPEN: Final = re.compile(r"\\left.*|\\[bB]igg?l.*|[(\[]|\\\{|\\l[vV]ert|\\lbrace|\\lfloor", re.DOTALL)
_CLOSE: Final = re.compile(r"\\right.*|\\[bB]igg?r.*|[)\]]|\\\}|\\r[vV]ert|\\rbrace|\\rfloor", re.DOTALL)
_PAIR: Final = re.compile(r"\\(left|right)(?![a-z])")
_DEEPEST: Final = 7
_RELATION, _CONDITION, _SIGN, _PRODUCT = 0, 1, 2, 3
_INDENT: Final = 1.0


@dataclass(frozen=True)
class _Piece:
    """A part of a formula before which a line may break; the lower the level, the rather it breaks there."""

    level: int
    tex: str
    joint: str = ""  # what a line that begins here says first


def broken(tex: str, width: float, measure: Measure) -> str:
    """The formula in lines of at most `width`, as few and as little broken as can be; itself if it fits.

    What an author broke stays as it is, and what cannot be broken comes out wider.
    """
    if r"\begin" in tex or measure(tex) <= width:
        return tex
    setting = _Setting(tuple(_ranked(list(_pieces(tex)))), width, measure)
    tried = [setting.lines(deepest, alone) for deepest in range(_SIGN, _DEEPEST + 1) for alone in (False, True)]
    fitting = [lines for lines in tried if lines.excess <= 0]
    best = fitting[0] if fitting else min(tried, key=lambda lines: lines.excess)
    return best.tex if len(best.rows) > 1 else tex


@dataclass
class _Lines:
    """Rows of ``aligned``, the current one last, and by how much the widest is too wide."""

    rows: list[str]
    room: float
    excess: float = 0.0
    filled: float = 0.0

    def add(self, tex: str, wide: float) -> None:
        self.rows[-1] += f" {tex}"
        self.filled += wide
        self.excess = max(self.excess, self.filled - self.room)

    def begin(self, tex: str, wide: float, indent: str) -> None:
        self.rows.append(f"&{indent}")
        self.filled = 0.0
        self.add(tex, wide + (_INDENT if indent else 0))

    @property
    def tex(self) -> str:
        rows = _without_pairs(" \\\\\n".join(row.strip() for row in self.rows))
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


@dataclass(frozen=True)
class _Setting:
    pieces: tuple[_Piece, ...]
    width: float
    measure: Measure

    def lines(self, deepest: int, alone: bool) -> _Lines:
        """The formula broken at pieces down to a level, its left side in a line of its own or not."""
        parts = list(_grouped(self.pieces, _CONDITION))
        left, *right = parts
        if alone:
            made = _Lines([r"&\quad"], self.width, filled=_INDENT)
            self._fill(made, left, deepest)
        else:
            wide = sum(map(self._wide, left))
            made = _Lines(["".join(piece.tex for piece in left) + " &"], self.width - wide)
        for place, part in enumerate(right):
            self._part(made, part, deepest, first=place == 0, alone=alone)
        return made

    def _part(self, made: _Lines, part: Sequence[_Piece], deepest: int, first: bool, alone: bool) -> None:
        """A relation with its right side: in the line that has begun if the whole fits there, else in its own."""
        wide = sum(map(self._wide, part))
        if part[0].level == _CONDITION:
            if made.filled + wide <= made.room:
                made.add(part[0].tex, wide)
            else:
                bare = part[0].tex.replace(r"\qquad", "").replace(r"\quad", "").strip()
                made.begin(bare, self.measure(bare), r"\quad")
        elif not (first and alone) and (first or made.filled + wide <= made.room):
            self._fill(made, part, deepest)
        else:
            made.rows.append("&")
            made.filled = 0.0
            self._fill(made, part, deepest)

    def _fill(self, made: _Lines, part: Sequence[_Piece], deepest: int) -> None:
        for chunk in self._chunks(part, _SIGN, made.room - _INDENT, deepest):
            wide = sum(map(self._wide, chunk))
            tex = "".join(piece.tex for piece in chunk)
            if made.filled and made.filled + wide > made.room and chunk is not part and chunk[0] is not part[0]:
                made.begin(f"{{}}{chunk[0].joint} {tex}", wide + (0.8 if chunk[0].joint else 0), r"\quad ")
            else:
                made.add(tex, wide)

    def _chunks(self, part: Sequence[_Piece], level: int, room: float, deepest: int) -> Iterator[Sequence[_Piece]]:
        """What stays in one line: parts between the outermost signs, and of those that are too wide their parts."""
        for chunk in _grouped(part, level):
            if level >= deepest or len(chunk) == 1 or sum(map(self._wide, chunk)) <= room:
                yield chunk
            else:
                yield from self._chunks(chunk, level + 1, room, deepest)

    def _wide(self, piece: _Piece) -> float:
        return self.measure(f"{{}}{_without_pairs(piece.tex, all_pairs=True)}")


def _grouped(pieces: Sequence[_Piece], level: int) -> Iterator[tuple[_Piece, ...]]:
    """Pieces in groups that begin where a line may break at this level or a lower one."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and piece.level <= level:
            yield tuple(group)
            group = []
        group.append(piece)
    yield tuple(group)


def _pieces(tex: str) -> Iterator[_Piece]:
    """Cut a formula before each relation, sign and factor that is in no braces, and before what is said of it."""
    braces = parens = 0
    begun, level, joint = "", _RELATION, ""
    before = ""  # the last token that is no blank
    ends_factor = False
    for token in _TOKEN.findall(" ".join(tex.split())):
        cut = None
        if braces == 0:
            cut = _level(token, before, parens, ends_factor)
        if cut is not None and begun.strip():
            yield _Piece(level, begun, joint)
            begun, level, joint = "", cut, r"\cdot" if _OPEN.fullmatch(token) else ""
        begun += token
        braces += token in ("{",) or token.startswith(r"\begin")
        braces -= token in ("}",) or token.startswith(r"\end")
        if braces == 0 and _OPEN.fullmatch(token):
            parens += 1
        if braces == 0 and _CLOSE.fullmatch(token):
            parens -= 1
            ends_factor = True
        elif token.strip() and not (braces or token in ("^", "{", "}", r"\,") or before == "^"):
            ends_factor = False
        before = token if token.strip() else before
    yield _Piece(level, begun, joint)


def _ranked(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """The pieces, where an "if and only if" parts two statements: the relations inside them bind closer then."""
    if not any(piece.tex.startswith(_BETWEEN_CLAIMS) for piece in pieces):
        yield from pieces
        return
    for piece in pieces:
        inside = piece.level == _RELATION and piece is not pieces[0] and not piece.tex.startswith(_BETWEEN_CLAIMS)
        yield replace(piece, level=_PRODUCT) if inside else piece


def _level(token: str, before: str, parens: int, ends_factor: bool) -> int | None:
    """At which level a line may break before this token; None: it may not."""
    if parens == 0 and token in _RELATIONS:
        return _RELATION
    if parens == 0 and token in (r"\quad", r"\qquad"):
        return _CONDITION
    if parens == 0 and token == "(" and before in (r"\quad", r"\qquad"):
        return None
    has_left = (
        before and before not in _SIGNS | _RELATIONS | _PRODUCTS and not _OPEN.fullmatch(before) and before != ","
    )
    if token in _SIGNS and has_left:
        return _SIGN + 2 * parens
    if token in _PRODUCTS or (ends_factor and _OPEN.fullmatch(token)):
        return _PRODUCT + 2 * parens
    return None


def _without_pairs(tex: str, all_pairs: bool = False) -> str:
    r"""``\left`` and ``\right`` with a size of their own where a line breaks between them: TeX has no other way."""
    open_at: list[int] = []
    apart: dict[int, str] = {}
    for match in _PAIR.finditer(tex):
        if match[1] == "left":
            open_at.append(match.start())
            continue
        start = open_at.pop() if open_at else -1
        inside = tex[max(start, 0) : match.start()]
        if start < 0 or r"\\" in inside:
            size = "Big" if re.search(r"\\(?:frac|sum|int)\b", inside) else "big"
            apart |= {match.start(): rf"\{size}r"} | ({start: rf"\{size}l"} if start >= 0 else {})
    if all_pairs:
        apart |= dict.fromkeys(open_at, r"\bigl")
    return _PAIR.sub(lambda match: apart.get(match.start(), match[0]), tex)
