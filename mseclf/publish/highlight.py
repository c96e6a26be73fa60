"""Source code as HTML with an address for each line."""

import re
from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

# Plain names and white space have the colour of the block in every theme: a third of the marks.
_UNCOLOURED = re.compile(r'<span class="[nw]">([^<]*)</span>')


@cache  # several pages show the same script
def python_html(source: str, prefix: str | None = None) -> str:
    """Return highlighted Python; with a `prefix`, line n has the id ``PREFIX-n``."""
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    marked = _UNCOLOURED.sub(r"\1", highlight(source, PythonLexer(stripnl=False), formatter))
    rows = marked.rstrip("\n").split("\n")
    if prefix is not None:
        rows = [f'<span id="{prefix}-{number}">{row}</span>' for number, row in enumerate(rows, start=1)]
    code = "\n".join(rows)
    return f'<div class="language-python highlight"><pre tabindex="0"><code>{code}\n</code></pre></div>'
