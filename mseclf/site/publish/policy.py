"""The content security policy that stands in each page: nothing but the site itself, inline scripts by hash alone.

Only the scripts that templates hold, the theme's and ours, get a hash. So a script that found a way into a page by a
caption, a value or an author's Markdown stops the build, and would not run in a browser if it did not.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_CHARSET: Final = '<meta charset="utf-8">'
_SCRIPT_ELEMENT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_EXPRESSION: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# What an expression of a template becomes: the relative address of the site's root, or its absolute path.
_ANY_ADDRESS: Final = r"[\w./:~%-]*"
_JAVASCRIPT: Final = {"", "module", "text/javascript", "application/javascript"}
# In the order of the specification. Two are wider than "the site itself", for a reason:
# - style attributes: MathJax sets the baseline of each formula by one, Matplotlib and notebooks write them, and scripts
#   of the theme place tooltips by them. A `<style>` element is still refused: style-src-elem knows files only.
# - data: images: the theme's stylesheet holds its icons as such.
_DIRECTIVES: Final = (
    "default-src 'none'",
    "script-src 'self'{hashes}",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "style-src-elem 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
)


@cache
def scripts_of(*folders: Path) -> tuple[re.Pattern[str], ...]:
    """The scripts in the templates of the theme and of this site, as patterns: what they compute is an address."""
    templates = [path for folder in folders for path in sorted(folder.glob("partials/javascripts/*.html"))]
    texts = [text for path in templates for text in _SCRIPT_ELEMENT.findall(path.read_text(encoding="utf-8"))]
    return tuple(re.compile(_ANY_ADDRESS.join(map(re.escape, _EXPRESSION.split(text)))) for text in texts)


def with_policy(output: str, known: Iterable[re.Pattern[str]]) -> str:
    """Return the page with its policy in front of everything that the policy rules.

    Raises:
        ValueError: the page holds an inline script that is not `known`, or has no ``<meta charset>``.
    """
    scripts = inline_scripts(output)
    for script in scripts:
        if not any(pattern.fullmatch(script) for pattern in known):
            raise ValueError(f"an inline script that is not the theme's: {script.strip()[:80]!r}; put it into a file")
    if _CHARSET not in output:
        raise ValueError(f"no {_CHARSET}: the policy stands after it")
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">'
    return output.replace(_CHARSET, _CHARSET + tag, 1)


def policy(scripts: Iterable[str]) -> str:
    """The policy that lets these inline scripts run and no others."""
    hashes = sorted({f" '{hash_of(script)}'" for script in scripts})
    return "; ".join(_DIRECTIVES).format(hashes="".join(hashes))


def inline_scripts(output: str) -> list[str]:
    """The text of each script element that a browser would run and that names no file."""
    scripts = LexborHTMLParser(output).css("script:not([src])")
    return [script.text() for script in scripts if (script.attributes.get("type") or "").strip().lower() in _JAVASCRIPT]


def hash_of(script: str) -> str:
    """What a policy calls an inline script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
