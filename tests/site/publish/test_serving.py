"""`make serve` lives on whatever is half typed, and shows what changed."""

import json
import socket
import subprocess
import sys

import pytest

from mseclf.site.defect import Trouble
from mseclf.site.publish.serving import refuse_taken
from tests.site.publish.test_hostile_site import QUIET, project

# Builds as a server does: once, and again after each step; says how each build went and what pages say then.
SERVE = """
import io, json, logging, pathlib, sys, traceback
from mkdocs.commands.build import build
from mkdocs.config import load_config

site = pathlib.Path(sys.argv[1])
for step, steps in enumerate([{}, *json.load(sys.stdin)]):
    for name, text in steps.items():
        path = pathlib.Path(name)
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
    config = load_config("mkdocs.yml", site_dir=str(site))
    if not step:
        config.plugins.on_startup(command="serve", dirty=True)
    failed = ""
    said = logging.StreamHandler(io.StringIO())
    logging.basicConfig(handlers=[said], force=True, level=logging.INFO)
    try:
        build(config, serve_url="http://127.0.0.1:8000/", dirty=True)
    except BaseException as error:
        failed = "".join(traceback.format_exception(error)[-4:])
    pages = {p.parent.relative_to(site).as_posix(): p.read_text("utf-8") for p in site.rglob("index.html")}
    print(json.dumps([failed, pages, said.stream.getvalue()]))
"""


def built_after(steps, repository, site):
    """How the first build of a server went, and the one after each step: what failed, the pages, what was said."""
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(site)],
        cwd=repository,
        input=json.dumps(list(steps.values())),
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return dict(zip(["first", *steps], said, strict=True))


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return project(tmp_path_factory.mktemp("served"), QUIET)


@pytest.fixture(scope="module")
def served(repository, tmp_path_factory):
    """What the pages say before and after each step."""
    menu = (repository / "mkdocs.yml").read_text(encoding="utf-8")
    page = "# Demonstration\n\nWords.\n"
    includes = (repository / "docs" / "includes" / "abbreviations.md").read_text(encoding="utf-8")
    home = (repository / "docs" / "index.md").read_text(encoding="utf-8")
    literature = (repository / "docs" / "literature.bib").read_text(encoding="utf-8")
    links = (repository / "mseclf" / "links.py").read_text(encoding="utf-8")
    notation = (repository / "docs" / "notation.yml").read_text(encoding="utf-8")
    steps = {
        "edited": {"docs/demonstration.md": page + "\nAdded.\n"},
        "fence": {"docs/demonstration.md": page + "\n```math\nx = \n"},
        "snippet": {"docs/demonstration.md": page + '\n--8<-- "nowhere.md"\n'},
        "latin": {"docs/demonstration.md": page + "\ncaf\udce9\n"},
        "front matter": {"docs/demonstration.md": "---\ntitle: [\n---\n" + page},
        "literature": {"docs/demonstration.md": page, "docs/literature.bib": "@article{half, title = {A"},
        "notation": {"docs/literature.bib": literature, "docs/notation.yml": "symbols: ["},
        "mended": {"docs/notation.yml": notation},
        "new": {"docs/new.md": "# Newcomer\n\nWords.\n"},
        "renamed": {"docs/new.md": None, "docs/other.md": "# Newcomer\n\nWords.\n"},
        "early": {"docs/demonstration.md": page + "\nSee [it](late.md).\n"},
        "late": {"docs/late.md": "# Late\n\nWords.\n"},
        "documented": {"docs/demonstration.md": page + "\n::: mseclf.links.logit\n"},
        "docstring": {"mseclf/links.py": links.replace("canonical link of", "usual link of")},
        "menu": {"mkdocs.yml": menu.replace("site_name: ", "site_name: Renamed ")},
        "include": {"docs/includes/abbreviations.md": includes + "*[Home]: where it begins\n"},
        "home": {"docs/index.md": home},
    }
    return built_after(steps, repository, tmp_path_factory.mktemp("site"))


def test_no_build_fails(served):
    assert {name: failed for name, (failed, *_) in served.items() if failed} == {}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("fence", "docs/demonstration.md:5:1: this fence is never closed"),
        ("snippet", "docs/demonstration.md:5:1: a page includes no other file"),
        ("latin", "docs/demonstration.md:5:4: REPLACEMENT CHARACTER (U+FFFD) is no text"),
    ],
)
def test_what_is_wrong_is_shown_in_its_place_beside_the_source(served, step, words):
    page = served[step][1]["demonstration"]
    assert words in page.replace("&#45;", "-")
    assert "   3  Words." in page


def test_while_the_literature_or_the_notation_cannot_be_read_the_last_site_is_shown(served):
    for step in ("literature", "notation", "mended"):
        assert "Words." in served[step][1]["demonstration"]


def test_an_edit_a_new_page_and_a_new_menu_are_shown_and_an_old_page_goes(served):
    assert "Added." in served["edited"][1]["demonstration"]
    assert "Newcomer" in served["new"][1]["new"]
    assert "Newcomer" in served["renamed"][1]["other"]
    assert "new" not in served["renamed"][1]
    assert "Renamed " in served["menu"][1]["demonstration"]
    assert 'title="where it begins"' in served["include"][1]["."]


def test_a_page_that_names_a_new_one_leads_to_it(served):
    assert 'href="late.md"' in served["early"][1]["demonstration"]
    assert 'href="../late/"' in served["late"][1]["demonstration"]


def test_a_docstring_that_changes_is_shown(served):
    assert "canonical link of" in served["documented"][1]["demonstration"]
    assert "usual link of" in served["docstring"][1]["demonstration"]


def test_a_taken_port_is_told_before_anything_is_built():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            Trouble, match=rf"^the address 127\.0\.0\.1:{port} cannot be had .*--dev-addr 127.*:{port + 1}"
        ):
            refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", 0)
