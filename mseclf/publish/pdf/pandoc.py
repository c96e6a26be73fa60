"""Calls pandoc, and says at once when it cannot do something."""

import json
import re
import subprocess
from typing import Any, Final

import pypandoc

# Our pages are plain Markdown: citations and identifiers are made by us, formulas come as slots.
_OFF: Final = (
    "citations auto_identifiers tex_math_dollars implicit_figures example_lists subscript superscript strikeout"
)
_READER: Final = "-".join(["markdown", *_OFF.split()])
_UNCONVERTED: Final = re.compile(r"Could not convert TeX math (?P<tex>.*?), rendering as TeX", re.DOTALL)
# Pandoc 3.9 writes the names that these symbols had before Typst 0.14.
_CIRCLED: Final = re.compile(r"\b(dot|plus|minus|times)\.circle\b")


class UnconvertedTex(ValueError):
    """Pandoc does not know a formula; `tex` is the formula."""

    def __init__(self, tex: str) -> None:
        super().__init__(f"pandoc cannot turn this formula into Typst: {tex}")
        self.tex = tex


def read_tree(markdown: str) -> dict[str, Any]:
    """Markdown as pandoc's tree of blocks."""
    tree: dict[str, Any] = json.loads(_run(markdown, "--from", _READER, "--to", "json"))
    return tree


def write_typst(tree: dict[str, Any]) -> str:
    """A tree as Typst source, without a preamble.

    Raises:
        UnconvertedTex: a formula is beyond pandoc.
    """
    source = _run(json.dumps(tree), "--from", "json", "--to", "typst", "--wrap", "none")
    return _CIRCLED.sub(r"\1.o", source)


def _run(text: str, *arguments: str) -> str:
    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", timeout=60)
    if unconverted := _UNCONVERTED.search(done.stderr):
        raise UnconvertedTex(" ".join(unconverted["tex"].split()))
    if done.returncode or done.stderr.strip():
        raise RuntimeError(f"pandoc: {done.stderr.strip()}")
    return done.stdout
