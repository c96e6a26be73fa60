"""A small repository: one real page as it once was, with the real notation, literature, words, example and package.

The page is kept in `repository/` so that these tests do not depend on what the real one says today.
"""

import re
import shutil
from pathlib import Path

import pytest

from mseclf.site.check import check
from mseclf.site.check.addresses import kept
from mseclf.site.check.ledger import stands, write_ledger
from mseclf.site.check.pages import targets_of
from mseclf.site.publish.project import Project

ROOT = Path(__file__).parents[3]
REAL = (
    "docs/notation.yml",
    "docs/literature.bib",
    "docs/includes/abbreviations.md",
    "examples/gradient_size.py",
    "mseclf/site/run/svg.py",
    "pyproject.toml",
    "CITATION.cff",
    "requirements.lock",
)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    """The small repository, checked once: what slips are then made in has everything but the slip in its cache."""
    target = tmp_path_factory.mktemp("checked") / "repository"
    shutil.copytree(Path(__file__).with_name("repository"), target)
    core = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.py", "*.mplstyle")
        for path in (ROOT / "mseclf").glob(pattern)
    ]
    for name in (*REAL, *core):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    _keep_what_is_cited(target)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    extensions = re.search(r"^markdown_extensions:.*?(?=^\S)", settings, re.DOTALL | re.MULTILINE)
    with (target / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write(f"\n{extensions[0]}")
    project = Project(target, "http://127.0.0.1:8000/")
    site = check(project).site
    write_ledger(target, stands(site), kept(site, targets_of(site)))
    return target


def _keep_what_is_cited(target):
    pages = "".join(page.read_text(encoding="utf-8") for page in (target / "docs").rglob("*.md"))
    file = target / "docs" / "literature.bib"
    parts = re.split(r"(?m)^(?=@)", file.read_text(encoding="utf-8"))
    kept = [part for part in parts if not part.startswith("@") or f"@{re.search('{(.*),', part)[1]}" in pages]
    file.write_text("".join(kept), encoding="utf-8")


@pytest.fixture(scope="session")
def known(pristine):
    """What is wrong with the real files: `test_the_unbroken_copy_passes` fails then, and no other test needs to."""
    return set(check(Project(pristine, "http://127.0.0.1:8000/")).defects)


@pytest.fixture
def repository(pristine, tmp_path):
    """A copy in which a test may break things."""
    return shutil.copytree(pristine, tmp_path / "repository")


class Editor:
    """Changes files of a repository and checks what was changed."""

    def __init__(self, root, known):
        self.root = root
        self.known = known
        self.edited = set()

    def replace(self, path, old, new):
        """Replace the only, or the first, occurrence of `old`; return the line it is on."""
        file = self.root / path
        text = file.read_bytes().decode()
        assert old in text, f"{path} does not hold {old!r} any more: mend this test's slip"
        file.write_bytes(text.replace(old, new, 1).encode())
        self.edited.add(path)
        return text[: text.index(old)].count("\n") + 1

    def write(self, path, text):
        (self.root / path).write_text(text, encoding="utf-8")
        self.edited.add(path)

    def defects(self, files=...):
        """Check the edited files, as `--edited` does, and return what was not wrong before."""
        project = Project(self.root, "http://127.0.0.1:8000/")
        found = check(project, self.edited if files is ... else files).defects
        return [defect for defect in found if defect not in self.known]


@pytest.fixture
def editor(repository, known):
    return Editor(repository, known)
