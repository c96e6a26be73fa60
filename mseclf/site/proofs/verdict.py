"""A verdict: what is said about a display, from the prover to the page, the ledger and JSON; kept by what it says."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from mseclf.site.defect import Defect, Rule
from mseclf.site.page import DisplayEquation, InlineFormula


class Status(StrEnum):
    """What was found out. The last four stop a build; of the others the ledger page says what each means."""

    PROVED = "proved"
    AT_SIZES = "proved-at-sizes"
    MEASURED = "measured"
    DEFINITION = "definition"
    REFUTED = "refuted"
    SKIPPED = "skipped"
    FALSE = "false"
    NOT_SHOWN = "not-shown"
    NOT_UNDERSTOOD = "not-understood"
    WAITING = "waiting"

    @property
    def fails(self) -> bool:
        """Whether it stops the build."""
        return self in (Status.FALSE, Status.NOT_SHOWN, Status.NOT_UNDERSTOOD, Status.WAITING)


class Sentence(StrEnum):
    """What is known of a formula that stands in a sentence."""

    TRUE = "true for every value of its symbols"
    NUMBERS = "a relation between numbers, true"
    OPEN = "depends on its sentence: not checked"
    SILENT = "states nothing"


class Means(StrEnum):
    """How a step was shown, in plain words."""

    ALGEBRA = "an identity, by exact algebra"
    SOLVER = "no counterexample exists, by a solver over the real numbers"
    BALLS = "interval arithmetic over the whole domain"
    LIMIT = "a limit, by its leading terms"
    EXTREME = "an extreme over the whole domain"
    INTEGRAL = "an integral, through its antiderivative"
    DIGITS = "the digits shown are guaranteed by interval arithmetic"
    EVERY_SIZE = "entry by entry, for every size"
    TABLE = "agrees with the table of symbols"
    FIXES = "fixes its left side from here on"


@dataclass(frozen=True)
class Method:
    """How a display was decided: the means, the sizes where it was not for all of them, and a note."""

    means: tuple[Means, ...] = ()
    sizes: str = ""
    note: str = ""

    def plus(self, other: "Method") -> "Method":
        """Both."""
        return Method(
            tuple(dict.fromkeys(self.means + other.means)), self.sizes or other.sizes, self.note or other.note
        )

    def __str__(self) -> str:
        """In words."""
        sizes = f"for {self.sizes}, every entry and every index" if self.sizes else ""
        return "; ".join(part for part in (*self.means, sizes, self.note) if part)


@dataclass(frozen=True)
class Binding:
    """The function of mseclf that a display was compared with; `source` is relative to the repository."""

    function: str
    source: str
    line: int
    points: int
    tolerance: float

    @property
    def module(self) -> str:
        """Its module: ``losses``."""
        return PurePosixPath(self.source).stem

    @property
    def name(self) -> str:
        """The function as a reader calls it: ``MSE.gradient_theta``."""
        return self.function.split(".", 2)[-1]


@dataclass(frozen=True)
class Verdict:
    """What was found out about one display.

    Attributes:
        equation: the display.
        status: see `Status`.
        method: how.
        hypotheses: the TeX of the hypotheses that were in force and used.
        binding: the function that it agrees with.
        defect: for a failure, what is wrong: ``eq-id, step 2 is false: with y = 1/4 ...``.
        counterexample: ``y = 1/4, z = 2`` for what is false or refuted.
        steps: how many relations were checked.
        points: at which numbers were tried against them before they were proved.
        sides: of the step that is refuted, there: the left side, the relation that is claimed, and the right side.
        definitions: the page's displays that define what it speaks of.
    """

    equation: DisplayEquation
    status: Status
    method: Method = field(default_factory=Method)
    hypotheses: tuple[str, ...] = ()
    binding: Binding | None = None
    defect: Defect | None = None
    counterexample: str = ""
    steps: int = 0
    points: int = 0
    sides: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its page."""
        return self.equation.place.path

    @property
    def message(self) -> str:
        """The defect as an author reads it; empty for what holds."""
        return str(self.defect) if self.defect else ""

    def kept(self) -> bytes:
        """What a display without a defect has, wherever it stands."""
        plain = ("status", "hypotheses", "counterexample", "steps", "points", "sides", "definitions")
        found = {name: getattr(self, name) for name in plain}
        binding = asdict(self.binding) if self.binding else None
        return json.dumps(found | {"method": asdict(self.method), "binding": binding}).encode()

    @classmethod
    def known(cls, equation: DisplayEquation, kept: bytes) -> "Verdict":
        """What `kept` gave, said of this display."""
        found = json.loads(kept)
        method, binding = found.pop("method"), found.pop("binding")
        found["status"] = Status(found["status"])
        found |= {name: tuple(found[name]) for name in ("hypotheses", "sides", "definitions")}
        means = tuple(map(Means, method.pop("means")))
        return cls(equation, **found, method=Method(means, **method), binding=Binding(**binding) if binding else None)


def failed(
    equation: DisplayEquation,
    status: Status,
    detail: str,
    remedy: str = "",
    offset: int | None = None,
    rule: Rule = Rule.EQUATION,
) -> Verdict:
    """The verdict that stops a build, with the place of what is wrong."""
    defect = Defect(equation.place_in(offset or 0), rule, f"{equation.id}, {detail}", remedy)
    return Verdict(equation, status, defect=defect)


@dataclass(frozen=True)
class Report:
    """All verdicts in page order, and every reason why the build must fail: inline formulas and hypotheses too.

    `sentences` says of each formula in a sentence that holds a relation where it stands and what is known of it.
    """

    verdicts: tuple[Verdict, ...]
    defects: tuple[Defect, ...]
    sentences: tuple[tuple[InlineFormula, Sentence], ...] = ()
