"""No path on a page or in examples/ leads out of the repository: not by dots, links, roots, encodings or slashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.defect import Defects
from mseclf.site.page import read_page
from mseclf.site.run import ExampleFailure, run_examples

OUT = [
    "../../etc/passwd.py",
    "../examples/../../secret.py",
    "/examples/gradient_size.py",
    "//examples/gradient_size.py",
    "../examples/%2e%2e/secret.py",
    "..%2fexamples/gradient_size.py",
    "..\\examples\\gradient_size.py",
    "../examples\\..\\secret.py",
    "../examples/deep/er.py",
    "../examples/gradient_size.py/../../x.py",
    "../examples/.py",
    "../examples/a\x00b.py",
    "file:///examples/gradient_size.py",
    "https://example.org/examples/gradient_size.py",
    "../tests/conftest.py",
    "examples/gradient_size.py",
    "../examples/gradient_size.py%00.py",
    "../examples/gradient_sizé.py",
]


@pytest.mark.parametrize("target", OUT)
def test_only_scripts_directly_in_examples_can_be_embedded(target):
    refusal = (
        r"^docs/a.md:1:1: .* (?:only scripts directly in examples/ can be embedded; write ../examples/\w+.py"
        r"|is no example's name: lower-case letters, digits and underscores only; rename the script and write .*)(\n|$)"
    )
    with pytest.raises(Defects, match=refusal):
        read_page("docs/a.md", f"![words]({target})")


@given(
    st.lists(
        st.sampled_from(["..", ".", "examples", "gradient_size", "/", "\\", "%2e", "%2f", "a", "\x00", "~", ":"]),
        max_size=9,
    ),
    st.sampled_from(["docs/a.md", "docs/beyond/a.md"]),
)
def test_what_is_embedded_has_a_name_of_small_letters(parts, page):
    try:
        images = read_page(page, f"![words]({''.join(parts)}.py)").images
    except Defects:
        return
    assert all(image.name.replace("_", "").isalnum() and image.name == image.name.lower() for image in images)


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    (root / "examples").mkdir(parents=True)
    outside = tmp_path / "secret.py"
    outside.write_text('"""Secret.\n\nClaim: none.\n"""\n', encoding="utf-8")
    (root / "examples" / "linked.py").symlink_to(outside)
    (root / "examples" / "loop.py").symlink_to("loop.py")
    (root / "examples" / "dangling.py").symlink_to("nowhere.py")
    return root


@pytest.mark.parametrize("name", ["linked", "loop", "dangling", "../secret", "/etc/passwd", "a\x00b", "..", ""])
def test_an_example_that_lies_elsewhere_is_not_run(repository, name):
    outcome = run_examples([name], root=repository)[name]
    assert isinstance(outcome, ExampleFailure)
    assert not outcome.stdout
