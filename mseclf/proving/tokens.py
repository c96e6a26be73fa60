r"""TeX to tokens, driven by the symbol table: what is not declared is an error here, with the nearest declared symbol.

Every visible character of the source ends up in exactly one token or in `layout` (spacing, \left, alignment marks):
`tokenize` checks that itself, so no part of a formula can be passed over in silence.
"""

from dataclasses import dataclass, field

from lark import Token

from mseclf.proving.errors import NEVER_CLOSED, NEVER_OPENED, SyntaxTrouble
from mseclf.proving.notation import PIECE, Notation

LAYOUT = {r"\,", r"\;", r"\:", r"\!", r"\ ", "~", r"\displaystyle", r"\limits", r"\left", r"\right"}
LAYOUT |= {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")}
RELATIONS = {"=", "<", ">", r"\lt", r"\gt", r"\ne", r"\neq", r"\le", r"\leq", r"\ge", r"\geq", r"\sim", r"\approx"}
BUILTINS = {r"\log", r"\ln", r"\exp", r"\cosh", r"\sinh", r"\tanh", r"\max", r"\min"}
NAMED = {"softmax", "diag", "sign", "sgn", "logit"}
SINGLE = {
    "+": "PLUS", "-": "MINUS", "/": "SLASH", "^": "CARET", "_": "UNDER", "(": "LP", ")": "RP", "[": "LSQ", "]": "RSQ",
    "{": "LB", "}": "RB", ":": "COLON", "'": "PRIME", "e": "E", "d": "DIFF", r"\pi": "PI", r"\infty": "INFTY",
    r"\cdot": "CDOT", r"\times": "CDOT", r"\odot": "ODOT", r"\sqrt": "SQRT", r"\sum": "SUM", r"\prod": "PROD",
    r"\int": "INT", r"\lim": "LIM", r"\sup": "EXTREMUM", r"\inf": "EXTREMUM", r"\nabla": "NABLA", r"\in": "IN",
    r"\to": "TO", r"\iff": "IFF", r"\Leftrightarrow": "IFF", r"\implies": "IMPLIES", r"\Rightarrow": "IMPLIES",
    r"\{": "SETL", r"\}": "SETR", r"\lvert": "ABSL", r"\rvert": "ABSR", r"\lVert": "NORML", r"\rVert": "NORMR",
    r"\partial": "PARTIAL",
}  # fmt: skip
CONTINUES = RELATIONS | {"+", "-", r"\cdot", r"\times", r"\odot", r"\to", r"\iff", r"\implies"}


@dataclass
class Lexer:
    """One pass over one formula; the methods read at `at` and move it on."""

    tex: str
    notation: Notation
    inline: bool = False
    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    at: int = 0
    out: list[Token] = field(default_factory=list)
    used: int = 0  # visible characters that went into tokens or layout
    bars: list[tuple[str, int]] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    depth: int = 0

    def run(self) -> list[Token]:
        """All tokens of the formula."""
        for match in PIECE.finditer(self.tex):
            self.pieces.append(match.group())
            self.starts.append(match.start())
        self._refuse_unbalanced()
        while self.at < len(self.pieces):
            self._one()
        if self.used != sum(len(piece) for piece in self.pieces if piece.strip()):
            raise AssertionError(f"the lexer lost a part of {self.tex!r}")
        return self.out

    def _refuse_unbalanced(self) -> None:
        """A brace that has no other: said first, since everything after it would be misread."""
        opened: list[int] = []
        for piece, start in zip(self.pieces, self.starts, strict=True):
            if piece == "{":
                opened.append(start)
            elif piece == "}" and not opened:
                raise SyntaxTrouble(NEVER_OPENED, start)
            elif piece == "}":
                opened.pop()
        if opened:
            raise SyntaxTrouble(NEVER_CLOSED, opened[-1])

    def peek(self, ahead: int = 0) -> str:
        """The piece that stands `ahead` places on, or the empty string."""
        where = self.at + ahead
        return self.pieces[where] if where < len(self.pieces) else ""

    def fail(self, message: str) -> SyntaxTrouble:
        """An error at the present piece."""
        return SyntaxTrouble(message, self.starts[self.at] if self.at < len(self.starts) else len(self.tex))

    def emit(self, kind: str, count: int) -> None:
        """Make a token of the next `count` pieces; a TeX number of pieces 0 is an invisible brace."""
        value = " ".join(self.pieces[self.at : self.at + count])
        start = self.starts[self.at] if self.at < len(self.starts) else len(self.tex)
        self.out.append(Token(kind, value, start_pos=start))
        self.skip(count)

    def skip(self, count: int = 1) -> None:
        """Pass over `count` pieces: layout, or the parts of a token just made."""
        self.used += sum(len(piece) for piece in self.pieces[self.at : self.at + count] if piece.strip())
        self.at += count

    def _one(self) -> None:
        piece = self.peek()
        if piece == r"\left" and self.peek(1) == ".":
            self.emit("EVALL", 2)
        elif piece == r"\right" and self.peek(1) == "|" and self.peek(2) == "_":
            self.emit("EVALR", 3)
        elif piece in LAYOUT:
            self.skip()
        elif piece in (r"\quad", r"\qquad", ",", ".", "&", r"\\"):
            self._separator(piece)
        elif piece in ("|", r"\|"):
            self._bar(piece)
        elif piece in (r"\frac", r"\tfrac", r"\dfrac"):
            self._fraction()
        elif piece in (r"\begin", r"\end"):
            self._environment(piece)
        elif piece == r"\tag":
            self.skip(self._group_length(1) + 1)
        elif piece == "^":
            self._superscript()
        elif piece in RELATIONS:
            self.emit("REL", 1)
        elif piece[0].isdigit():
            self.emit("NUM", 1)
        else:
            self._word(piece)

    def _word(self, piece: str) -> None:
        """A declared symbol, else a built-in name, else an error."""
        length = self._symbol_length()
        if length:
            self._name(length)
        elif piece in BUILTINS:
            self.emit("EXTREMUM" if piece in (r"\max", r"\min") and self.peek(1) == "_" else "BUILTIN", 1)
        elif piece == r"\arg" and self.peek(1) in (r"\max", r"\min"):
            self.emit("ARGEXT", 2)
        elif piece in (r"\mathrm", r"\operatorname", r"\mathbb", r"\mathbf"):
            self._styled(piece)
        elif piece == "_":
            self._subscript()
        elif piece in self.notation.indices:
            self.emit("INDEX", 1)
        elif piece in SINGLE:
            self.depth += {"LP": 1, "LSQ": 1, "LB": 1, "SETL": 1, "RP": -1, "RSQ": -1, "RB": -1, "SETR": -1}.get(
                SINGLE[piece], 0
            )
            self.emit(SINGLE[piece], 1)
        else:
            raise self._undeclared(1)

    def _undeclared(self, count: int) -> SyntaxTrouble:
        text = self.tex[self.starts[self.at] : self.starts[self.at + count - 1] + len(self.pieces[self.at + count - 1])]
        if text in (r"\text", "%", r"\dots", r"\ldots", r"\cdots", r"\pm", r"\mp", r"\propto", r"\intercal", r"\top"):
            return self.fail(f"{text} is not part of a checked formula")
        for name in sorted(BUILTINS):
            around = self.tex[max(0, self.starts[self.at] - len(name)) : self.starts[self.at] + len(name)]
            if name[1:] in around and name not in around:
                return self.fail(f"undeclared symbol {text}; a function is written {name}")
        near = self.notation.nearest(text)
        return self.fail(f"undeclared symbol {text}; the nearest one in docs/notation.yml is {near}")

    def _symbol_length(self) -> int:
        """How many pieces the longest declared symbol here takes; 0 for none."""
        for symbol in self.notation.by_first_piece.get(self.peek(), ()):
            end = self._match(symbol.pieces)
            if end:
                return end
        return 0

    def _match(self, wanted: tuple[str, ...]) -> int:
        ahead = 0
        for piece in wanted:
            if self.peek(ahead) == piece:
                ahead += 1
            elif (self.peek(ahead), self.peek(ahead + 1), self.peek(ahead + 2)) == ("{", piece, "}"):
                ahead += 3
            else:
                return 0
        return ahead

    def _name(self, length: int) -> None:
        """A symbol: a function when arguments or a prime follow."""
        symbol = self.notation.by_pieces[_strip(self.pieces[self.at : self.at + length])]
        after = next((p for p in self.pieces[self.at + length :] if p not in LAYOUT), "")
        applied = symbol.kind in ("function", "quantity") and after in ("(", "'")
        if self.peek(length) == "_" and not self._index_length(length):
            raise self._undeclared(length + 1 + self._group_length(length + 1))
        self.emit("FUNC" if applied else "NAME", length)

    def _index_length(self, ahead: int) -> int:
        """Length of ``_j``, ``_{j}``, ``_1``... at `ahead`, or 0."""
        inner = self.peek(ahead + 1)
        braced = inner == "{" and self.peek(ahead + 3) == "}"
        name = self.peek(ahead + 2) if braced else inner
        return (4 if braced else 2) if name in self.notation.indices or name.isdigit() else 0

    def _subscript(self) -> None:
        """An index after a symbol, else the lower bound of a sum, limit, extremum, gradient."""
        length = self._index_length(0)
        if length and self.out and self.out[-1].type in ("NAME", "SAMPLE"):
            self.emit("SUB", length)
        else:
            self.emit("UNDER", 1)
            if self.peek() != "{":
                self._virtual_group()

    def _superscript(self) -> None:
        """A transpose, a sample index, a side of a limit, or a power."""
        inner = self.pieces[self.at + 1 : self.at + 7]
        tops = (r"\top", r"\intercal")
        if inner[:1] and inner[0] in tops:
            self.emit("TRANSPOSE", 2)
        elif inner[:1] == ["{"] and inner[1] in tops and inner[2] == "}":
            self.emit("TRANSPOSE", 4)
        elif inner[:2] == ["{", "("] and inner[3:4] == [")"] and inner[4] in ("}", *tops):
            if inner[2] not in self.notation.indices and not inner[2].isdigit():
                raise self.fail(f"{inner[2]} is not an index; known: {', '.join(self.notation.indices)}")
            self.emit("SAMPLE", 5 if inner[4] in tops else 6)
            if inner[4] in tops:
                self.emit("TRANSPOSE", 2)
        elif inner[:1] and inner[0] in "+-" and self.peek(2) in ("}", ")", ""):
            self.emit("SIDE", 2)
        elif inner[:1] == ["{"] and inner[1] in ("+", "-") and inner[2] == "}":
            self.emit("SIDE", 4)
        else:
            self.emit("CARET", 1)
            if self.peek() == r"\mathrm":
                raise self.fail("brace this exponent")
            if self.peek() != "{":
                self._virtual_group()

    def _virtual_group(self) -> None:
        """TeX takes one token as an argument without braces; a longer number would be cut in two by TeX."""
        if len(self.peek()) > 1 and self.peek()[0].isdigit():
            raise self.fail(f"TeX would take only the first digit of {self.peek()}: brace it")
        if not self.peek() or self.peek() in "+-=&^_}" or self.peek() in (r"\frac", r"\left", r"\partial"):
            raise self.fail("something in braces is expected here")
        self.out.append(Token("LB", "", start_pos=self.starts[self.at]))
        length = self._symbol_length()
        if length > 1 and self.peek() not in (r"\hat", r"\vec", r"\mathbf", r"\mathrm", r"\mathcal"):
            length = 1  # a subscript belongs to the whole fraction or power, not to its argument
        if length:
            self.emit("NAME", length)
        else:
            self._word(self.peek()) if not self.peek()[0].isdigit() else self.emit("NUM", 1)
        self.out.append(Token("RB", "", start_pos=self.out[-1].start_pos))

    def _fraction(self) -> None:
        self.emit("FRAC", 1)
        if self.peek()[:1].isdigit() and len(self.peek()) == 2:  # \frac12
            self._split_number()
        if self.peek() != "{":
            self._virtual_group()
            if self.peek() != "{":
                self._virtual_group()

    def _split_number(self) -> None:
        number, start = self.peek(), self.starts[self.at]
        self.pieces[self.at : self.at + 1] = [number[0], number[1]]
        self.starts[self.at : self.at + 1] = [start, start + 1]

    def _group_length(self, ahead: int) -> int:
        """Length of the braced group, or of the single piece, at `ahead`."""
        if self.peek(ahead) != "{":
            return 1 if self.peek(ahead) else 0
        depth, length = 0, 0
        while self.peek(ahead + length):
            depth += {"{": 1, "}": -1}.get(self.peek(ahead + length), 0)
            length += 1
            if not depth:
                return length
        return length

    def _styled(self, piece: str) -> None:
        r"""``\mathrm{softmax}``, ``\operatorname*{argmax}``, ``\mathbb{R}``, ``\mathrm{d}``."""
        star = 1 if self.peek(1) == "*" else 0
        length = 1 + star + self._group_length(1 + star)
        word = "".join(p for p in self.pieces[self.at + 1 + star : self.at + length] if p not in ("{", "}", r"\,"))
        table = {"argmax": "ARGEXT", "argmin": "ARGEXT", "d": "DIFF"} | dict.fromkeys(NAMED, "BUILTIN")
        if piece == r"\mathbb":
            table = {"R": "REALS", "E": "EXPECT"}
        if piece == r"\mathbf" and self.inline:
            table = {"0": "NUM"}
        if word not in table:
            raise self._undeclared(length)
        self.emit(table[word], length)

    def _bar(self, piece: str) -> None:
        """``|`` opens unless one is open at this depth."""
        names = ("ABSL", "ABSR") if piece == "|" else ("NORML", "NORMR")
        if (piece, self.depth) in self.bars:
            self.bars.remove((piece, self.depth))
            self.emit(names[1], 1)
        else:
            self.bars.append((piece, self.depth))
            self.emit(names[0], 1)

    def _environment(self, piece: str) -> None:
        length = 1 + self._group_length(1)
        name = "".join(self.pieces[self.at + 2 : self.at + length - 1])
        if name == "cases":
            self.depth += 1 if piece == r"\begin" else -1
            self.emit("CASESL" if piece == r"\begin" else "CASESR", length)
        elif name in ("aligned", "split", "gathered"):
            self.skip(length)
        else:
            raise self.fail(f"the environment {name} is not part of a checked formula; use aligned or cases")
        if piece == r"\begin":
            self.environments.append(name)
        elif not self.environments or self.environments.pop() != name:
            raise self.fail(f"\\end{{{name}}} has no matching \\begin")

    def _separator(self, piece: str) -> None:
        """Commas, full stops, wide spaces, rows and alignment marks."""
        in_cases = self.environments[-1:] == ["cases"]
        rest = [p for p in self.pieces[self.at + 1 :] if p not in LAYOUT]
        following = rest[0] if rest else ""
        if piece in (r"\quad", r"\qquad"):
            self._wide_space(rest)
        elif piece == "&":
            if in_cases:
                self.emit("AMP", 1)
            elif following in CONTINUES or following == r"\quad":
                self.skip()
            else:
                raise self.fail("& stands directly before a relation, or at the start of a row that goes on")
        elif piece == r"\\":
            if in_cases and following != r"\end":
                self.emit("ROW", 1)
            elif following in ("&", r"\end") or in_cases:
                self.skip()
            else:
                self.emit("SEP", 1)
        elif following in ("", r"\end", "&", r"\\", r"\tag") and self.depth - in_cases == 0:
            self.skip()
        elif piece == ".":
            raise self.fail("a full stop inside a formula")
        elif self.depth == 0:
            quads = sum(1 for _ in _leading(rest, (r"\quad", r"\qquad")))
            if self._is_condition(rest[quads:]):
                self.skip()
            else:
                count = 1
                while self.peek(count) in LAYOUT or self.peek(count) in (r"\quad", r"\qquad"):
                    count += 1
                self.emit("SEP", count)
        else:
            self.emit("COMMA", 1)

    def _wide_space(self, rest: list[str]) -> None:
        rest = rest[sum(1 for _ in _leading(rest, (r"\quad", r"\qquad"))) :]
        if self._is_condition(rest):
            self.emit("COND", 1)
            while self.peek() in LAYOUT or self.peek() in (r"\quad", r"\qquad"):
                self.skip()
        elif (
            self.environments
            or rest[:1] in ([r"\iff"], [r"\implies"])
            or (self.out and self.out[-1].type in ("IFF", "IMPLIES"))
        ):
            self.skip()
        else:
            raise self.fail("a wide space separates claims after a comma, or stands before a condition in parentheses")

    def _is_condition(self, rest: list[str]) -> bool:
        """Whether what is left of the display is one parenthesised group."""
        depth = 0
        for where, piece in enumerate(rest):
            depth += {"(": 1, ")": -1}.get(piece, 0)
            if depth == 0:
                return where > 0 and not [
                    p
                    for p in rest[where + 1 :]
                    if p not in (".", ",", r"\end", "{", "}") and p not in "aligned" and p not in "split"
                ]
        return False


def _leading(pieces: list[str], wanted: tuple[str, ...]) -> list[str]:
    out: list[str] = []
    for piece in pieces:
        if piece not in wanted:
            break
        out.append(piece)
    return out


def _strip(pieces: list[str]) -> tuple[str, ...]:
    """Pieces without braces around a single one, as the symbol table keeps them."""
    out: list[str] = []
    at = 0
    while at < len(pieces):
        if pieces[at] == "{" and pieces[at + 2 : at + 3] == ["}"]:
            out.append(pieces[at + 1])
            at += 3
        else:
            out.append(pieces[at])
            at += 1
    return tuple(out)


def tokenize(tex: str, notation: Notation, *, inline: bool = False) -> list[Token]:
    """Cut a formula into tokens.

    Raises:
        SyntaxTrouble: an undeclared symbol, an unknown macro, a piece of TeX that reads in two ways.
    """
    for macro, meaning in notation.macros.items():
        tex = tex.replace(macro, meaning)
    return Lexer(tex, notation, inline).run()
