"""What is half typed when a page is saved never stops `make serve`: it is told at its line, and mended it is shown."""

import re

import pytest

from tests.site.publish.test_hostile_site import QUIET, project
from tests.site.publish.test_serving import built_after

# What stands below "# Half\n\nWords.\n\n" when the page is saved, and what is said of it at its path.
PAGES = {
    "fence": ("```python\nx = 1\n", "this fence is never closed"),
    "tildes": ("~~~\nx = 1\n", "this fence is never closed"),
    "fence in a quote": ("> ```math\n> z\n", "this fence is never closed"),
    "fence in a list": ("- a\n\n  ```python\n  x\n", "this fence is never closed"),
    "display": ("```math\n\\frac{1}{\n```\n", "brace"),
    "display without words": ("```math\n```\n", "this display is empty"),
    "display that never ends": ("```math\nz = z\n", "this fence is never closed"),
    "display with a name of a command": ("```math\n\\fra\n```\n", "undeclared symbol \\fra"),
    "display with half an equation": ("```math\nz =\n```\n", "eq-"),
    "display in dollars": ("$$\nz\n", "dollar"),
    "comment": ("<!-- eq: a\n```math\nz = z\n```\n", ""),
    "comment with half a key": ("<!-- eq: a | giv -->\n```math\nz = z\n```\n", "giv"),
    "comment with half a name": ("<!-- eq:  -->\n```math\nz = z\n```\n", "eq"),
    "comment above nothing": ("<!-- eq: lonely -->\n", "no ```math block follows"),
    "code that does not exist": ("<!-- eq: b | code: mse_gra(z) -->\n```math\n2 z = z + z\n```\n", "mse_gra"),
    "formula": ("A formula $z + \n", "dollar"),
    "formula with half a command": ("A formula $\\ha$.\n", "\\ha"),
    "formula with half a brace": ("A formula $\\hat{y$.\n", "brace"),
    "snippet": ('--8<-- "x"\n', "a page includes no other file"),
    "snippet block": ("--8<--\nx\n", "a page includes no other file"),
    "front matter": (None, ":2:"),
    "front matter that never ends": (None, ""),
    "front matter that is a list": (None, "the front matter has no keys"),
    "another encoding": ("caf\udce9\n", "REPLACEMENT CHARACTER"),
    "zeros": ("a\0b\n", "is no text"),
    "slot": ("It is `{gradient_size} numb` here.\n", "no value 'numb'"),
    "slot without a key": ("It is `{gradient_size}` here.\n", ""),
    "slot with half a format": ("It is `{gradient_size} number:.` here.\n", "does not fit"),
    "slot never closed": ("It is `{gradient_size} number here.\n", "backtick"),
    "slot of half an example": ("It is `{gradient_si} number` here.\n", "no example 'gradient_si'"),
    "picture": ("![What](../examples/gradient_si.py)\n", "there is no script"),
    "picture without words": ("![](../examples/gradient_size.py)\n", "no alternative text"),
    "picture without its address": ("![What]()\n", ""),
    "picture never closed": ("![What](../examples/gradient_size.py\n", ""),
    "figure that is not drawn": ("![What](../examples/gradient_size.py#grad)\n", "draws no figure 'grad'"),
    "citation": ("See [@\n", ""),
    "citation of half a key": ("See [@wor].\n", "wor"),
    "link": ("See [here](demonstr\n", ""),
    "link to half a page": ("See [here](demonstr.md).\n", "no file docs/demonstr.md"),
    "link to half a heading": ("See [here](demonstration.md#demo).\n", "'#demo'"),
    "note": ("Words[^1].\n", ""),
    "note that nobody calls": ("[^1]: Words.\n", ""),
    "bold": ("A **bold word.\n", ""),
    "table": ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "this row has 3 cells"),
    "tab": ('=== "One"\n', ""),
    "admonition": ("!!! note\n", ""),
    "admonition with half a title": ('!!! note "Title\n\n    Words.\n', ""),
    "callout": ("> [!NO\n> Words.\n", ""),
    "fold": ("<details>\n<summary>More</summary>\n\nWords.\n", "details"),
    "tag": ("<div class=\n", ""),
    "script": ("<script>\n", "script"),
    "doctest": ("```pycon\n>>> 1 +\n```\n", ""),
    "doctest block": ("```pycon\n>>> for i in range(3):\n```\n", ""),
    "heading": ("##\n", ""),
    "heading with a formula": ("## A $z$\n", "a heading cannot hold"),
    "template": ("{{ x\n", ""),
    "attributes": ("Words {: .a\n", ""),
    "definition": ("*[MSE]:\n", ""),
}
WHOLE = {
    "front matter": "---\ntitle: [\n---\n# Half\n\nWords.\n",
    "front matter that never ends": "---\ntitle: Half\n\n# Half\n\nWords.\n",
    "front matter that is a list": "---\n- a\n---\n# Half\n\nWords.\n",
}
HEAD = '"""A small example.\n\nClaim: it runs.\nTopics: testing\n"""\n'
# Half typed files that all pages share, each mended by the next step.
SHARED = {
    "notation": ("docs/notation.yml", "symbols:\n  - tex: \\hat\n    meaning: [", "docs/notation.yml:"),
    "notation in another encoding": ("docs/notation.yml", "symbols: caf\udce9", "docs/notation.yml:1:1"),
    "notation without a list": ("docs/notation.yml", "symbols: a", "symbols is a list"),
    "literature": ("docs/literature.bib", "@article{half, title = {A", "docs/literature.bib:"),
    "literature in another encoding": (
        "docs/literature.bib",
        "caf\udce9",
        "docs/literature.bib:1:1: this is not UTF-8",
    ),
    "notebook": ("docs/notebook.py", "# %%\nx = (\n", "docs/notebook.py:"),
    "notebook in another encoding": ("docs/notebook.py", "# %%\n# caf\udce9\n", "docs/notebook.py:"),
    "example": ("examples/gradient_size.py", HEAD + "x = (\n", "examples/gradient_size.py:6"),
    "docstring": ("examples/gradient_size.py", '"""A small example.\n\nCla', "examples/gradient_size.py:1"),
    "docstring with half a field": (
        "examples/gradient_size.py",
        '"""T.\n\nClaim: a.\nTime limit: 1\n"""\n',
        "is not a number of seconds",
    ),
    "example in another encoding": ("examples/gradient_size.py", HEAD + "# caf\udce9\n", "examples/gradient_size.py:"),
    "example that is deleted": ("examples/gradient_size.py", None, "there is no script examples/gradient_size.py"),
    "package": ("mseclf/losses.py", "def half(\n", "mseclf/losses.py:1:1: no example can run"),
    "abbreviations": ("docs/includes/abbreviations.md", "*[Home]: half\n*[Ho", ""),
    "abbreviations in another encoding": ("docs/includes/abbreviations.md", "*[Home]: caf\udce9\n", "abbreviations"),
    "citation of the site": ("CITATION.cff", "title: [", "CITATION.cff"),
}


def whole(name):
    return WHOLE.get(name) or f"# Half\n\nWords.\n\n{PAGES[name][0]}"


def path_of(name):
    return f"docs/half-{name.replace(' ', '-')}.md"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """What a server's builds say and show: all pages half typed, all mended, then each shared file in its turn."""
    repository = project(tmp_path_factory.mktemp("half"), QUIET)
    steps = {
        "half": {path_of(name): whole(name) for name in PAGES},
        "mended": {path_of(name): f"# Half\n\nMended: {name}.\n" for name in PAGES},
        "gone": {path_of(name): None for name in PAGES},
    }
    mend = {}
    for name, (path, text, _) in SHARED.items():
        steps[name] = {**mend, path: text}
        mend = {path: (repository / path).read_text(encoding="utf-8")}
    steps["all mended"] = {**mend, "docs/demonstration.md": "# Demonstration\n\nMended.\n"}
    return built_after(steps, repository, tmp_path_factory.mktemp("site"))


def test_no_build_fails(served):
    failures = [f"{name}: {failed}" for name, (failed, *_) in served.items() if failed]
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_half_typed_is_told_at_its_page_and_mended_it_is_shown(served, name):
    address = path_of(name).removeprefix("docs/").removesuffix(".md")
    told = [line for line in served["half"][2].splitlines() if f"{path_of(name)}:" in line]
    assert any(PAGES[name][1] in line for line in told) or not PAGES[name][1], told
    assert "<h1" in served["half"][1][address]
    assert f"Mended: {name}." in served["mended"][1][address]
    assert path_of(name) not in served["mended"][2]
    assert address not in served["gone"][1]


@pytest.mark.parametrize("name", SHARED)
def test_what_is_half_typed_for_all_pages_is_told_and_pages_stay(served, name):
    _, pages, said = served[name]
    assert SHARED[name][2] in said
    assert "Words." in pages["demonstration"]


def test_in_the_end_all_is_as_it_was(served):
    _, pages, said = served["all mended"]
    assert "Mended." in pages["demonstration"]
    assert not re.search(r"WARNING.*(?:half|gradient_size\.py|notation\.yml|literature\.bib|CITATION):", said)
    assert len(PAGES) + len(SHARED) >= 40
