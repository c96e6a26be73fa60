"""The same scripts as a project of each tool: its files, the command that builds it, and what a cold build lacks."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BODY = """
import matplotlib.pyplot as plt
import numpy as np

z = np.linspace(-8, 8, 400)
p = 1 / (1 + np.exp(-z))
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
left.plot(z, (1 - p) ** 2 * p, "--", label="MSE {number}")
left.set_xlabel("logit $z$")
left.legend()
right.semilogy(z, 1 - p, label="BCE {number}")
right.set_title("gradient {number}")
"""
MATERIAL = "site_name: bench\ntheme: {name: material}\n"


@dataclass(frozen=True)
class Project:
    """A tool's project. `command` runs in the project's folder; `made` are what a cold build must not find."""

    name: str
    write: Callable[[Path, int], None]
    command: tuple[str, ...]
    edited: str
    made: tuple[str, ...] = ("site", "cache", ".cache")
    ours: bool = False


def script(number: int, docstring: str) -> str:
    return f'"""{docstring}"""\n{BODY.format(number=number)}'


def _plain(folder: Path, count: int) -> None:
    _pages(folder, count, MATERIAL, lambda number: f"# Page {number}\n\n![A figure](figure.svg)\n")
    (folder / "docs" / "figure.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')


def _pages(folder: Path, count: int, config: str, page: Callable[[int], str]) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(config)
    (folder / "docs" / "index.md").write_text("# Home\n")
    for number in range(count):
        (folder / "docs" / f"page_{number}.md").write_text(page(number))


HOOK = '''"""The engine under MkDocs: examples start while MkDocs does; each figure becomes a file beside the page."""

from pathlib import Path

from mkdocs.structure.files import File
from mseclf.running import example_names, start_examples

ROOT = Path(__file__).parent
BUILD = start_examples(example_names(ROOT), root=ROOT, cache=ROOT / "cache")


def on_files(files, config):
    for name, run in BUILD.results().items():
        files.append(File.generated(config, f"{name}.svg", content=run.figures[0].svg))
'''


def _ours(folder: Path, count: int) -> None:
    config = MATERIAL + "hooks: [hook.py]\n"
    _pages(folder, count, config, lambda number: f"# Page {number}\n\n![A figure](example_{number}.svg)\n")
    (folder / "hook.py").write_text(HOOK)
    (folder / "examples").mkdir()
    for number in range(count):
        text = script(number, f"Example {number}.\n\nClaim: it draws.\n")
        (folder / "examples" / f"example_{number}.py").write_text(text)


def _mkdocs_gallery(folder: Path, count: int) -> None:
    plugins = (
        "plugins:\n  - gallery: {examples_dirs: docs/examples, gallery_dirs: docs/generated, plot_gallery: true}\n"
    )
    _pages(folder, 0, f"{MATERIAL}{plugins}nav:\n  - index.md\n  - Gallery: generated\n", str)
    (folder / "docs" / "examples").mkdir()
    (folder / "docs" / "examples" / "README.md").write_text("# Gallery\n")
    for number in range(count):
        text = script(number, f"# Example {number}\n\nIt draws.\n")
        (folder / "docs" / "examples" / f"plot_example_{number}.py").write_text(text)


def _sphinx_gallery(jobs: int) -> Callable[[Path, int], None]:
    def write(folder: Path, count: int) -> None:
        (folder / "examples").mkdir(parents=True)
        parallel = jobs if jobs > 1 else False
        gallery = f"{{'examples_dirs': 'examples', 'gallery_dirs': 'generated', 'parallel': {parallel}}}"
        settings = "exclude_patterns = ['examples', 'cache']\nproject = 'bench'\n"
        (folder / "conf.py").write_text(
            f"extensions = ['sphinx_gallery.gen_gallery']\nsphinx_gallery_conf = {gallery}\n{settings}"
        )
        (folder / "index.rst").write_text("Home\n====\n\n.. toctree::\n\n   generated/index\n")
        (folder / "examples" / "README.txt").write_text("Gallery\n=======\n")
        for number in range(count):
            text = script(number, f"\nExample {number}\n============\n\nIt draws.\n")
            (folder / "examples" / f"plot_example_{number:02}.py").write_text(text)

    return write


def _markdown_exec(folder: Path, count: int) -> None:
    show = (
        "import io\nbuffer = io.StringIO()\nfigure.savefig(buffer, format='svg')\nplt.close(figure)\n"
        "print(buffer.getvalue().split('-->', 1)[-1][buffer.getvalue().split('-->', 1)[-1].index('<svg'):])\n"
    )

    def page(number: int) -> str:
        return f'# Page {number}\n\n```python exec="true" html="true"\n{BODY.format(number=number)}{show}```\n'

    config = MATERIAL + "plugins: [markdown-exec]\nmarkdown_extensions: [pymdownx.superfences]\n"
    _pages(folder, count, config, page)


def _mkdocs_jupyter(folder: Path, count: int) -> None:
    config = MATERIAL + "plugins:\n  - mkdocs-jupyter: {execute: true, allow_errors: false, cache: true}\n"
    _pages(folder, 0, config, str)
    for number in range(count):
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
        cell["source"] = BODY.format(number=number)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        (folder / "docs" / f"example_{number}.ipynb").write_text(json.dumps(notebook))


MKDOCS = ("-m", "mkdocs", "build", "--quiet")
SPHINX = ("-m", "sphinx", "-q", "-b", "html", ".", "site")
SPHINX_MADE = ("site", "generated", "sg_execution_times.rst")

PROJECTS = (
    Project("plain MkDocs", _plain, MKDOCS, "docs/page_3.md"),
    Project("mseclf", _ours, MKDOCS, "examples/example_3.py", ours=True),
    Project(
        "mkdocs-gallery",
        _mkdocs_gallery,
        MKDOCS,
        "docs/examples/plot_example_3.py",
        ("site", "docs/generated", ".cache"),
    ),
    Project("sphinx-gallery", _sphinx_gallery(1), SPHINX, "examples/plot_example_03.py", SPHINX_MADE),
    Project("sphinx-gallery, 2 jobs", _sphinx_gallery(2), SPHINX, "examples/plot_example_03.py", SPHINX_MADE),
    Project("markdown-exec", _markdown_exec, MKDOCS, "docs/page_3.md"),
    Project("mkdocs-jupyter", _mkdocs_jupyter, MKDOCS, "docs/example_3.ipynb"),
)


def edit(path: Path, number: int) -> None:
    """Change a file so that its example has to run again."""
    text = path.read_text()
    if path.suffix == ".ipynb":
        text = text.replace("import matplotlib", f"# edit {number}\\nimport matplotlib", 1)
    elif path.suffix == ".md" and "```python" in text:
        text = text.replace("import matplotlib", f"# edit {number}\nimport matplotlib", 1)
    else:
        text += f"\n# edit {number}\n" if path.suffix == ".py" else f"\nedit {number}\n"
    path.write_text(text)


def interpreter(project: Project, peers: Path) -> str:
    """Ours runs where mseclf is installed, the others in the environment of the peers."""
    return sys.executable if project.ours else str(peers)
