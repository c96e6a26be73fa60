"""What is said about a display, and about a whole site."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mseclf.pages import DisplayEquation


class Status(StrEnum):
    """Only the last three fail a build."""

    PROVED = "proved"
    FIXED_SHAPES = "proved-at-fixed-shapes"
    NUMERIC = "numeric"
    DEFINITION = "definition"
    SKIPPED = "skipped"
    REFUTED = "refuted"
    FALSE = "false"
    NOT_UNDERSTOOD = "not-understood"
    WAITING = "waiting"

    @property
    def fails(self) -> bool:
        """Whether it stops the build."""
        return self in (Status.FALSE, Status.NOT_UNDERSTOOD, Status.WAITING)


@dataclass(frozen=True)
class Binding:
    """The function of mseclf that a display was compared with; `source` is relative to the repository."""

    function: str
    source: str
    line: int
    points: int
    tolerance: float


@dataclass(frozen=True)
class Verdict:
    """What was found out about one display.

    Attributes:
        equation: the display.
        path: its page.
        status: see `Status`.
        method: in plain words, what was checked.
        hypotheses: the TeX of the hypotheses that were in force and used.
        binding: the function that it agrees with.
        message: for a failure, ``docs/page.md:LINE:COL: eq-id, step 2 is false: with y = 1/4 ...``.
        counterexample: ``y = 1/4, z = 2`` for what is false or refuted.
        steps: how many relations were checked.
    """

    equation: DisplayEquation
    path: str
    status: Status
    method: str = ""
    hypotheses: tuple[str, ...] = ()
    binding: Binding | None = None
    message: str = ""
    counterexample: str = ""
    steps: int = 0


@dataclass(frozen=True)
class Report:
    """All verdicts in page order, and every reason why the build must fail."""

    verdicts: tuple[Verdict, ...]
    errors: tuple[str, ...]
    inline_parsed: int = 0
    inline_unchecked: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many displays have each status."""
        return {status.value: n for status in Status if (n := sum(v.status == status for v in self.verdicts))}

    @property
    def ledger(self) -> dict[str, str]:
        """Identity to status, as docs/ledger.yml keeps it."""
        return {verdict.equation.id: verdict.status.value for verdict in self.verdicts}
