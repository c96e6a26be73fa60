"""The whole check: the unbroken copy passes, and what concerns several files is caught too."""

import pytest

from mseclf.__main__ import main
from mseclf.site.check.assets import assets
from mseclf.site.check.ledger import compare_ledger, write_ledger
from mseclf.site.defect import Rule
from mseclf.site.publish.moved import read_ledger

PAGE = "docs/beyond/gradient-size.md"
SCRIPT = "examples/gradient_size.py"


def test_the_unbroken_copy_passes(repository, capsys):
    assert main(["check", "--root", str(repository)]) == 0
    assert capsys.readouterr().out.startswith("no errors; checked everything: ")


def test_windows_line_ends(editor):
    file = editor.root / PAGE
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    editor.edited.add(PAGE)
    assert [str(defect) for defect in editor.defects()] == [
        f"{PAGE}:1:30: Windows line ends (CRLF): let your editor save the file with LF"
    ]


def test_a_file_that_is_not_utf_8(editor):
    file = editor.root / PAGE
    file.write_bytes(file.read_bytes() + "caf\u00e9\n".encode("latin-1"))
    editor.edited.add(PAGE)
    (told,) = {defect.message for defect in editor.defects() if defect.rule == "style"}
    assert told.startswith("this is not UTF-8")


def test_an_equation_id_of_another_page(editor):
    editor.write(
        "docs/faq.md", (editor.root / "docs/faq.md").read_text() + "\n<!-- eq: size-gap -->\n```math\nz = z\n```\n"
    )
    told = [str(defect) for defect in editor.defects()]
    assert any(
        "eq-size-gap stands already at docs/beyond/gradient-size.md:68:1; name one anew" in text for text in told
    )


def test_a_page_without_an_entry_in_the_menu(editor):
    editor.write("docs/new.md", "# New\n\nA page.\n")
    assert [str(defect) for defect in editor.defects()] == [
        "docs/new.md:1:1: no entry of the menu leads here: add one under `nav:` in mkdocs.yml"
    ]


def test_a_menu_entry_without_a_page(editor):
    line = editor.replace("mkdocs.yml", "practice.md", "practise.md")
    told = [str(defect) for defect in editor.defects()]
    assert any(f"mkdocs.yml:{line}:" in text and "there is no file docs/practise.md" in text for text in told)


def test_an_example_that_no_page_shows(editor):
    text = (editor.root / SCRIPT).read_text(encoding="utf-8")
    editor.write("examples/unused.py", text)
    (defect,) = editor.defects()
    assert str(defect).startswith("examples/unused.py:1:1: no page embeds this example; show it on a page")


def test_a_heading_that_another_page_links_to_is_renamed(editor):
    editor.replace("docs/beyond/escape-time.md", "A larger learning rate", "Larger learning rates")
    link, address = editor.defects()
    assert (address.place.path, link.place.path) == ("docs/ledger.yml", PAGE)
    assert (address.rule, link.rule) == ("link", "link")
    assert "did you mean '#larger-learning-rates'?" in link.words


def test_a_lost_ledger(editor):
    (editor.root / "docs/ledger.yml").unlink()
    (defect,) = editor.defects(None)
    assert str(defect) == "docs/ledger.yml:1:1: there is no ledger; run `make ledger`"


def test_a_work_that_no_page_cites(editor):
    text = (editor.root / "docs/literature.bib").read_text("utf-8")
    entry = (
        "@misc{new2026,\n  author = {New, A.},\n  title = {T},\n  year = {2026},\n  url = {https://example.org},\n}\n"
    )
    editor.write("docs/literature.bib", f"{text}{entry}")
    (defect,) = editor.defects()
    line = text.count("\n") + 1
    assert str(defect).startswith(f"docs/literature.bib:{line}:1: no page cites new2026; write [@new2026]")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.js", "let a = 1;\nlet b = (;\n", "2:10: no browser can read this script: unexpected token"),
        ("a.js", "import { a } from './b.js';\nexport const c = await a;\n", None),
        ("a.js", "function a() {\n", "2:1: no browser can read this script: "),
        ("a.js", "let a = (;", "1:10: no browser can read this script: "),
        ("a.css", ".a { color: red;\n\n.b { color: blue; }\n", "1:4: this { is never closed; add }"),
        ("a.css", ".a { color: red; } }\n", "1:20: no browser can read this sheet from here: "),
        ("a.css", "@media print {\n  .a { content: '}\n  }\n}\n", "2:17: no browser can read this sheet from here: "),
        ("a.css", "@media print { .a { content: '}'; & .b { color: red; } } } /* { */\n", None),
    ],
)
def test_what_no_browser_could_read(tmp_path, name, text, says):
    (tmp_path / "docs/assets/deep").mkdir(parents=True)
    (tmp_path / "docs/assets/deep" / name).write_text(text, encoding="utf-8")
    told = [str(defect).removeprefix(f"docs/assets/deep/{name}:") for defect in assets(tmp_path)]
    assert len(told) == (says is not None)
    assert all(line.startswith(says) for line in told), told


def test_a_page_where_pages_are_made(editor):
    (editor.root / "docs/gallery").mkdir()
    editor.write("docs/gallery/gradient_size.md", "# Mine\n")
    told = "\n".join(map(str, editor.defects(None)))
    assert "docs/gallery/gradient_size.md:1:1: the pages of docs/gallery/ are made while building; put this one" in told


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "says"),
    [
        ("docs/notation.yml", "macros: {}", "macros: [", "docs/notation.yml:", "this is not YAML"),
        ("docs/literature.bib", "@book{nielsen2015", "@book nielsen2015", "docs/literature.bib:", "this is not BibTeX"),
        ("docs/literature.bib", "year = {2015}", "yaer = {2015}", "docs/literature.bib:", "has no year"),
    ],
)
def test_what_keeps_a_build_from_beginning(editor, path, old, new, place, says):
    editor.replace(path, old, new)
    found = editor.defects()
    told = "\n".join(map(str, found))
    rules = {Rule.NOTATION, Rule.LITERATURE}
    assert len([defect for defect in found if defect.rule in rules]) == 1, told
    (defect,) = [defect for defect in found if defect.rule in rules]
    assert str(defect).startswith(place)
    assert says in defect.message


def test_ledger_differences_are_said_of_the_equation():
    differences = compare_ledger(
        {"eq-a": "proved", "eq-b": "proved", "eq-gone": "numeric"},
        {"eq-a": "proved", "eq-b": "skipped", "eq-new": "proved"},
    )
    assert dict(differences) == {
        "eq-b": "eq-b was proved and is skipped now",
        "eq-gone": "eq-gone (numeric) is gone from the pages, and its permalink with it",
        "eq-new": "eq-new (proved) is new",
    }


def test_ledger_round_trip(tmp_path):
    (tmp_path / "docs").mkdir()
    assert read_ledger(tmp_path) == read_ledger(tmp_path, merged=True) == {}
    write_ledger(tmp_path, {"eq-b": "proved", "eq-a": "definition"}, {"b/": "stands", "#a": "stands"})
    lines = (tmp_path / "docs/ledger.yml").read_text().splitlines()[-4:]
    assert lines == ["eq-a: definition", "eq-b: proved", "'#a': stands", "b/: stands"]
    assert read_ledger(tmp_path) == {"eq-a": "definition", "eq-b": "proved", "#a": "stands", "b/": "stands"}
