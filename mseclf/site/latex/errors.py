"""What can go wrong with a formula; an exception tree so that each layer catches only what it can explain.

FormulaError            (everything below; `offset` is where in the TeX, when it is known)
├── SyntaxTrouble       the TeX does not parse, or parses in more than one way to a reader
│   └── Unbalanced      a brace has no other
├── TypeTrouble         a vector where a scalar belongs, a symbol used as what it is not
├── Vacuous             a claim or hypothesis that says nothing
├── Undefined           a side has no value at an admissible point
├── Waiting             it uses a definition that cannot be accepted itself
└── NotShown            it is understood, and neither proved nor refuted
"""


class FormulaError(Exception):
    """A formula that cannot be accepted; `offset` counts characters from the start of its TeX."""

    def __init__(self, message: str, offset: int | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.remedy = remedy


class SyntaxTrouble(FormulaError):
    """The TeX is not in the grammar, or is ambiguous to a reader."""


class Unbalanced(SyntaxTrouble):
    """A brace has no other. MathJax notices too: whoever reports both can leave its message out."""


class TypeTrouble(FormulaError):
    """The parts do not fit: scalar and vector, shapes, indices."""


class Vacuous(FormulaError):
    """Nothing is claimed: the check could not fail."""


class Undefined(FormulaError):
    """A side has no value at an admissible point (division by zero, logarithm of something not positive)."""


class Waiting(FormulaError):
    """It uses a definition that cannot be accepted itself, which is told where that stands."""


class NotShown(FormulaError):
    """It is understood; no rule proves it and no point refutes it."""


# What to do about a symbol that nobody declared.
DECLARE = "write a symbol of docs/notation.yml, or declare this one there"
TYPE = "type it as TeX: - for a minus, \\theta for a Greek letter"
