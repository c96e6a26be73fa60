"""Calls pandoc, and says at once when it cannot do something; TeX made ready for it: it reads less than MathJax."""

import json
import re
import subprocess
from collections.abc import Iterable
from typing import Any, Final

import pypandoc

_UNCONVERTED: Final = re.compile(r"Could not convert TeX math (?P<tex>.*?), rendering as TeX", re.DOTALL)
# Pandoc 3.9 writes the names that these symbols had before Typst 0.14.
_CIRCLED: Final = re.compile(r"\b(dot|plus|minus|times)\.circle\b")
# What is evaluated at a point: pandoc forgets that its bar is as high as what stands before it. The bracket is a mark.
_EVALUATED: Final = re.compile(r"⟨([^⟨]*?)\\\|_")
_FUNCTION: Final = re.compile(r"\\(?:mathrm|operatorname)\{([a-z]{2,})\}")  # diag, softmax: TeX has no command for them


class UnconvertedTex(ValueError):
    """Pandoc does not know a formula; `tex` is the formula."""

    def __init__(self, tex: str) -> None:
        super().__init__(f"pandoc cannot turn this formula into Typst: {tex}")
        self.tex = tex


def read_tree(html: str) -> dict[str, Any]:
    """HTML as pandoc's tree of blocks."""
    tree: dict[str, Any] = json.loads(_pandoc(html, "--from", "html", "--to", "json"))
    return tree


def write_typst(tree: dict[str, Any]) -> str:
    """A tree as Typst source, without a preamble.

    Raises:
        UnconvertedTex: a formula is beyond pandoc.
    """
    source = _pandoc(json.dumps(tree), "--from", "json", "--to", "typst", "--wrap", "none")
    return _EVALUATED.sub(r"lr(\1 bar.v)_", _CIRCLED.sub(r"\1.o", source))


def _pandoc(text: str, *arguments: str) -> str:
    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", timeout=60)
    if unconverted := _UNCONVERTED.search(done.stderr):
        raise UnconvertedTex(" ".join(unconverted["tex"].split()))
    if done.returncode or done.stderr.strip():
        raise RuntimeError(f"pandoc: {done.stderr.strip()}")
    return done.stdout


def for_pandoc(tex: str) -> str:
    r"""TeX with words and bars as pandoc needs them: it reads ``\mathrm{MSE}`` as a product, ``|z|`` as two signs.

    The bars of a norm it reads right only where nothing says that they grow.
    """
    tex = re.sub(r"(?<!\\left)\\lvert(?![a-z])", r"\\left\\lvert", tex)
    tex = re.sub(r"(?<!\\right)\\rvert(?![a-z])", r"\\right\\rvert", tex)
    tex = re.sub(r"\\(?:left|right)\\([lr])Vert(?![a-z])", r"\\\1Vert", tex)
    tex = re.sub(r"\\left\.\s*(.*?)\\right\|(?=_)", r"\\left\\langle \1\\right|", tex)
    tex = _FUNCTION.sub(r"\\mathop{\\text{\1}}", tex)
    tex = re.sub(r"\\mathrm\{([A-Za-z]{2,})\}", r"\\text{\1}", tex)
    return re.sub(r"(?<!\\left)(?<!\\right)(?<!\\)\|([^|]+)(?<!\\left)(?<!\\right)(?<!\\)\|", r"\\left|\1\\right|", tex)


def functions(formulas: Iterable[str]) -> str:
    """Typst's definitions of the functions that `for_pandoc` leaves as names."""
    names = sorted({name for tex in formulas for name in _FUNCTION.findall(tex)})
    return "".join(f'#let {name} = math.op("{name}")\n' for name in names)
