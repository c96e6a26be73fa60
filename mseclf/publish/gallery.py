"""The gallery: every example as a card, and a page for each."""

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mseclf.publish.figure_html import figure_path
from mseclf.publish.literal import literal, words
from mseclf.publish.readable import readable, with_signs
from mseclf.running import ExampleRun

# A page of the site in the words of a docstring.
_PAGE: Final = re.compile(r"\bdocs/[\w/-]+\.md\b")


def gallery(runs: Mapping[str, ExampleRun]) -> str:
    """Every example as a card: thumbnail, title, claim, topics."""
    topics = sorted({topic for run in runs.values() for topic in run.topics})
    buttons = "".join(
        f'<button type="button" data-topic="{html.escape(topic)}" aria-pressed="false">{html.escape(topic)}</button>'
        for topic in topics
    )
    cards = "".join(_card(run) for run in runs.values())
    return (
        f'<div class="gallery-topics" role="group" aria-label="Show only a topic">{buttons}</div>\n'
        f'<ul class="gallery">{cards}</ul>'
    )


def _card(run: ExampleRun) -> str:
    topics = html.escape(" ".join(topic.replace(" ", "-") for topic in run.topics))
    image = ""
    if run.figures:
        figure = run.figures[0]
        image = (
            f'<img src="../{figure_path(run, figure)}" alt="" loading="lazy" '
            f'width="{figure.width:g}" height="{figure.height:g}">'
        )
    return (
        f'<li data-topics="{topics}"><a href="{run.name}/">{image}<strong>{html.escape(run.title)}</strong></a>'
        f"<p>{html.escape(with_signs(run.claim))}</p></li>"
    )


@dataclass(frozen=True)
class ExamplePages:
    """Writes the examples' own pages.

    Attributes:
        runs: every example, in the gallery's order.
        titles: of the site's other pages, by path.
    """

    runs: Mapping[str, ExampleRun]
    titles: Mapping[str, str]

    def texts(self) -> dict[str, str]:
        """The Markdown of each page by its path; figures come by the same syntax as anywhere."""
        return {f"docs/gallery/{name}.md": self._text(run) for name, run in self.runs.items()}

    def _text(self, run: ExampleRun) -> str:
        title = literal(run.title)
        # A search should find the page that explains a result before the one that shows its script.
        parts = ["---\nsearch: {boost: 0.5}\n---", f"# {title}", literal(with_signs(run.claim))]
        parts += [*self._figures(run, title), self._around(run)]
        if run.values:
            parts += ["## Values", values_table(run.values)]
        if run.source:
            parts += ["## Source", self.linked(run.source)]
        return "\n\n".join(parts) + "\n"

    @staticmethod
    def _figures(run: ExampleRun, title: str) -> list[str]:
        """The figures. The claim stands above them: a caption says what they are, and does not say it again."""
        drawn = "rawn by the script below while the site was built."
        if len(run.figures) == 1:
            return [f'![{title}](../../examples/{run.name}.py "D{drawn}")']
        return [
            f"![{title}: {figure.name}](../../examples/{run.name}.py#{figure.name} "
            f'"Figure {number} of {len(run.figures)}, d{drawn}")'
            for number, figure in enumerate(run.figures, start=1)
        ]

    def _around(self, run: ExampleRun) -> str:
        """The way back, and on to the neighbours."""
        names = list(self.runs)
        at = names.index(run.name)
        links = ["[All examples](../gallery.md)"]
        if at > 0:
            links.append(f"Previous: {self._link(names[at - 1])}")
        if at + 1 < len(names):
            links.append(f"Next: {self._link(names[at + 1])}")
        listed = "\n".join(f"- {link}" for link in links)
        return f'<nav class="around" aria-label="Examples" markdown="1">\n\n{listed}\n\n</nav>'

    def _link(self, name: str) -> str:
        return f"[{literal(self.runs[name].title)}]({name}.md)"

    def linked(self, source: str) -> str:
        """The words about where an example belongs, its pages as links."""
        parts, position = [], 0
        for match in _PAGE.finditer(source):
            if match[0] in self.titles:
                path = posixpath.relpath(match[0], "docs/gallery")
                parts += [words(source[position : match.start()]), f"[{literal(self.titles[match[0]])}]({path})"]
                position = match.end()
        return "".join([*parts, words(source[position:])])


def values_table(values: Mapping[str, float | str]) -> str:
    """The values of an example by name; a column of numbers stands by its last digits."""
    rows = [f"| `{key}` | {_value(value)} |" for key, value in values.items()]
    side = "---" if any(map(_is_word, values.values())) else "---:"
    return "\n".join(["| Name | Value |", f"|---|{side}|", *rows])


def _value(value: float | str) -> str:
    text = literal(readable(value))
    return text if _is_word(value) else f'<span class="value">{text}</span>'


def _is_word(value: float | str) -> bool:
    return isinstance(value, bool | str)
