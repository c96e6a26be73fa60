"""The gallery: every example as a card, and a page for each."""

import html
import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mseclf.site.publish.figure_html import figure_path
from mseclf.site.publish.literal import fenced, literal, words_of_line
from mseclf.site.publish.uses import Uses
from mseclf.site.publish.values import readable
from mseclf.site.run import ExampleRun

# A page of the site in the words of a docstring.
FEW: Final = 12  # values that need no fold
_SPELLED: Final = frozenset({"mse", "bce", "ce", "kl", "auc", "gd"})
_PAGE: Final = re.compile(r"\bdocs/[\w/-]+\.md\b")


def gallery(runs: Mapping[str, ExampleRun]) -> str:
    """Every example as a card: thumbnail, title, claim, topics."""
    counted = Counter(topic for run in runs.values() for topic in run.topics)
    topics = sorted(counted, key=lambda topic: (-counted[topic], topic))  # what most are about comes first
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
        f"<p>{html.escape(run.claim)}</p></li>"
    )


@dataclass(frozen=True)
class ExamplePages:
    """Writes the examples' own pages.

    Attributes:
        runs: every example, in the gallery's order.
        titles: of the site's other pages, by path.
        uses: where the examples are used, and what they use.
    """

    runs: Mapping[str, ExampleRun]
    titles: Mapping[str, str]
    uses: Uses

    def texts(self) -> dict[str, str]:
        """The Markdown of each page by its path; figures come by the same syntax as anywhere."""
        return {f"docs/gallery/{name}.md": self._text(run) for name, run in self.runs.items()}

    def _text(self, run: ExampleRun) -> str:
        title = literal(run.title)
        # A search should find the page that explains a result before the one that shows its script.
        parts = ["---\nsearch: {boost: 0.5}\n---", f"# {title}", literal(run.claim)]
        script = fenced("python", run.script.rstrip())  # of an example that draws nothing: a figure has it below itself
        parts += [*(self._figures(run, title) or [script]), self._around(run)]
        parts += self._used(run)
        if run.values:
            parts += ["## Values", folded_values(run.values)]
        return "\n\n".join(parts) + "\n"

    def _figures(self, run: ExampleRun, title: str) -> list[str]:
        """The figures, described as on the page that shows them; one that no page shows has the title's words."""
        only = len(run.figures) == 1
        made = []
        for figure in run.figures:
            known = self.uses.images
            image = known.get((run.name, figure.name)) or (known.get((run.name, None)) if only else None)
            alt = literal(image.alt) if image else title if only else f"{title}: {literal(figure.name)}"
            caption = literal(image.caption) if image and image.caption else "Drawn by the script below."
            fragment = "" if only else f"#{figure.name}"
            made.append(f'![{alt}](../../examples/{run.name}.py{fragment} "{caption}")')
        return made

    def _used(self, run: ExampleRun) -> list[str]:
        """Where it belongs: the words of its docstring, the pages that use it, the functions that it takes."""
        lines = []
        for path, shows in self.uses.pages_of(run.name).items():
            what = "" if shows else ", which takes numbers from it"
            title = literal(self.titles.get(path, posixpath.basename(path)))
            lines.append(f"- [{title}]({posixpath.relpath(path, 'docs/gallery')}){what}")
        taken = [
            f"[`{name}`](../reference.md#{self.uses.documented[name]})" for name in self.uses.functions_of(run.name)
        ]
        parts = ["## Used in", "\n".join(lines)] if lines else []
        parts += [f"It uses {', '.join(taken)}."] if taken else []
        return [*parts, f"Belongs to {self.linked(run.source)}."] if run.source else parts

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
                parts += [
                    words_of_line(source[position : match.start()]),
                    f"[{literal(self.titles[match[0]])}]({path})",
                ]
                position = match.end()
        return "".join([*parts, words_of_line(source[position:])])


def values_table(values: Mapping[str, float | str]) -> str:
    """The values of an example by name; a column of numbers stands by its last digits."""
    rows = [f"| {in_words(key)} | `{key}` | {_value_cell(value)} |" for key, value in values.items()]
    side = "---" if any(map(_is_text, values.values())) else "---:"
    return "\n".join(["| What | Name | Value |", f"|---|---|{side}|", *rows])


def folded_values(values: Mapping[str, float | str]) -> str:
    """The table, folded when it is long."""
    table = values_table(values)
    if len(values) <= FEW:
        return table
    return f'<details class="used" markdown="1"><summary>All {len(values)} values</summary>\n\n{table}\n\n</details>'


def in_words(key: str) -> str:
    """A value's name as it is read.

    >>> in_words("mse_at_minus_4"), in_words("t_bce_a10")
    ('MSE at minus 4', 't BCE a10')
    """
    return " ".join(part.upper() if part in _SPELLED else part for part in key.split("_"))


def _value_cell(value: float | str) -> str:
    text = literal(readable(value))
    return text if _is_text(value) else f'<span class="value">{text}</span>'


def _is_text(value: float | str) -> bool:
    return isinstance(value, bool | str)
