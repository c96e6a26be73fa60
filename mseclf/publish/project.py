"""What the build knows about the project itself: its folders, version, commit and addresses."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Project:
    """The repository that the site is built from.

    Attributes:
        root: its folder.
        address: where the site is published, with a slash at its end.
        memory: where builds remember, instead of the usual folder.
    """

    root: Path
    address: str = ""
    memory: Path | None = None

    @property
    def cache(self) -> Path:
        """Where builds remember; it may be deleted at any time."""
        return self.memory or self.root / ".cache" / "mseclf"

    def links_out(self) -> Iterator[str]:
        """Yield the paths in docs/ that lead out of the repository: what they lead to would be published."""
        root = os.path.realpath(self.root)
        for folder, folders, files in os.walk(self.root / "docs"):
            for name in sorted((*folders, *files)):
                path = Path(folder, name)
                if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
                    yield path.relative_to(self.root).as_posix()

    @cached_property
    def citation(self) -> dict[str, Any]:
        """The content of CITATION.cff."""
        return dict(yaml.safe_load((self.root / "CITATION.cff").read_text(encoding="utf-8")))

    @cached_property
    def commit(self) -> str:
        """The full name of the commit, from the environment of a workflow or from git; empty outside a checkout."""
        return os.environ.get("GITHUB_SHA") or self._git("rev-parse", "HEAD")

    @cached_property
    def timestamp(self) -> int:
        """Seconds since 1970 that stand for "now" in every output: SOURCE_DATE_EPOCH, else the commit's date."""
        return int(os.environ.get("SOURCE_DATE_EPOCH") or self._git("log", "-1", "--format=%ct") or 0)

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
