"""The Markdown converter as mkdocs.yml sets it up: one set of extensions for the site, for paper and for the check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml
from markdown import Markdown
from pymdownx.emoji import twemoji

from mseclf.site.defect import Defect, Defects, Place, Rule

# MkDocs adds these before those of its settings.
_ALWAYS: Final = ("toc", "tables", "fenced_code")
# What is for screens only: colours of code, signs behind headings.
_PLAIN: Final = {"pymdownx.highlight": {"use_pygments": False}, "toc": {"permalink": False}}


_ONE: Final = Lock()  # a converter is in the middle of one page


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml, with Python's objects by their names; what stands in the environment is of no matter here."""


_Settings.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda loader, name, node: _named(name))
_Settings.add_constructor("!ENV", lambda loader, node: None)


def _named(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


@dataclass(frozen=True)
class Converter:
    """Turns Markdown into HTML as MkDocs does, but for what only a screen shows.

    Attributes:
        extensions: by name, in order.
        settings: of each.
    """

    extensions: tuple[str, ...]
    settings: Mapping[str, Any] = field(hash=False)

    @lru_cache(maxsize=256)  # noqa: B019  # a converter lives as long as the program
    def html(self, markdown: str) -> str:
        """The HTML of a page's Markdown, without its front matter."""
        with _ONE:
            made: str = self._made.reset().convert(markdown)
        return made

    @cached_property
    def _made(self) -> Markdown:
        return Markdown(extensions=list(self.extensions), extension_configs=dict(self.settings))


@cache
def _emoji() -> dict[str, Any]:
    index: dict[str, Any] = twemoji({}, None)
    return index


def emoji_index(options: Mapping[str, Any], md: Markdown) -> dict[str, Any]:
    """What mkdocs.yml names: the extension's own table, which it would copy for each page."""
    return _emoji()


@lru_cache(maxsize=8)
def converter_of(settings: str, root: Path) -> Converter:
    """The converter that the text of a mkdocs.yml describes.

    Raises:
        Defects: the text is not YAML.
    """
    try:
        listed = (yaml.load(settings, Loader=_Settings) or {}).get("markdown_extensions") or []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place("mkdocs.yml", mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
        raise Defects(Defect(place, Rule.FILE, f"this is not YAML: {error.problem}", "mend the line")) from error
    found: dict[str, dict[str, Any]] = {name: {} for name in _ALWAYS}
    for item in listed:
        found |= {name: dict(said or {}) for name, said in item.items()} if isinstance(item, dict) else {item: {}}
    for name, said in _PLAIN.items():
        if name in found:
            found[name] |= said
    if "base_path" in (snippets := found.get("pymdownx.snippets", {})):
        snippets["base_path"] = [str(root / folder) for folder in snippets["base_path"]]
    return Converter(tuple(found), found)
