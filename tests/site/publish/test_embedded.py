"""What pages embed and what examples gave: each mismatch is told once, at the place where an author mends it."""

import pytest

from mseclf.site.page import read_page
from mseclf.site.publish.embedded import Examples, wrong_examples, wrong_images
from mseclf.site.run import ExampleFailure, ExampleRun, Figure


def run(name, *figures):
    drawn = tuple(Figure(figure, "<svg/>", 70.0, 30.0) for figure in figures)
    return ExampleRun(name, "Title", "Claim.", "", (), "", drawn, "", "", {}, "new", 0.1, 1)


def failure(name):
    return ExampleFailure(name=name, line=3, message="ValueError: no", traceback="", stdout="", stderr="")


def page(path, *targets):
    return read_page(path, "# Title\n\n" + "\n\n".join(f"![Words]({target})" for target in targets) + "\n")


EXAMPLES = Examples(
    ("bare", "broken", "one", "two", "never_run"),
    {"bare": run("bare"), "one": run("one", "1"), "two": run("two", "left", "right")},
    {"broken": failure("broken")},
)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("one.py", None),
        ("two.py#right", None),
        ("two.py", None),
        ("broken.py", None),  # its failure is told where the script is
        ("bare.py", "examples/bare.py draws no figure; draw a figure with plots.subplots"),
        ("two.py#middle", "examples/two.py draws no figure 'middle'; it draws left, right"),
        ("tow.py", "there is no script examples/tow.py; did you mean two.py?"),
        ("quite_another.py", "there is no script examples/quite_another.py"),
    ],
)
def test_an_image(target, message):
    found = list(map(str, wrong_images([page("docs/a.md", f"../examples/{target}")], EXAMPLES)))
    assert found == ([f"docs/a.md:3:1: {message}"] if message else [])


def test_a_failure_names_the_first_page_that_shows_it_and_an_unused_example_is_told():
    pages = [page("docs/b.md", "../examples/one.py"), page("docs/a.md", *["../examples/broken.py"] * 2)]
    unused = "no page embeds this example"
    assert list(map(str, wrong_examples(pages, EXAMPLES, complete=True))) == [
        "examples/broken.py:3:1: ValueError: no (embedded at docs/a.md:3:1)",
        f"examples/bare.py:1:1: {unused}; let it draw a figure or have `values`",
        f"examples/two.py:1:1: {unused}; show it on a page, as ![what it shows](../examples/two.py)",
    ]


def test_nobody_can_say_that_an_example_is_unused_while_a_page_cannot_be_read():
    found = [str(defect) for defect in wrong_examples([], EXAMPLES, complete=False)]
    assert found == ["examples/broken.py:3:1: ValueError: no"]
