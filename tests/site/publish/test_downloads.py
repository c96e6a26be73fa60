"""Downloads run: what they need is in their first lines, and the notebook installs it."""

import ast
import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from mseclf.site.publish.downloads import hosted, install, notebook_download, requirements, script_download
from mseclf.site.publish.project import Project
from mseclf.site.run import notebook

SCRIPT = '"""Title.\n\nClaim: c.\n"""\n\nimport sklearn\n\nx = 1\n'
NEEDED = ["mseclf @ git+https://github.com/some/one@abc", "matplotlib", "scikit-learn"]


@pytest.fixture
def published(tmp_path, monkeypatch):
    monkeypatch.setenv("MSECLF_REPOSITORY", "https://github.com/some/one/")
    monkeypatch.setenv("GITHUB_SHA", "abc")
    return Project(tmp_path)


@pytest.fixture
def local(tmp_path, monkeypatch):
    for name in ("MSECLF_REPOSITORY", "GITHUB_REPOSITORY", "GITHUB_SHA"):
        monkeypatch.delenv(name, raising=False)
    return Project(tmp_path)


def metadata(script):
    """The block of PEP 723, read as that says."""
    lines = script.splitlines()
    begin, end = lines.index("# /// script"), lines.index("# ///")
    return tomllib.loads("\n".join(line[2:] for line in lines[begin + 1 : end]))


def test_a_script_says_in_a_standard_form_what_it_needs(published):
    text = script_download(published, SCRIPT)
    assert metadata(text) == {"dependencies": NEEDED}
    assert ast.get_docstring(ast.parse(text)) == "Title.\n\nClaim: c."
    assert script_download(published, "x = 1\n").count("scikit-learn") == 0


def test_a_notebook_installs_it_after_its_title(published):
    title, needs, *rest = json.loads(notebook_download(published, notebook(SCRIPT)))["cells"]
    assert title["cell_type"] == "markdown"
    assert needs["source"] == ["%pip install --quiet " + " ".join(f'"{name}"' for name in NEEDED)]
    assert rest == json.loads(notebook(SCRIPT))["cells"][1:]


def test_without_an_address_both_say_where_the_package_is(local):
    said = "# Needs mseclf, from a copy of this site's repository: `pip install .` in its folder."
    assert script_download(local, SCRIPT) == f"{said}\n{SCRIPT}"
    assert json.loads(notebook_download(local, notebook(SCRIPT)))["cells"][1]["source"] == [said]


def test_a_page_says_how_to_install_the_package_of_this_build(published):
    assert install(published) == f'```sh\npython -m pip install "{requirements(published, "")[0]}"\n```'


def test_without_an_address_it_is_installed_from_a_copy_and_opened_nowhere(local):
    assert "python -m pip install ." in install(local)
    assert hosted(local) == ""


def test_a_hosted_notebook_is_the_one_of_this_commit_and_of_this_fork(published):
    (address,) = re.findall(r"\]\((.+?)\)", hosted(published))
    name = published.repository.removeprefix("https://github.com/")
    assert address == f"https://mybinder.org/v2/gh/{name}/{published.commit}?labpath=docs%2Fnotebook.ipynb"


def test_binder_installs_the_package_and_makes_the_notebook_that_the_link_opens():
    folder = Path(__file__).parents[3] / ".binder"
    assert "." in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "docs/notebook.py" in (folder / "postBuild").read_text(encoding="utf-8")
    assert os.access(folder / "postBuild", os.X_OK)
