"""Which files an author has edited, and which part of the site depends on them."""

import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path

from mseclf.site.page import Page
from mseclf.site.publish.notebook_page import NOTEBOOK, PAGE
from mseclf.site.publish.site import Focus


class NoCheckoutError(ValueError):
    """The folder is not a git checkout, so that nobody knows what was edited."""


def edited_files(root: Path) -> frozenset[str]:
    """The files that differ from the last commit, or are new; deleted ones too.

    Raises:
        NoCheckoutError: git is missing, or `root` is not a checkout with a commit.
    """
    commands = (
        ["diff", "--name-only", "--relative", "-z", "HEAD"],
        ["ls-files", "--others", "--exclude-standard", "-z"],
    )
    names: set[str] = set()
    for arguments in commands:
        try:
            done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True, timeout=30)
        except (OSError, subprocess.SubprocessError) as error:
            raise NoCheckoutError(
                "git does not say what was edited: it is not installed, or this is no checkout"
            ) from error
        names |= {name for name in done.stdout.decode().split("\0") if name}
    return frozenset(names)


def focus_of(files: Collection[str], root: Path, pages: Mapping[str, Page]) -> Focus | None:
    """The part of the site to look at closely when these files are new or edited; None when it is all of it.

    Anything that many pages depend on (the package, the notation, the literature, the settings, the lock) and
    anything deleted means the whole site.
    """
    near: set[str] = set()
    examples: set[str] = set()
    for name in files:
        if not (root / name).exists():
            return None
        if name in pages:
            near.add(name)
        elif name == NOTEBOOK:
            near.add(PAGE)
        elif name.startswith("examples/") and name.endswith(".py"):
            examples.add(Path(name).stem)
        elif _concerns_all(name):
            return None
    near |= {path for path, page in pages.items() if examples & page.examples}
    return Focus(frozenset(near), frozenset(examples))


def _concerns_all(name: str) -> bool:
    whole = {"mkdocs.yml", "pyproject.toml", "requirements.lock", "CITATION.cff"}
    apart = name.startswith(("docs/assets/", "docs/includes/"))
    return name in whole or (name.startswith(("docs/", "mseclf/", "examples/")) and not apart)
