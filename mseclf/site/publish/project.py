"""What the build knows about the project itself: its folders, version, commit and addresses."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from mseclf.site.defect import Defect, Defects, Place, Rule, text_of
from mseclf.site.publish.converter import Converter, converter_of

HERE: Final = "http://127.0.0.1:8000/"
"""Where `make serve` shows the site."""


@dataclass(frozen=True)
class Project:
    """The repository that the site is built from.

    Attributes:
        root: its folder.
        address: where the site is published, with a slash at its end; `HERE` if nothing is said.
        memory: where builds remember, instead of the usual folder.
    """

    root: Path
    address: str = HERE
    memory: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", self.address or HERE)

    @property
    def cache(self) -> Path:
        """Where builds remember; it may be deleted at any time."""
        return self.memory or self.root / ".cache" / "mseclf"

    def links_out(self) -> Iterator[Defect]:
        """Yield what in docs/ leads out of the repository: what it leads to would be published."""
        root = os.path.realpath(self.root)
        for folder, folders, files in os.walk(self.root / "docs"):
            for name in sorted((*folders, *files)):
                path = Path(folder, name)
                if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
                    place = Place(path.relative_to(self.root).as_posix(), 1)
                    yield Defect(place, Rule.FILE, "this leads out of the repository", "put a file in its place")

    @property
    def settings(self) -> str:
        """The text of mkdocs.yml."""
        return (self.root / "mkdocs.yml").read_text(encoding="utf-8")

    @cached_property
    def converter(self) -> Converter:
        """What makes HTML of the pages' Markdown."""
        return converter_of(self.settings, self.root)

    @cached_property
    def citation(self) -> dict[str, Any]:
        """The content of CITATION.cff.

        Raises:
            Defects: it cannot be read.
        """
        try:
            return dict(yaml.safe_load(text_of(self.root, "CITATION.cff")))
        except yaml.MarkedYAMLError as error:
            place = Place("CITATION.cff", error.problem_mark.line + 1 if error.problem_mark else 1)
            raise Defects(Defect(place, Rule.FILE, f"this is not YAML: {error.problem}", "mend the line")) from None

    @cached_property
    def commit(self) -> str:
        """The full name of the commit, from the environment of a workflow or from git; empty outside a checkout."""
        return os.environ.get("GITHUB_SHA") or self._git("rev-parse", "HEAD")

    @cached_property
    def timestamp(self) -> int:
        """Seconds since 1970 that stand for "now" in every output.

        SOURCE_DATE_EPOCH, else the commit's date, else that of the release that CITATION.cff names.
        """
        if known := os.environ.get("SOURCE_DATE_EPOCH") or self._git("log", "-1", "--format=%ct"):
            return int(known)
        released = datetime.fromisoformat(str(self.citation["date-released"]))
        return int(released.replace(tzinfo=UTC).timestamp())

    @property
    def repository(self) -> str:
        """The address of the repository, right in every fork: from the environment; empty when it is not known."""
        named = os.environ.get("MSECLF_REPOSITORY", "")
        slug = os.environ.get("GITHUB_REPOSITORY", "")
        if not named and slug:
            named = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{slug}"
        return named.rstrip("/")

    def _git(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True, timeout=10
            )
        except (OSError, subprocess.SubprocessError):
            return ""  # an unpacked archive is no checkout: the site is built all the same
        return done.stdout.strip()
