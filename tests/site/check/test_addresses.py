"""What was published keeps its address, or leads to where it went."""

import re
import subprocess

import pytest

from mseclf.site.check import check
from mseclf.site.defect import Rule
from mseclf.site.publish.moved import LEDGER, moved, moved_page
from mseclf.site.publish.project import Project


def lines(editor, rule=Rule.LINK):
    return [f"{d.place.path}:{d.place.line}: {d.words}" for d in editor.defects() if d.rule is rule]


def line_of(editor, address):
    text = (editor.root / LEDGER).read_text("utf-8")
    return text[: text.index(f"{address}:")].count("\n") + 1


def a_heading(editor):
    """The address of a heading of the page, its id and its line in the page."""
    text = (editor.root / LEDGER).read_text("utf-8")
    page = (editor.root / "docs/demonstration.md").read_text("utf-8")
    for heading in re.finditer(r"^## (.+)$", page, re.MULTILINE):
        anchor = re.sub(r"\W+", "-", heading[1].lower()).strip("-")
        if f"demonstration/#{anchor}" in text:
            return anchor, heading[0]
    raise AssertionError("no heading of the page is among the addresses")


def test_a_heading_that_goes_leaves_its_address(editor):
    anchor, heading = a_heading(editor)
    line = line_of(editor, f"demonstration/#{anchor}")
    editor.replace("docs/demonstration.md", heading, "## Otherwise named")
    lost = f"{LEDGER}:{line}: nothing on docs/demonstration.md has the address '#{anchor}' any more"
    assert any(found.startswith(f"{lost}; put <a id=") for found in lines(editor))
    editor.replace("docs/demonstration.md", "## Otherwise named", f'<a id="{anchor}"></a>\n\n## Otherwise named')
    assert not [found for found in lines(editor) if found.startswith(LEDGER)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gone/: stands", "no page has the address 'gone/' any more; say here where it went, as `gone/: NEW/`"),
        ("gone/: nowhere/", "'gone/' cannot lead to 'nowhere/'"),
        ("gone/: https://example.com/", "'gone/' cannot lead to 'https://example.com/'"),
        ("../gone/: demonstration/", "'../gone/' cannot lead to 'demonstration/'"),
        ("gone: demonstration/", "'gone' cannot lead to 'demonstration/'"),
        ("demonstration/#gone: demonstration/", "'demonstration/#gone' cannot lead to 'demonstration/'"),
        ("gone/#there: stands", "no page has the address 'gone/' any more"),
        ("- gone/", "the ledger cannot be read"),
        ("gone/: 3", "the ledger cannot be read: every line is"),
    ],
)
def test_a_line_that_leads_nowhere(editor, line, words):
    text = (editor.root / LEDGER).read_text("utf-8")
    editor.write(LEDGER, f"{text}{line}\n")
    assert any(f": {words}" in str(found) for found in editor.defects())


def test_a_page_that_goes_is_told_once(editor):
    anchor, _ = a_heading(editor)
    text = (editor.root / LEDGER).read_text("utf-8")
    editor.write(LEDGER, f"{text}a/gone/: stands\n'a/gone/#{anchor}': stands\n'a/gone/#more': stands\n")
    (line,) = lines(editor)
    assert "no page has the address 'a/gone/' any more; say here where it went, as `a/gone/: NEW/`" in line


def test_a_page_that_went_leads_to_its_new_address_and_its_headings_too(editor):
    anchor, _ = a_heading(editor)
    text = (editor.root / LEDGER).read_text("utf-8")
    editor.write(LEDGER, f"{text}a/gone/: demonstration/\n'a/gone/#{anchor}': stands\n")
    assert lines(editor) == []
    editor.write(LEDGER, f"{text}a/gone/: demonstration/\n'a/gone/#lost': stands\n")
    assert ["#lost" in found for found in lines(editor)] == [True]


def test_the_page_that_is_left_leads_where_it_says():
    addresses = {"a/gone/": "b/", "b/": "stands", "../c/": "b/", "b/#x": "b/"}
    assert list(moved(addresses)) == [("a/gone/", "b/")]
    page = moved_page("a/gone/", "b/")
    assert '<a href="../../b/">' in page
    assert 'content="0; url=../../b/"' in page


def test_names_that_differ_in_case_only(editor):
    editor.write("docs/Demonstration.md", "# Another\n")
    words = "'docs/demonstration.md' and 'docs/Demonstration.md' differ in case only"
    assert any(words in found for found in lines(editor, Rule.FILE))


def test_what_was_unpacked_from_an_archive_has_the_date_of_its_release(repository, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.parent))
    assert subprocess.run(["git", "log"], cwd=repository, capture_output=True, check=False).returncode != 0
    project = Project(repository, "http://127.0.0.1:8000/")
    released = str(project.citation["date-released"])
    assert project.timestamp % 86_400 == 0
    assert released.startswith("20")
    assert project.timestamp > 1_700_000_000
    assert check(project).site is not None
