r"""TeX to tokens, driven by the symbol table: what is not declared is an error here, with the nearest declared symbol.

The TeX is cut into pieces first and written as one line with a space after each piece, so that the rules below need
not care about white space. Every piece goes into exactly one token or is passed over as layout, by name.
"""

import re
from functools import cache
from itertools import dropwhile

from lark import Token

from mseclf.site.defect import nearest
from mseclf.site.latex.errors import DECLARE, TYPE, SyntaxTrouble, Unbalanced
from mseclf.site.latex.notation import PIECE, Notation

LAYOUT = {r"\,", r"\;", r"\:", r"\!", "\\ ", "~", r"\displaystyle", r"\limits", r"\left", r"\right"}
LAYOUT |= {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")}
WIDE = {r"\quad", r"\qquad"}
RELATIONS = {"=", "<", ">", r"\lt", r"\gt", r"\ne", r"\neq", r"\le", r"\leq", r"\ge", r"\geq", r"\sim", r"\approx"}
BUILTINS = {
    r"\log",
    r"\ln",
    r"\exp",
    r"\cosh",
    r"\sinh",
    r"\tanh",
    r"\max",
    r"\min",
    r"\sin",
    r"\cos",
    r"\tan",
    r"\arctan",
}
NAMED = {"softmax", "diag", "sign", "sgn", "logit"}
FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
SINGLE = {
    "+": "PLUS", "-": "MINUS", "/": "SLASH", "(": "LP", ")": "RP", "[": "LSQ", "]": "RSQ", "{": "LB", "}": "RB",
    ":": "COLON", "'": "PRIME", "e": "E", "d": "DIFF", r"\pi": "PI", r"\infty": "INFTY", r"\cdot": "CDOT",
    r"\times": "CDOT", r"\odot": "ODOT", r"\sum": "SUM", r"\prod": "PROD", r"\int": "INT",
    r"\lim": "LIM", r"\sup": "EXTREMUM", r"\inf": "EXTREMUM", r"\nabla": "NABLA", r"\in": "IN", r"\to": "TO",
    r"\iff": "IFF", r"\Leftrightarrow": "IFF", r"\implies": "IMPLIES", r"\Rightarrow": "IMPLIES", r"\{": "SETL",
    r"\}": "SETR", r"\lvert": "ABSL", r"\rvert": "ABSR", r"\lVert": "NORML", r"\rVert": "NORMR",
    r"\partial": "PARTIAL", r"\forall": "FORALL",
}  # fmt: skip
DEPTH = {"(": 1, "[": 1, "{": 1, r"\{": 1, ")": -1, "]": -1, "}": -1, r"\}": -1}
CONTINUES = RELATIONS | WIDE - {r"\qquad"} | {"+", "-", r"\cdot", r"\times", r"\odot", r"\to", r"\iff", r"\implies"}
NO_ARGUMENT = {"LAYOUT", "SEPARATOR", "BAR", "FRAC", "ENVIRONMENT", "EVALL", "EVALR", "REL", "UNDER", "SUB", "CARET"}
NO_ARGUMENT |= {"TRANSPOSE", "SAMPLE", "SIDE", "MARKED"}
CONDITIONAL = {"if", "for", "when", "where"}  # said before the condition of a case
OTHERWISE = {"otherwise", "else"}
STYLES = {"argmax": "ARGEXT", "argmin": "ARGEXT", "d": "DIFF", "Var": "VARIANCE", "Pr": "PROB"}
STYLES |= dict.fromkeys(NAMED, "BUILTIN") | dict.fromkeys(OTHERWISE, "OTHERWISE")
BLACKBOARD = {"R": "REALS", "E": "EXPECT", "V": "VARIANCE", "P": "PROB", "1": "INDICATOR", "I": "INDICATOR"}
# Textbook notation that no rule speaks of, for messages.
MISSING = {
    "determinants": r"\det",
    "dots that stand for what is not written": r"\dots \ldots \cdots", "two claims in one": r"\pm \mp",
    "proportionality": r"\propto", "binomial coefficients": r"\binom", "rounding": r"\lfloor \lceil", "factorials": "!",
    "quantifiers": r"\exists", "conditional probability": r"\mid", "tensor products": r"\otimes",
    "composition": r"\circ", "orders of magnitude": r"\ll \gg O", "sets": r"\notin \subset \cup \cap",
    "double integrals": r"\iint \oint", "these functions": r"\sec \arcsin \arccos \Phi",
    "traces and divergences": r"\operatorname{tr} \mathrm{tr} \mathrm{KL}",
}  # fmt: skip
NAMED_MISSING = {text: what for what, texts in MISSING.items() for text in texts.split()}
GROUP = r"(?:\{ (?:[^{}]|\{[^{}]*\})*\} |\S+ )"  # in braces, or a single piece
TOP = r"\\(?:top|intercal) "


def _any(words: set[str] | dict[str, str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}) "


@cache
def _rules(notation: Notation) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """All tokens, the first that fits wins; and an index below a symbol."""
    top = TOP if notation.find("T") else rf"(?:{TOP}|T |\\(?:mathsf|mathrm|mathbf) (?:T |\{{ T \}} ))"
    letter = "(?:" + "|".join([*map(re.escape, notation.indices), r"\d+"]) + ")"
    index = rf"_ (?:\{{ {letter} \}} |{letter} )"
    symbols = sorted(notation.symbols.values(), key=lambda s: -len(s.pieces))
    pieces = ([re.escape(piece) for piece in symbol.pieces] for symbol in symbols)
    words = (f"{first} " + "".join(rf"(?:{p} |\{{ {p} \}} )" for p in rest) for first, *rest in pieces)
    rules = {
        "TAG": rf"\\tag {GROUP}",
        "TEXT": rf"\\text(?:rm|normal)? {GROUP}",
        "DELTA": rf"\\delta _ \{{ {letter} {letter} \}} " if notation.find(r"\delta") is None else r"(?!)",
        "PROB": r"(?:P|\\Pr) (?=\( |\[ )" if notation.find("P") is None else r"(?!)",
        "EVALL": r"\\left \. ",
        "EVALR": r"\\right \| _ ",
        "MARKED": r"\\(?:cancel|boxed) \{ ",
        "LAYOUT": _any(LAYOUT),
        "SEPARATOR": r"(?:\\q?quad|[,.&]|\\\\) ",
        "BAR": r"\\?\| ",
        "FRAC": _any(FRACTIONS),
        "ENVIRONMENT": rf"\\(?:begin|end) {GROUP}",
        "TRANSPOSE": rf"\^ (?:{top}|\{{ {top}\}} )",
        "SAMPLE": rf"\^ \{{ \( \S+ \) (?:\}} |(?={top}))",
        "SIDE": r"\^ (?:[+-] (?=[})] |$)|\{ [+-] \} )",
        "CARET": r"\^ ",
        "REL": rf": = |{_any(RELATIONS)}",
        "NUM": r"[0-9][0-9.]* ",
        "SYMBOL": "|".join(words),
        "EXTREMUM": r"\\(?:max|min) (?=_ )",
        "BUILTIN": _any(BUILTINS),
        "ARGEXT": r"\\arg \\(?:max|min) ",
        "STYLED": rf"\\(?:mathrm|operatorname|mathbb|mathbf) (?:\* )?{GROUP}",
        "SQRT": r"\\sqrt (?!\[ )",
        "SUB": index,
        "UNDER": "_ ",
        "INDEX": rf"{letter} ",
        "SINGLE": _any(SINGLE),
    }
    return re.compile("|".join(f"(?P<{kind}>{rule})" for kind, rule in rules.items())), re.compile(index)


class Lexer:
    """One pass over one formula; a method is named for the rule that it follows, the other rules make their token."""

    def __init__(self, tex: str, notation: Notation, inline: bool) -> None:
        self.tex, self.notation, self.inline = tex, notation, inline
        self.rules, self.index = _rules(notation)
        self.line, self.at, self.depth = "", 0, 0
        self.starts: dict[int, int] = {}  # where in the TeX what stands at a place of the line begins
        self.out: list[Token] = []
        self.bars: list[tuple[str, int]] = []
        self.environments: list[str] = []
        before = ""
        for found in PIECE.finditer(tex):
            piece = found.group()
            halves = before in FRACTIONS and len(piece) == 2 and piece.isdigit()  # \frac12
            for shift, part in enumerate(piece if halves else [piece]):
                self.starts[len(self.line)] = found.start() + shift
                self.line += r"\, " if part == "\\ " else f"{part} "
            before = piece
        self.starts[len(self.line)] = len(tex)

    def run(self) -> list[Token]:
        """All tokens of the formula."""
        self._refuse_unbalanced()
        while self.at < len(self.line):
            self._one()
        return self.out

    def _refuse_unbalanced(self) -> None:
        """A brace that has no other: said first, since everything after it would be misread."""
        opened: list[int] = []
        for found in re.finditer(r"(?<!\S)[{}](?= )", self.line):
            if found.group() == "{":
                opened.append(self.starts[found.start()])
            elif not opened:
                raise Unbalanced("this brace closes nothing: none is open", self.starts[found.start()])
            else:
                opened.pop()
        if opened:
            raise Unbalanced("this brace is never closed", opened[-1])

    def _one(self) -> None:
        found = self.rules.match(self.line, self.at)
        if found is None:
            raise self._undeclared(self.at + len(self.piece) + 1)
        kind = str(found.lastgroup)
        rule = getattr(self, f"_{kind.lower()}", None)
        if rule is None:
            self.emit(kind, found.end())
        else:
            rule(found)

    @property
    def piece(self) -> str:
        """The piece that comes next, or the empty string."""
        return self.line[self.at :].partition(" ")[0]

    def ahead(self, place: int) -> list[str]:
        """The pieces from a place on, without layout."""
        return [piece for piece in self.line[place:].split() if piece not in LAYOUT]

    def fail(self, message: str, remedy: str = "") -> SyntaxTrouble:
        """An error at the present place."""
        return SyntaxTrouble(message, self.starts[self.at], remedy)

    def emit(self, kind: str, end: int) -> None:
        """Make a token of everything up to `end`."""
        self.out.append(Token(kind, self.line[self.at : end].rstrip(), start_pos=self.starts[self.at]))
        self.at = end

    def _undeclared(self, end: int) -> SyntaxTrouble:
        text = self.tex[self.starts[self.at] : self.starts[end]].rstrip()
        if text in NAMED_MISSING:
            return self.fail(
                f"{NAMED_MISSING[text]} ({text}) are not understood here", "say it in other symbols, or in words"
            )
        if text in ("%", r"\intercal", r"\top"):
            return self.fail(f"{text} is not part of a checked formula")
        for name in sorted(BUILTINS) if text.isascii() else ():
            around = self.tex[max(0, self.starts[self.at] - len(name)) : self.starts[self.at] + len(name)]
            if name[1:] in around and name not in around:
                return self.fail(f"undeclared symbol {text}; a function is written {name}")
        near = nearest(text, self.notation.symbols)
        hint = f"; the nearest one in docs/notation.yml is {near}" if near else ""
        return self.fail(f"undeclared symbol {text}{hint}", DECLARE if text.isascii() else TYPE)

    def _tag(self, found: re.Match[str]) -> None:
        """A number beside the formula; anything else would be read as part of the claim, and not checked."""
        said = "".join(found.group().removeprefix(r"\tag ").split()).strip("{}")
        if not re.fullmatch(r"\d+(\.\d+)*[a-z]?'*", said):
            raise self.fail(f"\\tag{{{said}}} says something that is not checked: a tag is a number")
        self.at = found.end()

    def _text(self, found: re.Match[str]) -> None:
        """Words: before the condition of a case, or in its place."""
        word = re.sub(r"\\ |[{}~, ]", "", found.group().partition(" ")[2])
        if self.environments[-1:] == ["cases"] and word in OTHERWISE:
            self.emit("OTHERWISE", found.end())
        elif self.environments[-1:] == ["cases"] and word in CONDITIONAL:
            self.at = found.end()
        else:
            raise self.fail(r"\text is not part of a checked formula")

    def _marked(self, found: re.Match[str]) -> None:
        """A factor that is struck out or framed: it counts, and its braces hold it together."""
        self.depth += 1
        self.emit("LB", found.end())

    def _layout(self, found: re.Match[str]) -> None:
        self.at = found.end()

    def _single(self, found: re.Match[str]) -> None:
        self.depth += DEPTH.get(self.piece, 0)
        self.emit(SINGLE[self.piece], found.end())

    def _symbol(self, found: re.Match[str]) -> None:
        """A symbol: a function when arguments or a prime follow."""
        symbol = self.notation.find(found.group())
        assert symbol is not None, found
        if self.line.startswith("_ ", found.end()) and not self.index.match(self.line, found.end()):
            below = re.compile(rf"_ {GROUP}?").match(self.line, found.end())
            raise self._undeclared(below.end() if below else found.end())
        inverse = re.compile(r"\^ \{ - 1 \} (?=\( )").match(self.line, found.end())
        if symbol.kind == "function" and inverse:
            self.emit("INVERSE", inverse.end())
            return
        if symbol.tex == r"\mathbf{1}" and self.ahead(found.end())[:1] in (["["], [r"\{"]):
            self.emit("INDICATOR", found.end())
            return
        applied = symbol.kind in ("function", "quantity") and self.ahead(found.end())[:1] in (["("], ["'"])
        self.emit("FUNC" if applied else "NAME", found.end())

    def _sub(self, found: re.Match[str]) -> None:
        """An index after a symbol, else the lower bound of a sum, limit, extremum, gradient."""
        if self.out and self.out[-1].type in ("NAME", "SAMPLE"):
            self.emit("SUB", found.end())
        else:
            self._under(found)

    def _under(self, _found: re.Match[str]) -> None:
        self.emit("UNDER", self.at + 2)
        self._argument()

    def _sample(self, found: re.Match[str]) -> None:
        letter = found.group().split()[3]
        if letter not in self.notation.indices and not letter.isdigit():
            raise self.fail(f"{letter} is not an index; known: {', '.join(self.notation.indices)}")
        self.emit("SAMPLE", found.end())
        if not found.group().endswith("} "):
            self.emit("TRANSPOSE", self.at + len(self.piece) + 3)

    def _caret(self, found: re.Match[str]) -> None:
        if self.out[-1:] and self.out[-1].type == "BUILTIN" and self.ahead(found.end())[:3] == ["{", "-", "1"]:
            raise self.fail(f"{self.out[-1]}^{{-1}}: the inverse function, or one over it? Neither is read from this")
        self.emit("CARET", found.end())
        if self.piece == r"\mathrm":
            raise self.fail("brace this exponent")
        self._argument()

    def _frac(self, found: re.Match[str]) -> None:
        self.emit("FRAC", found.end())
        if self.piece != "{":
            self._argument()
            self._argument()

    def _sqrt(self, found: re.Match[str]) -> None:
        self.emit("SQRT", found.end())
        self._argument()

    def _argument(self) -> None:
        """TeX takes one token as an argument without braces; a longer number would be cut in two by TeX."""
        piece = self.piece
        if piece == "{":
            return
        if len(piece) > 1 and piece[0].isdigit():
            raise self.fail(f"TeX would take only the first digit of {piece}: brace it")
        found = self.rules.match(self.line, self.at)
        if piece in {"", "+", "-", "}", r"\partial"} or (found and found.lastgroup in NO_ARGUMENT):
            raise self.fail("something in braces is expected here")
        self.out.append(Token("LB", "", start_pos=self.starts[self.at]))
        if found is not None and found.lastgroup == "SYMBOL":
            # A subscript belongs to the whole fraction or power, not to its argument.
            whole = piece in (r"\hat", r"\vec", r"\mathbf", r"\mathrm", r"\mathcal")
            self.emit("NAME", found.end() if whole else self.at + len(piece) + 1)
        else:
            self._one()
        self.out.append(Token("RB", "", start_pos=self.out[-1].start_pos))

    def _styled(self, found: re.Match[str]) -> None:
        r"""``\mathrm{softmax}``, ``\operatorname*{argmax}``, ``\mathbb{R}``, ``\mathrm{d}``."""
        word = re.sub(r"\\,|[{}* ]", "", found.group().removeprefix(self.piece))
        table = BLACKBOARD if self.piece == r"\mathbb" else STYLES
        if self.piece == r"\mathbf" and self.inline:
            table = {"0": "NUM"}
        if word not in table:
            raise self._undeclared(found.end())
        self.emit(table[word], found.end())

    def _bar(self, found: re.Match[str]) -> None:
        """``|`` opens unless one is open at this depth."""
        bar = (self.piece, self.depth)
        side = "R" if bar in self.bars else "L"
        if side == "R":
            self.bars.remove(bar)
        else:
            self.bars.append(bar)
        self.emit(("ABS" if self.piece == "|" else "NORM") + side, found.end())

    def _environment(self, found: re.Match[str]) -> None:
        begins, name = self.piece == r"\begin", re.sub("[{} ]", "", found.group().removeprefix(self.piece))
        if name not in ("aligned", "split", "gathered", "cases"):
            raise self.fail(f"the environment {name} is not part of a checked formula; use aligned or cases")
        if begins:
            self.environments.append(name)
        elif not self.environments or self.environments.pop() != name:
            raise self.fail(f"\\end{{{name}}} has no matching \\begin")
        if name == "cases":
            self.depth += 1 if begins else -1
            self.emit("CASESL" if begins else "CASESR", found.end())
        else:
            self.at = found.end()

    def _separator(self, found: re.Match[str]) -> None:
        """Commas, full stops, wide spaces, rows and alignment marks: a token, or layout."""
        kind = self._kind_of_separator(self.piece, self.ahead(found.end()))
        if kind in ("SEP", "COND") and self.piece != r"\\":
            spaces = re.compile(f"(?:{_any(LAYOUT | WIDE)})*").match(self.line, found.end())
            self.emit(kind, spaces.end() if spaces else found.end())
        elif kind:
            self.emit(kind, found.end())
        else:
            self.at = found.end()

    def _kind_of_separator(self, piece: str, rest: list[str]) -> str:
        in_cases = self.environments[-1:] == ["cases"]
        following = rest[0] if rest else ""
        beyond = list(dropwhile(WIDE.__contains__, rest))
        if piece in WIDE:
            return self._kind_of_space(beyond)
        if piece == "&" and (in_cases or following in CONTINUES):
            return "AMP" if in_cases else ""
        if piece == "&":
            raise self.fail("& stands directly before a relation, or at the start of a row that goes on")
        if piece == r"\\" and following not in ("&", r"\end"):
            return "ROW" if in_cases else "SEP"
        if piece == r"\\":
            return "ROW" if in_cases and following == "&" else ""
        if following in ("", r"\end", "&", r"\\", r"\tag") and self.depth == in_cases:
            return ""
        if piece == ".":
            raise self.fail("a full stop inside a formula")
        if self.depth:
            return "COMMA"
        return "" if _is_condition(beyond) else "SEP"

    def _kind_of_space(self, beyond: list[str]) -> str:
        arrows = ("IFF", "IMPLIES")
        if beyond[:1] == [r"\forall"]:
            return ""
        if _is_condition(beyond):
            return "COND"
        if self.environments or (self.out and self.out[-1].type in arrows) or SINGLE.get("".join(beyond[:1])) in arrows:
            return ""
        raise self.fail("a wide space separates claims after a comma, or stands before a condition in parentheses")


def _is_condition(rest: list[str]) -> bool:
    """Whether what is left of the display is one parenthesised group."""
    depth = 0
    for where, piece in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth == 0:
            tail = re.sub(r"\\end\{(aligned|split)\}", "", "".join(rest[where + 1 :]))
            return where > 0 and not tail.strip(".,")
    return False


def tokenize(tex: str, notation: Notation, *, inline: bool = False) -> list[Token]:
    """Cut a formula into tokens.

    Raises:
        SyntaxTrouble: an undeclared symbol, an unknown macro, a piece of TeX that reads in two ways.
    """
    for macro, meaning in notation.macros.items():
        tex = tex.replace(macro, meaning)
    return Lexer(tex, notation, inline).run()
