"""TeX made ready for pandoc, which reads less of it than MathJax."""

import re
from collections.abc import Iterable
from typing import Final

_FUNCTION: Final = re.compile(r"\\(?:mathrm|operatorname)\{([a-z]{2,})\}")  # diag, softmax: TeX has no command for them


def for_pandoc(tex: str) -> str:
    r"""TeX with words and bars as pandoc needs them: it reads ``\mathrm{MSE}`` as a product, ``|z|`` as two signs."""
    tex = re.sub(r"(?<!\\left)\\l([vV])ert(?![a-z])", r"\\left\\l\1ert", tex)
    tex = re.sub(r"(?<!\\right)\\r([vV])ert(?![a-z])", r"\\right\\r\1ert", tex)
    tex = _FUNCTION.sub(r"\\mathop{\\text{\1}}", tex)
    tex = re.sub(r"\\mathrm\{([A-Za-z]{2,})\}", r"\\text{\1}", tex)
    return re.sub(r"(?<!\\left)(?<!\\right)(?<!\\)\|([^|]+)(?<!\\left)(?<!\\right)(?<!\\)\|", r"\\left|\1\\right|", tex)


def functions(formulas: Iterable[str]) -> str:
    """Typst's definitions of the functions that `for_pandoc` leaves as names."""
    names = sorted({name for tex in formulas for name in _FUNCTION.findall(tex)})
    return "".join(f'#let {name} = math.op("{name}")\n' for name in names)
