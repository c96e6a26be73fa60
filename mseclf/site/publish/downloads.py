"""What a reader downloads runs: scripts and notebooks say in their first lines what they need, and where it is."""

import json
import re

from mseclf.site.publish.project import Project

_WITHOUT_ADDRESS = "a copy of this site's repository: `pip install .` in its folder"


def requirements(project: Project, script: str) -> list[str]:
    """What pip shall install for a script; empty where the build does not know the repository's address."""
    if not project.repository:
        return []
    at = f"@{project.commit}" if project.commit else ""
    needed = [f"mseclf @ git+{project.repository}{at}", "matplotlib"]
    return [*needed, *(["scikit-learn"] if "sklearn" in script else [])]


def install(project: Project) -> str:
    """How to install the package from where the build came from, as Markdown."""
    needed = requirements(project, "")
    if not needed:
        return "In the folder of a copy of this site's repository:\n\n```sh\npython -m pip install .\n```"
    return f'```sh\npython -m pip install "{needed[0]}"\n```'


def hosted(project: Project) -> str:
    """A link that opens the walk-through in Binder; empty where the repository is not one that it knows.

    Binder makes the notebooks from the scripts, as `.binder` says.
    """
    github = re.fullmatch(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+)", project.repository)
    if not github:
        return ""
    commit = project.commit or "HEAD"
    address = f"https://mybinder.org/v2/gh/{github['name']}/{commit}?labpath=docs%2Fnotebook.ipynb"
    return (
        f"[Open the walk-through in Binder]({address}), a service that runs notebooks; it takes some minutes to start."
    )


def script_download(project: Project, script: str) -> str:
    """The script with what it needs as inline metadata (PEP 723), so that `uv run` and `pipx run` start it as it is."""
    needed = requirements(project, script)
    if not needed:
        return f"# Needs mseclf, from {_WITHOUT_ADDRESS}.\n{script}"
    rows = "".join(f"#   {json.dumps(name)},\n" for name in needed)
    installed = " ".join(json.dumps(name) for name in needed)
    how = f"# Run it with `uv run`, or first: pip install {installed}\n"
    return f"{how}# /// script\n# dependencies = [\n{rows}# ]\n# ///\n{script}"


def notebook_download(project: Project, document: str) -> str:
    """A notebook whose first cell of code installs what it needs, or says what that is."""
    needed = " ".join(json.dumps(name) for name in requirements(project, document))
    source = f"%pip install --quiet {needed}" if needed else f"# Needs mseclf, from {_WITHOUT_ADDRESS}."
    cell: dict[str, object] = {"cell_type": "code", "id": "needs", "source": [source]}
    cell |= {"execution_count": None, "metadata": {}, "outputs": []}
    book = json.loads(document)
    book["cells"].insert(1, cell)
    return json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
