"""Where examples are used, and what they use: pages, figures with their descriptions, functions of the package."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from mseclf.site.page import ExampleImage, Page

REFERENCE: Final = "docs/reference.md"
ENTRY: Final = re.compile(r"^::: (?P<id>mseclf\.\w+\.(?P<name>\w+))$", re.MULTILINE)


@dataclass(frozen=True)
class Uses:
    """What is known of every example from the scripts and from the pages that somebody wrote.

    Attributes:
        scripts: the source of each example.
        pages: by path.
    """

    scripts: Mapping[str, str]
    pages: Mapping[str, Page]

    @cached_property
    def images(self) -> Mapping[tuple[str, str | None], ExampleImage]:
        """The first image of each figure, with the words of the page that shows it."""
        found: dict[tuple[str, str | None], ExampleImage] = {}
        for page in self.pages.values():
            for image in page.images:
                found.setdefault((image.name, image.figure), image)
        return found

    def pages_of(self, name: str) -> dict[str, bool]:
        """The pages that use an example: whether they show a figure of it, or take numbers only."""
        return {
            path: any(image.name == name for image in page.images)
            for path, page in self.pages.items()
            if name in page.examples
        }

    @cached_property
    def documented(self) -> Mapping[str, str]:
        """What the reference documents: the address of each name."""
        page = self.pages.get(REFERENCE)
        return {match["name"]: match["id"] for match in ENTRY.finditer(page.text)} if page else {}

    def functions_of(self, name: str) -> list[str]:
        """The documented names that an example takes from the package, in the order of the reference."""
        taken = _taken(self.scripts[name])
        return [function for function in self.documented if function in taken]

    @cached_property
    def examples(self) -> Mapping[str, list[str]]:
        """The examples that take each documented name."""
        found: dict[str, list[str]] = {}
        for name in self.scripts:
            for function in self.functions_of(name):
                found.setdefault(function, []).append(name)
        return found

    def with_examples(self, text: str, titles: Mapping[str, str], formulas: Mapping[str, str]) -> str:
        """The reference with the formula of each entry below it, and links to the examples that use it.

        Args:
            text: of the reference.
            titles: of the examples, ready for Markdown.
            formulas: of the functions that have one, likewise.
        """

        def entry(match: re.Match[str]) -> str:
            links = [f"[{titles[name]}](gallery/{name}.md)" for name in self.examples.get(match["name"], ())]
            formula = formulas.get(match["name"])
            head = f"{match[0]}\n\n{formula}" if formula else match[0]
            if not links:
                return head
            listed = "\n".join(f"- {link}" for link in links)
            count = f"{len(links)} example{'s' * (len(links) > 1)}"
            return (
                f'{head}\n\n<details class="used" markdown="1"><summary>Used in {count}</summary>\n\n'
                f"{listed}\n\n</details>"
            )

        return ENTRY.sub(entry, text)


@lru_cache(maxsize=256)
def _taken(script: str) -> frozenset[str]:
    """The names that a script imports from the package, and the attributes that it asks of it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "mseclf":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mseclf":
            found.add(node.attr)
    return frozenset(found)
