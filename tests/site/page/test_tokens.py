"""Tokens of running text: the hidden stays hidden, and no page takes more than time in proportion to its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.page.tokens import tokens

# Read with one look ahead from each opener, each of these takes minutes or hours.
MANY = 50_000
UNCLOSED = {
    "image": "![a](" * MANY,
    "image with blanks": "![a]( " * MANY,
    "image, alternative text open": "![a" * MANY,
    "image, escapes": "![\\" * MANY,
    "image, title open": "![a](" * MANY + 'b "' + "c" * MANY,
    "image, titles": '![a](b "c' * MANY,
    "image, blanks for ever": "![a](" + " " * 10 * MANY,
    "images that share blanks": "![a](" * MANY + " " * MANY,
    "images that share a title": "![a](" * MANY + " " * MANY + '"' + "c" * MANY + '"' + " " * MANY,
    "comment": "<!-- " * MANY,
    "tag": "<a " * MANY,
    "end tag": "</a" * MANY,
    "code": "`a ``b ```c " * MANY,
    "code, runs of many lengths": "".join("`" * (1 + i % 400) + "a" for i in range(MANY // 50)),
    "code, one run": "`" * 10 * MANY,
    "formula": "$a " * MANY,
    "formula, lines": "$a\n" * MANY,
    "formula, escaped ends": "$a\\$ " * MANY,
    "display": "$$a" * MANY,
    "headings": "# a\n" * MANY,
    "marks of headings": "#" * 10 * MANY,
    "escapes": "\\" * 10 * MANY,
    "brackets": "[" * 10 * MANY,
    "link with blanks": "[a](" + " " * 10 * MANY,
    "links with blanks": "[a]( " * MANY,
    "link, parentheses": "[a](" + "(" * MANY,
}


@pytest.mark.parametrize("text", UNCLOSED.values(), ids=UNCLOSED)
def test_openers_that_nothing_closes_are_read_once(text):
    found = list(tokens(text, 0, len(text)))
    assert all(token.end - token.start < 200 for token in found if token.kind in {"image", "comment", "tag"})


def kinds(text):
    return [(token.kind, text[token.start : token.end]) for token in tokens(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('![a](b "c")', [("image", '![a](b "c")')]),
        ('![a\\]b](  b   "c"  )', [("image", '![a\\]b](  b   "c"  )')]),
        ("![a](b)c)", [("image", "![a](b)")]),
        ('![a]("c")', [("image", '![a]("c")')]),  # an address, and a bad one
        ('![a](b "c)', []),
        ("![a](b c)", []),
        ("![a](![b](c)", [("image", "![a](![b](c)")]),
        ("![a ![b](c)", [("image", "![b](c)")]),
        ("![a [b] c](d)", [("image", "![a [b] c](d)")]),
        ("![a](b ![c](d)", [("image", "![c](d)")]),
        ("![a] (b)", []),
        ("<!-- `a -->`b`", [("comment", "<!-- `a -->"), ("code", "`b`")]),
        ("`<!--` a -->", [("code", "`<!--`")]),
        ("<!-->", [("open comment", "<!--")]),
        ("``a`", [("code", "`a`")]),
        ("`a``b`", [("code", "`a``b`")]),
        ("\\`a`b`", [("escape", "\\`"), ("code", "`b`")]),
        ("<a\n>", [("tag", "<a\n>")]),
        ("<a\n\n>", []),
        ("`a\n\nb`", []),
        ("[@a1] $[@x1]``a$", [("citation", "[@a1]"), ("math", "$[@x1]``a$")]),
        ("`[@a1]` [a](b)", [("code", "`[@a1]`"), ("link", "](b)")]),
        ("<a title='$x$'>", [("tag", "<a title='$x$'>")]),
        ("a < b $x$", [("math", "$x$")]),
        ("$5 and $6", []),
        ("$$x$$ $y", [("dollars", "$$x$$")]),
        ("# a `b`\n#c", [("heading", "# "), ("code", "`b`")]),
    ],
)
def test_what_begins_first_hides_what_is_inside(text, expected):
    assert kinds(text) == expected


PIECES = ["![", "]", "(", ")", "](", "a", " ", '"', "\\", "`", "``", "$", "$$", "<!--", "-->", "<a", ">", "\n", "# "]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.lists(st.sampled_from(PIECES), max_size=4))
def test_tokens_are_in_order_do_not_overlap_and_do_not_look_beyond_their_part(text, after):
    found = list(tokens(text, 0, len(text)))
    ends = [0, *(token.end for token in found)]
    assert all(before <= token.start < token.end <= len(text) for before, token in zip(ends, found, strict=False))
    whole = f"{text}{''.join(after)}"
    assert list(tokens(whole, 0, len(text))) == found


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_to_remember_how_far_one_looked_changes_nothing(text):
    """Each token is what a reader finds that begins just there."""
    for token in tokens(text, 0, len(text)):
        if token.kind not in {"heading", "code"}:  # these depend on what stands before
            (alone, *_) = tokens(text, token.start, len(text))
            assert alone == token
