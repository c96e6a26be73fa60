"""Source code as HTML with an address for each line."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pygments import highlight
from pygments.filter import simplefilter
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Name, Operator, Punctuation, Token, Whitespace

# These have the colour of the block: docs/assets/site.css. They were two thirds of the marks.
_UNCOLOURED = {Name, Operator, Punctuation, Whitespace}


@simplefilter  # type: ignore[untyped-decorator]
def _coloured(self: Any, lexer: Any, stream: Any, options: Any) -> Iterator[tuple[Any, str]]:
    for kind, text in stream:
        yield Token if kind in _UNCOLOURED else kind, text


@cache  # several pages show the same script
def python_html(source: str, prefix: str | None = None) -> str:
    """Return highlighted Python; with a `prefix`, line n has the id ``PREFIX-n``."""
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    lexer = PythonLexer(stripnl=False, filters=[_coloured()])
    rows = highlight(source, lexer, formatter).rstrip("\n").split("\n")
    if prefix is not None:
        rows = [f'<span id="{prefix}-{number}">{row}</span>' for number, row in enumerate(rows, start=1)]
    code = "\n".join(rows)
    return f'<div class="language-python highlight"><pre tabindex="0"><code>{code}\n</code></pre></div>'
