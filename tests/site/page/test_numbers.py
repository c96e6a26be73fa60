"""Numbers of displays: a folded proof takes none from what stands around it."""

from mseclf.site.page import read_page

DISPLAY = "```math\n{0} = {0}\n```\n\n"
PROOF = '<details class="proof"><summary>Proof</summary>\n\n{}</details>\n\n'
REVEAL = '<details class="reveal"><summary>Answer</summary>\n\n{}</details>\n\n'


def numbers(*parts):
    return list(read_page("docs/a.md", "# A\n\n" + "".join(parts)).numbers.values())


def test_displays_in_a_proof_go_by_letters_of_the_number_before():
    a, b, c, d = (DISPLAY.format(name) for name in "abcd")
    assert numbers(a, b, c) == ["1", "2", "3"]
    assert numbers(a, PROOF.format(b + c), d) == ["1", "1a", "1b", "2"]
    assert numbers(PROOF.format(a), b, PROOF.format(c), PROOF.format(d)) == ["a", "1", "1a", "1b"]
    assert numbers(a, REVEAL.format(b), c) == ["1", "2", "3"]
    assert numbers(a, PROOF.format(b + REVEAL.format(c)), d) == ["1", "1a", "1b", "2"]


def test_after_z_comes_aa():
    proof = PROOF.format("".join(DISPLAY.format(f"x_{{{number}}}") for number in range(28)))
    assert numbers(proof)[24:] == ["y", "z", "aa", "ab"]
