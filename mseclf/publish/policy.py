"""The content security policy that stands in each page: nothing but the site itself, inline scripts by hash alone.

Only the scripts that templates hold, the theme's and ours, get a hash. So a script that found a way into a page by a
caption, a value or an author's Markdown stops the build, and would not run in a browser if it did not.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

_CHARSET: Final = '<meta charset="utf-8">'
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_START: Final = re.compile(r"<script(?=[\s/>])", re.IGNORECASE)
_END: Final = re.compile("</script", re.IGNORECASE)
_EXPRESSION: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# What an expression of a template becomes: the relative address of the site's root, or its absolute path.
_ADDRESS: Final = r"[\w./:~%-]*"
_RUNS: Final = {"", "module", "text/javascript", "application/javascript"}
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


@dataclass(frozen=True)
class Policy:
    """Writes the policy of each page. `known` are the inline scripts of the theme, as patterns."""

    known: tuple[re.Pattern[str], ...]

    @classmethod
    @cache
    def of_theme(cls, *folders: Path) -> "Policy":
        """Know the scripts in the templates of the theme and of this site; what they compute can only be an address."""
        templates = [path for folder in folders for path in sorted(folder.glob("partials/javascripts/*.html"))]
        texts = [text for path in templates for text in _SCRIPT.findall(path.read_text(encoding="utf-8"))]
        return cls(tuple(re.compile(_ADDRESS.join(map(re.escape, _EXPRESSION.split(text)))) for text in texts))

    def add(self, output: str) -> str:
        """Return the page with its policy in front of everything that the policy rules.

        Raises:
            ValueError: the page holds an inline script that is not the theme's, or has no ``<meta charset>``.
        """
        scripts = _candidates(output)
        if not all(map(self._knows, scripts)):
            scripts = inline_scripts(output)
        for script in scripts:
            if not self._knows(script):
                raise ValueError(
                    f"an inline script that is not the theme's: {script.strip()[:80]!r}; put it into a file"
                )
        if _CHARSET not in output:
            raise ValueError(f"no {_CHARSET}: the policy stands after it")
        return output.replace(
            _CHARSET, f'{_CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">', 1
        )

    def _knows(self, script: str) -> bool:
        return any(pattern.fullmatch(script) for pattern in self.known)


def policy(scripts: Iterable[str]) -> str:
    """The policy that lets these inline scripts run and no others."""
    hashes = sorted({f" 'sha256-{_digest(script)}'" for script in scripts})
    return "; ".join(_DIRECTIVES).format(hashes="".join(hashes))


def _candidates(output: str) -> list[str]:
    """What may be inline scripts: all that are, and perhaps text in a comment or an attribute that looks like one.

    Only what lies between each ``<script`` and the next ``</script`` is parsed. A page is mostly drawings, and to read
    all of their tags takes longer than to make them.
    """
    found = []
    for start in _START.finditer(output):
        end = _END.search(output, start.end())
        element = output[start.start() : end.start() if end else None]
        finder = _Finder()
        finder.feed(f"{element}</script>")
        finder.close()
        found += finder.found if finder.tags else [element]
    return found


def inline_scripts(output: str) -> list[str]:
    """The text of each script element that a browser would run and that names no file."""
    finder = _Finder()
    finder.feed(output)
    finder.close()
    return finder.found


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class _Finder(HTMLParser):
    """Collects inline scripts as a browser sees them: quotes, comments and letter case make no difference."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0
        self._parts: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to collect at a script that runs."""
        self.tags += 1
        given = dict(attrs)
        if tag == "script" and "src" not in given and (given.get("type") or "").strip().lower() in _RUNS:
            self._parts = []

    def handle_data(self, data: str) -> None:
        """Collect."""
        if self._parts is not None:
            self._parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Keep what was collected."""
        if tag == "script" and self._parts is not None:
            self.found.append("".join(self._parts))
            self._parts = None

    def close(self) -> None:
        """Keep a script that is never closed: a browser may run it all the same."""
        super().close()
        self.handle_endtag("script")
