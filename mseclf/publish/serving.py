"""What a development server needs beyond a build: which pages changed, and code that is as new as its file."""

import hashlib
import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from mseclf.publish.site import Site, page_markdown

# Formulas are compared with these while serving, in this order of import.
CORE: Final = ("arrays", "links", "losses", "family", "multiclass", "training", "efficiency")
_seen: dict[str, float] = {}


def fingerprint(site: Site, path: str) -> str:
    """A digest of everything that decides what a page shows."""
    page = site.pages[path]
    verdicts = [site.verdicts.get(equation.id) for equation in page.equations]
    shown = [_shown(site, region.name) for region in page.images]
    parts = (page_markdown(site, path), verdicts, shown, site.broken_pages.get(path))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _shown(site: Site, name: str) -> object:
    run = site.runs.get(name)
    return (run.figures, run.stdout, run.script) if run else str(site.failures.get(name))


def changed_pages(site: Site, before: dict[str, str]) -> frozenset[str]:
    """The pages that differ from the last call, all when a page came or went; brings `before` up to date."""
    now = {path: fingerprint(site, path) for path in site.pages}
    everything = now.keys() != before.keys()
    changed = frozenset(path for path, digest in now.items() if everything or before.get(path) != digest)
    before.clear()
    before.update(now)
    return changed


def reload_core() -> None:
    """Import the numerical modules again when their files changed, so that formulas meet the code on disk."""
    package = sys.modules["mseclf"]
    modules = [sys.modules[f"mseclf.{name}"] for name in CORE]
    times = {module.__name__: _modified(module) for module in modules}
    if _seen and times != _seen:
        for module in (*modules, package):
            importlib.reload(module)
    _seen.update(times)


def _modified(module: ModuleType) -> float:
    return Path(str(module.__file__)).stat().st_mtime
