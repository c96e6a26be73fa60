"""Source code as HTML with an address for each line."""

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


def python_html(source: str, prefix: str | None = None) -> str:
    """Return highlighted Python; with a `prefix`, line n has the id ``PREFIX-n``."""
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    rows = highlight(source, PythonLexer(stripnl=False), formatter).rstrip("\n").split("\n")
    if prefix is not None:
        rows = [f'<span id="{prefix}-{number}">{row}</span>' for number, row in enumerate(rows, start=1)]
    code = "\n".join(rows)
    return f'<div class="language-python highlight"><pre tabindex="0"><code>{code}\n</code></pre></div>'
