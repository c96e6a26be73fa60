"""A small repository of real pages: two whole ones, and of all others the headings and the equations' addresses."""

import shutil
from pathlib import Path

import pytest

from mseclf.checking import check
from mseclf.checking.ledger import LEDGER
from mseclf.pages import read_page
from mseclf.proving.ledger import write_ledger
from mseclf.publish.project import Project

ROOT = Path(__file__).parents[2]
WHOLE = ("docs/beyond/gradient-size.md", "docs/literature.md")
EXAMPLES = ("gradient_size",)
NOTEBOOK = "# %% [markdown]\n# # Walk-through\n#\n# Nothing is run here.\n"


def _outline(path, text):
    """A page's headings, and an anchor for each of its equations."""
    page = read_page(path, text)
    headings = [f"{'#' * heading.level} {heading.text}" for heading in page.headings]
    anchors = [f'<a id="{equation.id}"></a>' for equation in page.equations]
    return "\n\n".join([*headings, *anchors]) + "\n"


def _copy_pages(target):
    for source in sorted((ROOT / "docs").rglob("*.md")):
        path = source.relative_to(ROOT).as_posix()
        text = source.read_text(encoding="utf-8")
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text if path in WHOLE else _outline(path, text), encoding="utf-8")


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    """The small repository, checked once: what slips are then made in has everything but the slip in its cache."""
    target = tmp_path_factory.mktemp("checked") / "repository"
    _copy_pages(target)
    for name in ("notation.yml", "literature.bib", "spelling.txt"):
        shutil.copy(ROOT / "docs" / name, target / "docs" / name)
    for name in ("mkdocs.yml", "pyproject.toml", "CITATION.cff", "requirements.lock"):
        shutil.copy(ROOT / name, target / name)
    shutil.copytree(ROOT / ".github", target / ".github")
    (target / "docs" / "notebook.py").write_text(NOTEBOOK, encoding="utf-8")
    (target / "examples").mkdir()
    for name in EXAMPLES:
        shutil.copy(ROOT / "examples" / f"{name}.py", target / "examples")
    modules = [*(ROOT / "mseclf").glob("*.py"), *(ROOT / "mseclf").glob("*.mplstyle"), ROOT / "mseclf/running/svg.py"]
    for module in modules:
        copy = target / module.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, copy)
    project = Project(target, "http://127.0.0.1:8000/")
    site = check(project).site
    write_ledger(target / LEDGER, {name: verdict.status.value for name, verdict in site.verdicts.items()})
    return target


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
