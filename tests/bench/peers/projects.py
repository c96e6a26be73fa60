"""The same scripts as a project of each tool: its files, the command that builds it, and what a cold build lacks."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Two sets: small scripts, in which the tools' own cost shows, and figures that take matplotlib a quarter of a second.
SMALL = """
import matplotlib.pyplot as plt
import numpy as np

z = np.linspace(-8, 8, 400)
p = 1 / (1 + np.exp(-z))
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2))
left.plot(z, (1 - p) ** 2 * p, "--", label="MSE {number}")
left.set_xlabel("logit $z$")
left.legend()
right.plot(z, 1 - p, label="BCE {number}")
right.set_title("gradient {number}")
"""
HEAVY = SMALL.replace("figsize=(7, 3.2)", 'figsize=(7, 3.2), layout="constrained"').replace(
    "right.plot", "right.semilogy"
)
MATERIAL = "site_name: bench\ntheme: {name: material, font: false}\n"
MKDOCS = ("-m", "mkdocs", "build", "--quiet")
SPHINX = ("-m", "sphinx", "-q", "-b", "html", ".", "site")
SPHINX_MADE = ("site", "generated", "sg_execution_times.rst")
JUPYTER_BOOK = ("-c", "from jupyter_book.cli.main import main; main()", "build", "--quiet", ".")


@dataclass(frozen=True)
class Project:
    """A tool's project.

    Attributes:
        name: of the tool.
        write: makes the files in a folder, for so many scripts of this body.
        command: builds it, run in the project's folder.
        edited: the file that an author edits.
        made: what a cold build must not find.
        python: whose interpreter runs it: "mseclf", or the name of a file of requirements.
    """

    name: str
    write: Callable[[Path, int, str], None]
    command: tuple[str, ...]
    edited: str
    made: tuple[str, ...] = ("site", "cache", ".cache")
    python: str = "requirements.txt"


def _script(body: str, number: int, docstring: str) -> str:
    return f'"""{docstring}"""\n{body.format(number=number)}'


def _pages(folder: Path, count: int, config: str, page: Callable[[int], str]) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(config)
    (folder / "docs" / "index.md").write_text("# Home\n")
    for number in range(count):
        (folder / "docs" / f"page_{number}.md").write_text(page(number))


def _plain(folder: Path, count: int, _body: str) -> None:
    _pages(folder, count, MATERIAL, lambda number: f"# Page {number}\n\n![A figure](figure.svg)\n")
    (folder / "docs" / "figure.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')


HOOK = '''"""The engine under MkDocs: examples run while MkDocs makes the pages, and figures go beside them."""

from pathlib import Path

from mkdocs.structure.files import File
from mseclf.site.run import example_names, run_examples

ROOT = Path(__file__).parent
FIGURES = {}


def on_files(files, config):
    for name in example_names(ROOT):
        FIGURES[name] = File.generated(config, f"{name}.svg", content="")
        files.append(FIGURES[name])


def on_post_build(config):
    for name, run in run_examples(example_names(ROOT), root=ROOT, cache=ROOT / "cache").items():
        Path(FIGURES[name].abs_dest_path).write_text(run.figures[0].svg)
'''


def _ours(folder: Path, count: int, body: str) -> None:
    config = MATERIAL + "hooks: [hook.py]\n"
    _pages(folder, count, config, lambda number: f"# Page {number}\n\n![A figure](example_{number}.svg)\n")
    (folder / "hook.py").write_text(HOOK)
    (folder / "examples").mkdir()
    for number in range(count):
        text = _script(body, number, f"Example {number}.\n\nClaim: it draws.\n")
        (folder / "examples" / f"example_{number}.py").write_text(text)


def _mkdocs_gallery(folder: Path, count: int, body: str) -> None:
    plugins = (
        "plugins:\n  - gallery: {examples_dirs: docs/examples, gallery_dirs: docs/generated, plot_gallery: true}\n"
    )
    _pages(folder, 0, f"{MATERIAL}{plugins}nav:\n  - index.md\n  - Gallery: generated\n", str)
    (folder / "docs" / "examples").mkdir()
    (folder / "docs" / "examples" / "README.md").write_text("# Gallery\n")
    for number in range(count):
        text = _script(body, number, f"# Example {number}\n\nIt draws.\n")
        (folder / "docs" / "examples" / f"plot_example_{number}.py").write_text(text)


def _sphinx_gallery(jobs: int) -> Callable[[Path, int, str], None]:
    def write(folder: Path, count: int, body: str) -> None:
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
            text = _script(body, number, f"\nExample {number}\n============\n\nIt draws.\n")
            (folder / "examples" / f"plot_example_{number:02}.py").write_text(text)

    return write


def _markdown_exec(folder: Path, count: int, body: str) -> None:
    show = (
        "import io\nbuffer = io.StringIO()\nfigure.savefig(buffer, format='svg')\nplt.close(figure)\n"
        "print(buffer.getvalue().split('-->', 1)[-1][buffer.getvalue().split('-->', 1)[-1].index('<svg'):])\n"
    )

    def page(number: int) -> str:
        return f'# Page {number}\n\n```python exec="true" html="true"\n{body.format(number=number)}{show}```\n'

    config = MATERIAL + "plugins: [markdown-exec]\nmarkdown_extensions: [pymdownx.superfences]\n"
    _pages(folder, count, config, page)


def _notebooks(folder: Path, count: int, body: str) -> None:
    for number in range(count):
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
        cell["source"] = body.format(number=number)
        title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": f"# Example {number}"}
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"cells": [title, cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"example_{number}.ipynb").write_text(json.dumps(notebook))


def _mkdocs_jupyter(folder: Path, count: int, body: str) -> None:
    config = MATERIAL + "plugins:\n  - mkdocs-jupyter: {execute: true, allow_errors: false, cache: true}\n"
    _pages(folder, 0, config, str)
    _notebooks(folder / "docs", count, body)


def _jupyter_book(folder: Path, count: int, body: str) -> None:
    folder.mkdir(parents=True)
    (folder / "_config.yml").write_text(
        "title: bench\nexecute: {execute_notebooks: cache}\nonly_build_toc_files: true\n"
    )
    chapters = "".join(f"- file: example_{number}\n" for number in range(count))
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{chapters}")
    (folder / "index.md").write_text("# Home\n")
    _notebooks(folder, count, body)


PROJECTS = (
    Project("plain MkDocs", _plain, MKDOCS, "docs/page_3.md"),
    Project("mseclf", _ours, MKDOCS, "examples/example_3.py", python="mseclf"),
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
    Project(
        "Jupyter Book",
        _jupyter_book,
        JUPYTER_BOOK,
        "example_3.ipynb",
        ("_build",),
        python="requirements-jupyter-book.txt",
    ),
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
