r"""A reading of TeX that shares nothing with the checker's: tokens to nested tuples, by recursive descent.

It reads more than the checker does and refuses less: it is for the oracle, which must know what a reader sees. A node
is a tuple of a name and its parts; `Unread` is raised for what it does not know.
"""

import re
from functools import cached_property
from pathlib import Path

import yaml

LAYOUT = r"\\[,;:! ]|~|\\displaystyle|\\limits|\\[bB]igg?[lr]?(?![a-zA-Z])|\\left(?=[^a-zA-Z.])|\\right(?=[^a-zA-Z|])"
LAYOUT += r"|\\(?:left|right)(?=\\[lrV{}\[|])"
NAMED = {"diag", "softmax", "sign", "sgn", "logit"}
FUNCTIONS = {"\\" + w for w in ["log", "ln", "exp", "sin", "cos", "tan", "arctan", "tanh", "cosh", "sinh"]}
RELATIONS = {"=": "=", "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=",
             r"\geq": ">=", r"\ne": "!=", r"\neq": "!=", r"\approx": "~=", r"\sim": "~", r"\in": "in",
             r"\to": "to", ":=": "=", r"\coloneqq": "="}  # fmt: skip
EXTREMES = {r"\max": "max", r"\min": "min", r"\sup": "sup", r"\inf": "inf"}
OPEN, CLOSE = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}, {")", "]", r"\}", "}"}
CLOSERS = {r"\lvert": r"\rvert", r"\lVert": r"\rVert", "|": "|", r"\|": r"\|"}


class Unread(Exception):
    """TeX that this reading does not know."""


def canonical(tex):
    """The TeX with braces around what fonts and accents apply to, and without layout."""
    tex = re.sub(r"\\left\s*\.", r"\\evaluate ", tex)
    tex = re.sub(r"\\right\s*\|", r"\\at " if r"\evaluate" in tex else r"\\rvert ", tex)
    tex = re.sub(r"\\left\s*\|", r"\\lvert ", tex)
    tex = re.sub(r"\\mathbb\{?1\}?", r"\\indicator ", tex)
    tex = re.sub(r"\\operatorname\*?", r"\\mathrm", tex)
    tex = re.sub(r"\\Pr(?![a-zA-Z])", "P", tex)
    tex = re.sub(r"\\text\s*\{\s*(if|otherwise)\s*\}", lambda m: rf"\{m[1]} ", tex)
    tex = re.sub(r"\\(mathbf|mathrm|mathcal|mathbb)\s*([0-9A-Za-z])", r"\\\1{\2}", tex)
    tex = re.sub(r"\\(hat|vec)\s*(\\math\w+\{\w\}|\\[a-z]+|[a-z])", r"\\\1{\2}", tex)
    return re.sub(r"\s+", " ", tex)


class Table:
    """docs/notation.yml, as the oracle reads it."""

    def __init__(self, path):
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        self.symbols = {canonical(s["tex"]).replace(" ", ""): s for s in data["symbols"]}
        self.axes = data["indices"]

    @cached_property
    def token(self):
        """What a token is: a symbol, a number, a command, a character."""
        words = sorted(self.symbols, key=len, reverse=True)
        names = "|".join(re.escape(w) + ("(?![a-zA-Z])" if w[-1].isalpha() and w[0] == "\\" else "") for w in words)
        return re.compile(
            rf"(?P<layout>{LAYOUT}|\s+)|(?P<sym>{names})|(?P<num>\d+\.\d+|\d+)|(?P<cmd>:=|\\[a-zA-Z]+|\\.|.)"
        )

    def tokens(self, tex):
        """(kind, text) of each token."""
        tex = re.sub(r"(?<=[_^a-zA-Z}]) (?=[_^{])", "", canonical(tex))
        tex = re.sub(r"\\([dt]?frac)\s*(\d)\s*(\d)", r"\\frac{\2}{\3}", tex)
        found = [(m.lastgroup, m[0]) for m in self.token.finditer(tex)]
        return [t for t in found if t[0] != "layout"]


class Reader:
    """One formula."""

    def __init__(self, tex, table):
        self.table, self.out, self.at = table, table.tokens(tex), 0
        self.bars, self.measure = [], None

    # tokens
    @property
    def here(self):
        return self.out[self.at][1] if self.at < len(self.out) else ""

    @property
    def kind(self):
        return self.out[self.at][0] if self.at < len(self.out) else "end"

    def take(self, *wanted):
        text = self.here
        if wanted and text not in wanted:
            raise Unread(f"{text or 'the end'} where {' or '.join(wanted)} should stand")
        self.at += 1
        return text

    def eat(self, *wanted):
        found = bool(self.here) and self.here in wanted
        self.at += found
        return found

    def sub(self, tokens):
        """A reader of some tokens."""
        reader = Reader("", self.table)
        reader.out = tokens
        return reader

    def group(self):
        """The tokens of one argument."""
        if not self.eat("{"):
            self.at += 1
            return self.out[self.at - 1 : self.at]
        start, depth = self.at, 1
        while depth:
            if self.at >= len(self.out):
                raise Unread("a brace is not closed")
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.out[start : self.at - 1]

    def inner(self, tokens):
        """The expression that some tokens are, all of them."""
        reader = self.sub(tokens)
        value = reader.expr()
        if reader.at < len(tokens):
            raise Unread(f"{reader.here} is left over")
        return value

    # expressions
    def expr(self):
        sign = self.eat("-") or (self.eat("+") and False)
        left = self.term()
        left = ("neg", left) if sign else left
        while self.here in ("+", "-"):
            left = (self.take(), left, self.term())
        return left

    def term(self):
        left = self.factor()
        while True:
            if self.here in (r"\cdot", r"\times", r"\odot"):
                op = "odot" if self.take() == r"\odot" else "*"
                left = (op, left, self.factor())
            elif self.eat("/"):
                left = ("/", left, self.factor())
            elif self.starts():
                left = ("*", left, self.factor())
            else:
                return left

    def starts(self):
        """Whether a factor begins here."""
        text = self.here
        if self.bars and text == self.bars[-1]:
            return False
        stops = CLOSE | set(RELATIONS) | {"", "+", "-", "/", ",", "d", "&", r"\\", ".", r"\quad", r"\qquad", "_", "^",
                                          r"\iff", r"\implies", r"\Rightarrow", r"\Leftrightarrow", r"\at", r"\rvert",
                                          r"\rVert", r"\if", r"\otherwise", r"\end", "T", "'"}  # fmt: skip
        return text not in stops

    def factor(self):
        if self.eat("-"):
            return ("neg", self.factor())
        value = self.base()
        while self.here == "^":
            self.take()
            tokens = self.group()
            words = [t for _, t in tokens]
            value = ("T", value) if words in ([r"\top"], [r"\intercal"], ["T"]) else ("^", value, self.inner(tokens))
        return value

    def base(self):
        kind, text = self.kind, self.here
        if kind == "sym":
            return self.symbol()
        self.take()
        if kind == "num":
            return ("num", text)
        if text in OPEN:
            value = self.expr()
            self.take(OPEN[text])
            return value
        if text in CLOSERS:
            self.bars.append(CLOSERS[text])
            value = self.expr()
            self.take(self.bars.pop())
            return ("abs" if text in ("|", r"\lvert") else "norm", value)
        if text in FUNCTIONS:
            return self.function(text[1:])
        if text in self.table.axes:
            return ("index", text)
        method = {"e": "_e", r"\pi": "_pi", r"\infty": "_infty", r"\frac": "_frac", r"\dfrac": "_frac",
                  r"\tfrac": "_frac", r"\sqrt": "_sqrt", r"\sum": "_sum", r"\prod": "_sum", r"\int": "_int",
                  r"\lim": "_lim",
                  r"\max": "_extreme", r"\min": "_extreme", r"\sup": "_extreme", r"\inf": "_extreme", r"\arg": "_arg",
                  r"\nabla": "_nabla", r"\partial": "_partial", r"\mathrm": "_mathrm", r"\mathbb": "_expect",
                  "P": "_chance", r"\indicator": "_indicator", r"\delta": "_delta", r"\begin": "_cases",
                  r"\evaluate": "_evaluate"}.get(text)  # fmt: skip
        if method is None:
            raise Unread(f"{text} is not known")
        return getattr(self, method)(text)

    def symbol(self):
        """A symbol with its indices and arguments."""
        key = self.take()
        entry, indices, sample, primes, inverse = self.table.symbols[key], [], None, 0, False
        while True:
            if self.eat("_"):
                indices += [t for _, t in self.group() if t != ","]
            elif self.here == "^" and (found := self._sample()):
                sample = found
            elif self.here == "'" and entry["kind"] in ("function", "quantity"):
                primes += self.eat("'")
            else:
                break
            if any(i not in self.table.axes and not i.isdigit() for i in indices):
                raise Unread(f"{indices} is no index of {key}")
        if (
            key == "\\sigma"
            and self.here == "^"
            and [t for _, t in self.out[self.at + 1 : self.at + 5]] == list("{-1}")
        ):
            self.at += 5
            inverse = True
        arguments = entry.get("arguments") or ()
        if entry["kind"] in ("function", "quantity") and self.here == "(":
            mark = self.at
            found = self.arguments()
            if len(found) == len(arguments):
                return ("fn", "logit", found) if inverse else ("call", key, tuple(found), primes, sample)
            self.at = mark
        if entry["kind"] == "function" or inverse or primes:
            raise Unread(f"{key} without its argument")
        return ("sym", key, sample, tuple(indices))

    def _sample(self):
        """`i` of ``^{(i)}`` or of ``^{(i)\\top}``, which leaves the transposition."""
        texts = [t for _, t in self.out[self.at : self.at + 7]]
        if texts[1:3] != ["{", "("] or texts[4:5] != [")"]:
            return None
        if texts[3] not in self.table.axes and not texts[3].isdigit():
            raise Unread(f"({texts[3]}) is no index")
        if texts[5] == "}":
            self.at += 6
        else:
            self.out[self.at : self.at + 7] = [("cmd", "^"), ("cmd", texts[5])]
        return texts[3]

    def arguments(self):
        """``(a, b)``."""
        self.take("(")
        found = [self.expr()]
        while self.eat(","):
            found.append(self.expr())
        self.take(")")
        return found

    def function(self, name):
        power = self.inner(self.group()) if self.eat("^") else None
        argument = self.factor_of_function()
        value = ("fn", "log" if name == "ln" else name, [argument])
        return ("^", value, power) if power else value

    def factor_of_function(self):
        """What a function applies to: a group alone (``\\log(p)^2`` is the square), or the next factor."""
        return self.base() if self.here in ("(", "[", "{") else self.factor()

    # what a command begins
    def _e(self, _):
        return ("const", "e")

    def _pi(self, _):
        return ("const", "pi")

    def _infty(self, _):
        return ("const", "inf")

    def _sqrt(self, _):
        if self.here == "[":
            raise Unread("a root with a degree")
        return ("sqrt", self.inner(self.group()))

    def _frac(self, _):
        above, below = self.group(), self.group()
        first = below[0][1] if below else ""
        if above and above[0][1] in ("d", r"\partial") and first in ("d", r"\partial"):
            return self.derivative(above, below)
        if above and above[0][1] == "d" and len(above) == 2:
            self.measure = above[1][1]
            return ("/", ("num", "1"), self.inner(below))
        return ("/", self.inner(above), self.inner(below))

    def derivative(self, above, below):
        """A fraction of differentials; what it acts on stands above or follows."""
        top = self.sub(above)
        top.take()
        if top.eat("^"):
            top.group()
        targets, bottom = [], self.sub(below)
        while bottom.here:
            bottom.take("d", r"\partial")
            name = bottom.symbol()
            times = 1
            if bottom.eat("^"):
                tokens = bottom.group()
                times = int(tokens[0][1]) if tokens[0][0] == "num" else 1
            targets += [name] * times
        body = self.inner(above[top.at :]) if top.at < len(above) else self.term()
        return ("diff", targets, body)

    def _partial(self, _):
        self.take("_")
        name = self.sub(self.group()).symbol()
        return ("diff", [name], self.term())

    def _nabla(self, _):
        self.take("_")
        name, times = self.sub(self.group()).symbol(), 1
        if self.eat("^"):
            times = int(self.group()[0][1])
        while self.here == r"\nabla":
            self.at += 2
            self.group()
            times += 1
        return ("grad", name, times, self.term())

    def _sum(self, text):
        letter, low, condition = self._range()
        high = self.inner(self.group()) if self.eat("^") else None
        return ("total", text, letter, low, high, condition, self.term())

    def _range(self):
        self.take("_")
        reader = self.sub(self.group())
        letter = reader.take()
        if not reader.here:
            return letter, None, None
        sign = reader.take()
        if sign == ":":
            return letter, None, reader.chain()
        value = reader.expr()
        return (
            (letter, value, None)
            if sign == "="
            else (letter, None, ("chain", [("index", letter), value], [RELATIONS[sign]]))
        )

    def _int(self, _):
        low = high = None
        for _turn in range(2):
            if self.eat("_"):
                low = self.inner(self.group())
            elif self.eat("^"):
                high = self.inner(self.group())
        body = self.expr()
        if self.measure is None:
            self.take("d")
            self.measure = self.take()
        name, self.measure = ("sym", self.measure, None, ()), None
        if low is None or high is None:
            raise Unread("an integral without bounds")
        return ("int", low, high, name, body)

    def _lim(self, _):
        self.take("_")
        name, target, side = self.tending(self.group())
        return ("lim", name, target, side, self.term())

    def tending(self, tokens):
        """``w \\to 0^+``."""
        side = ""
        if len(tokens) > 2 and tokens[-1][1] in "+-" and tokens[-2][1] == "^":
            side, tokens = tokens[-1][1], tokens[:-2]
        elif len(tokens) > 4 and tokens[-2][1] in "+-" and tokens[-4][1] == "^":
            side, tokens = tokens[-2][1], tokens[:-4]
        reader = self.sub(tokens)
        name = reader.symbol() if reader.kind == "sym" else None
        reader.take(r"\to")
        if name is None:
            raise Unread("what tends?")
        return name, self.inner(tokens[reader.at :]), side

    def _extreme(self, text):
        if self.here == "(":
            return ("fn", text[1:], self.arguments())
        self.take("_")
        tokens = self.group()
        if tokens[0][1] in self.table.axes and tokens[0][0] != "sym":
            return ("over", text[1:], tokens[0][1], self.term())
        return ("extreme", text[1:], *self._moved(tokens), self.term())

    def _arg(self, _):
        kind = self.take(r"\max", r"\min")[1:]
        self.take("_")
        return ("argument", kind, *self._moved(self.group()), self.term())

    def _moved(self, tokens):
        """The name that an extremum moves, and where."""
        reader = self.sub(tokens)
        name = reader.symbol()
        return name, reader.members() if reader.eat(r"\in") else None

    def _mathrm(self, _):
        name = "".join(t for _, t in self.group())
        if name in NAMED:
            return ("fn", "sign" if name == "sgn" else name, [self.base()])
        if name == "Var":
            return ("var", self.base())
        raise Unread(f"the name {name}")

    def _expect(self, _):
        name = self.group()
        if [t for _, t in name] != ["E"]:
            raise Unread("a letter of the blackboard")
        if self.eat("_"):
            self.group()
        return ("expect", self.base())

    def _chance(self, _):
        self.take("(", "[")
        relation = self.chain()
        self.take(")", "]")
        return ("expect", ("indicator", relation))

    def _indicator(self, _):
        opening = self.take("[", "(", r"\{", "_")
        if opening == "_":
            reader = self.sub(self.group())
            return ("indicator", reader.chain())
        relation = self.chain()
        self.take(OPEN[opening])
        return ("indicator", relation)

    def _delta(self, _):
        self.take("_")
        left, right = (("index", t) for _, t in self.group())
        return ("indicator", ("chain", [left, right], ["="]))

    def _cases(self, _):
        if [t for _, t in self.group()] != list("cases"):
            raise Unread("an environment")
        rows = []
        while self.here != r"\end":
            value = self.expr()
            self.take("&")
            self.eat(r"\if")
            rows.append((value, None if self.eat(r"\otherwise") else self.chain()))
            self.eat(r"\\")
        self.take(r"\end")
        self.group()
        return ("cases", rows)

    def _evaluate(self, _):
        body = self.expr()
        self.take(r"\at")
        self.take("_")
        reader = self.sub(self.group())
        name = reader.symbol()
        reader.take("=")
        return ("evaluate", body, name, reader.expr())

    # statements
    def chain(self):
        """``a = b < c``."""
        sides, signs = [self.expr()], []
        while self.here in RELATIONS:
            signs.append(RELATIONS[self.take()])
            sides.append(self.members() if signs[-1] == "in" else self.expr())
        return ("chain", sides, signs)

    def members(self):
        """An interval or a finite set."""
        opening = self.take("(", "[", r"\{")
        found = [self.expr()]
        while self.eat(","):
            found.append(self.expr())
        closing = self.take(")", "]", r"\}")
        return ("set" if opening == r"\{" else "interval", opening, found, closing)

    def statement(self):
        """A relation, or two with an arrow between them."""
        left = self.chain()
        if self.eat(r"\iff", r"\Leftrightarrow"):
            return ("iff", left, self.chain())
        if self.eat(r"\implies", r"\Rightarrow"):
            return ("implies", left, self.chain())
        return left

    def condition(self):
        """``(w > 0)`` or ``(p \\to 0)`` at the end of a display."""
        found = []
        self.take("(")
        while not self.eat(")"):
            end = next((n for n in range(self.at, len(self.out)) if self.out[n][1] in (",", ")")), self.at)
            tends = any(t == r"\to" for _, t in self.out[self.at : end])
            if tends:
                found.append(("to", *self.tending(self.out[self.at : end])))
                self.at = end
            else:
                found.append(self.chain())
            self.eat(",")
        return found

    def display(self):
        """(statements, conditions) of a display."""
        statements, conditions = [], []
        while self.here:
            statements.append(self.statement())
            spaced = False
            while self.here in (",", ".", r"\quad", r"\qquad", r"\\"):
                spaced |= self.take() in (r"\quad", r"\qquad")
            if spaced and self.here == "(" and self._closes():
                conditions = self.condition()
                self.eat(".", ",")
        return statements, conditions

    def _closes(self):
        depth = 0
        for place in range(self.at, len(self.out)):
            depth += {"(": 1, ")": -1}.get(self.out[place][1], 0)
            if depth == 0:
                return place >= len(self.out) - 2
        return False


def rows_joined(tex):
    """An aligned display as one line: a row that begins at the alignment goes on."""
    if not re.search(r"\\begin\s*\{(aligned|split|gathered)\}", tex):
        return tex
    tex = re.sub(r"\\(begin|end)\s*\{(aligned|split|gathered)\}", "", tex)
    tex = re.sub(r"\\\\\s*&", " ", tex).replace(r"\\", ",").replace("&", "")
    return re.sub(r"\\quad(?!\s*\()", " ", tex)


def read_display(tex, table):
    """The statements and conditions of a display."""
    return Reader(rows_joined(tex), table).display()


def read_statement(tex, table):
    """A hypothesis or a relation."""
    reader = Reader(tex, table)
    found = reader.chain()
    if reader.here:
        raise Unread(f"{reader.here} is left over")
    return found


def read_expression(tex, table):
    """An expression."""
    reader = Reader(tex, table)
    return reader.inner(reader.out)
