"""What can go wrong with a formula; an exception tree so that each layer catches only what it can explain.

FormulaError            (everything below; `offset` is where in the TeX, when it is known)
├── SyntaxTrouble       the TeX does not parse, or parses in more than one way to a reader
├── TypeTrouble         a vector where a scalar belongs, a symbol used as what it is not
├── Vacuous             a claim or hypothesis that says nothing
└── Undefined           a side has no value at an admissible point
"""


class FormulaError(Exception):
    """A formula that cannot be accepted; `offset` counts characters from the start of its TeX."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class SyntaxTrouble(FormulaError):
    """The TeX is not in the grammar, or is ambiguous to a reader."""


class TypeTrouble(FormulaError):
    """The parts do not fit: scalar and vector, shapes, indices."""


class Vacuous(FormulaError):
    """Nothing is claimed: the check could not fail."""


class Undefined(FormulaError):
    """A side has no value at an admissible point (division by zero, logarithm of something not positive)."""


# A formula whose braces do not balance. MathJax notices too: whoever reports both can leave its message out.
NEVER_CLOSED, NEVER_OPENED = UNBALANCED = ("this brace is never closed", "this brace closes nothing: none is open")
