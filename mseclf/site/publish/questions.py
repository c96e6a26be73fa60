"""A page of questions as data for search engines: a heading of the second level asks, and what follows it answers.

The words are those of the page, taken from what its search index reads; a page asks for it with ``questions: true``.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mseclf.site.publish.citing import as_script_data

# A formula in the words for the index: TeX, and after ``\=`` its plain text. A display is a part of no sentence.
_INLINE: Final = re.compile(r"\\\((?P<tex>.*?)(?:\\=(?P<plain>.*?))?\\\)", re.DOTALL)
_DISPLAY: Final = re.compile(r"(?:Equation \(\d+\): \S+)?\s*\\\[.*?\\\]", re.DOTALL)


def question_tag(content: str) -> str:
    """The page's questions and answers as JSON-LD (FAQPage), from its HTML with words in the places of formulas."""
    data = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": list(map(_entity, questions(content)))}
    return f'<script type="application/ld+json">{as_script_data(data)}</script>'


def questions(content: str) -> list[tuple[str, str]]:
    r"""Each question with its answer, as plain text.

    >>> questions('<h1>T</h1><p>a</p><h2 id="q">Why?</h2><p>So: \\(\\hat y\\=ŷ\\).</p><p>Really.</p>')
    [('Why?', 'So: ŷ. Really.')]
    """
    body = LexborHTMLParser(content).body
    found: list[tuple[str, list[str]]] = []
    for node in body.iter() if body else ():
        if node.tag == "h2":
            found.append((_words(node), []))
        elif found:
            found[-1][1].append(_words(node))
    return [(question, " ".join(filter(None, answer))) for question, answer in found]


def _words(node: LexborNode) -> str:
    text = "".join(_texts(node))
    text = _INLINE.sub(lambda match: match["plain"] or match["tex"], _DISPLAY.sub("", text))
    return " ".join(text.split())


def _texts(node: LexborNode) -> Iterator[str]:
    """The text of an element without the sign that links to it."""
    for part in node.iter(include_text=True):
        if part.tag == "-text":
            yield part.text(deep=False) or ""
        elif "headerlink" not in (part.attributes.get("class") or ""):
            yield from _texts(part)


def _entity(pair: tuple[str, str]) -> dict[str, Any]:
    question, answer = pair
    return {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
