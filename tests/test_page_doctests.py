"""The ``>>>`` blocks of the pages hold; all blocks of a page share their names, as a reader takes them."""

import doctest
from pathlib import Path

import pytest

from mseclf.pages import read_page

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if ">>> " in path.read_text(encoding="utf-8")
}


def failures(path, text):
    """What the page's doctests print, and how many examples they have."""
    shared = {"__name__": "__main__"}
    runner = doctest.DocTestRunner(verbose=False)
    printed = []
    for block in read_page(path, text).doctests:
        line = block.source_place.line - 1
        test = doctest.DocTestParser().get_doctest(block.source, {}, path, path, line)
        test.globs = shared
        runner.run(test, out=printed.append, clear_globs=False)
    return "".join(printed), runner.tries


@pytest.mark.parametrize("path", PAGES)
def test_page(path):
    printed, tries = failures(path, PAGES[path].read_text(encoding="utf-8"))
    assert tries > 0, "the prompts are in no ```pycon or ```python block"
    assert printed == ""


def test_every_page_beyond_the_document_has_doctests():
    beyond = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/beyond").glob("*.md")} - {
        "docs/beyond/index.md"
    }
    assert beyond - PAGES.keys() == set()


def test_a_failure_names_file_and_line():
    text = "# Page\n\n```pycon\n>>> one = 1\n```\n\nText.\n\n```pycon\n>>> one\n2\n```\n"
    printed, _ = failures("docs/page.md", text)
    assert 'File "docs/page.md", line 10' in printed
    assert "Expected:\n    2\nGot:\n    1" in printed
