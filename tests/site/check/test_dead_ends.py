"""Where authors stood before a message that led nowhere: one message for one slip, and what it advises works."""

import re
import shlex
import subprocess
import sys

import pytest

HEAD = '"""A small example.\n\nClaim: it runs.\nTopics: gradient\n{}"""\n\n'
PAGE = "# Questions people ask\n\n"
NUMBERS = HEAD.format("") + 'values = {"x": 1.5}\n'
OPENS = HEAD.format("Data: examples/x.csv\n") + "from pathlib import Path\n\ntext = {}.read_text()\nvalues = {{}}\n"


@pytest.fixture
def told(editor):
    """What is wrong when these files are written, a text each."""
    ledger = (editor.root / "docs/ledger.yml").read_text("utf-8")
    equations = [line for line in ledger.splitlines(keepends=True) if line.startswith("eq-")]
    editor.write("docs/ledger.yml", "".join(equations))  # the page is written anew, with none of its headings

    def writing(**files):
        for name, text in files.items():
            path = {"faq": "docs/faq.md", "x_csv": "examples/x.csv"}.get(name, f"examples/{name}.py")
            editor.write(path, text)
        return list(map(str, editor.defects()))

    return writing


def test_an_example_of_numbers_alone_is_shown_by_a_slot(told):
    assert told(numbers=NUMBERS) == [
        "examples/numbers.py:1:1: no page embeds this example; show a value on a page, as `{numbers} x`"
    ]
    assert told(faq=f"{PAGE}It is `{{numbers}} x` here.\n") == []


def test_an_image_of_an_example_of_numbers_alone_says_what_to_write_instead(told):
    found = told(numbers=NUMBERS, faq=f"{PAGE}![What it shows.](../examples/numbers.py)\n")
    remedy = "show a value of it instead, as `{numbers} x`, or draw a figure with plots.subplots"
    assert found == [f"docs/faq.md:3:1: examples/numbers.py draws no figure; {remedy}"]


def test_an_example_that_gives_nothing_is_told_what_to_give(told):
    assert "let it draw a figure or have `values`" in told(nothing=HEAD.format("") + "x = 1\n")[0]


def test_a_script_whose_name_is_no_examples_name_is_told(told):
    found = told(Plot1=NUMBERS, faq=f"{PAGE}![What it shows.](../examples/Plot1.py)\n")
    assert found == [
        "docs/faq.md:3:1: '../examples/Plot1.py' is no example's name: lower-case letters, digits and underscores "
        "only; rename the script and write ../examples/plot1.py",
        "examples/Plot1.py:1:1: 'Plot1.py' is no example's name, so that it never runs; rename it: lower-case letters, "
        "digits and underscores, a letter first",
    ]


def test_what_argparse_said_is_told(told):
    body = "import argparse\n\np = argparse.ArgumentParser()\np.add_argument('n')\np.parse_args()\n"
    (found,) = [words for words in told(args=HEAD.format("") + body) if "SystemExit" in words]
    assert found.startswith(
        "examples/args.py:11:1: SystemExit: 2: an example runs to its last line; it said: args.py: "
    )
    assert found.endswith("error: the following arguments are required: n")


@pytest.mark.parametrize("path", ["examples/x.csv", "x.csv"])
def test_a_file_that_is_declared_is_opened_as_the_message_says(told, path):
    (found,) = [words for words in told(x_csv="1\n", opens=OPENS.format(f"Path({path!r})")) if "NotFound" in words]
    assert found.startswith(f"examples/opens.py:10:1: FileNotFoundError: {path!r}: an example runs in an empty folder")
    advised = re.search(r"open (Path\(__file__\).*)$", found)[1]
    assert advised == "Path(__file__).with_name('x.csv')"
    assert not [words for words in told(opens=OPENS.format(advised)) if "opens.py:10" in words]


def test_a_label_is_told_once_at_its_line(told):
    found = told(faq=f"{PAGE}```math\nz\n\\label{{foo}} = z\n```\n\nBy $\\eqref{{foo}}$.\n")
    remedy = "numbers nothing here; give an equation a name with `eq:`, and link to it: [words](page.md#eq-name)"
    assert found == [rf"docs/faq.md:5:1: \label {remedy}", rf"docs/faq.md:8:4: \eqref {remedy}"]


def test_figures_that_differ_in_case_are_told(told):
    body = "from mseclf import plots\n\nplots.subplots(num='a')\nplots.subplots(num='A')\n"
    (found,) = [words for words in told(two=HEAD.format("") + body) if "figures" in words]
    assert found == "examples/two.py:10:1: figures 'a' and 'A' are one file where case does not count; rename one"


def test_a_command_that_is_advised_works_as_typed(told, editor, monkeypatch):
    monkeypatch.chdir(editor.root)
    found = told(unsorted=NUMBERS.replace("values", "import sys\nimport os\n\nvalues") + "print(os, sys)\n")
    command = re.search(r"`([^`]+)` mends it", "\n".join(found))[1]
    assert command.startswith(sys.executable)
    done = subprocess.run(shlex.split(command), cwd=editor.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mends it" not in "\n".join(told())


def test_what_an_example_writes_to_standard_error_is_told_and_no_error(editor, capsys):
    from mseclf.__main__ import main

    editor.write("examples/numbers.py", NUMBERS + 'import sys\n\nprint("did not converge", file=sys.stderr)\n')
    main(["check", "--root", str(editor.root), str(editor.root / "examples/numbers.py")])
    assert "examples/numbers.py:1: printed to standard error: did not converge\n" in capsys.readouterr().out
