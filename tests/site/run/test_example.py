"""The docstring of an example: title, claim and the other fields."""

import pytest

from mseclf.site.run.example import ExampleError, parse_example, read_script


def parse(docstring, before=""):
    return parse_example("one", f'{before}"""{docstring}"""\nimport numpy\n'.encode())


def test_all_fields_are_read():
    example = parse(
        "The gradient dies.\n\nSome words.\n\nClaim: it dies on\n    confident mistakes.\nSource: [Nielsen]\n"
        "Topics: gradient,  saturation,\nTime limit: 90.5 s\nData: a.csv, b/c.csv\n\nMore words.\n"
    )
    assert example.title == "The gradient dies"
    assert example.claim == "it dies on confident mistakes."
    assert example.source == "[Nielsen]"
    assert example.topics == ("gradient", "saturation")
    assert example.time_limit == 90.5
    assert example.data == ("a.csv", "b/c.csv")


def test_only_title_and_claim_are_needed():
    example = parse("T.\n\nClaim: c.\n")
    assert (example.source, example.topics, example.data) == ("", (), ())
    assert example.time_limit == 60


@pytest.mark.parametrize(
    ("docstring", "line", "message"),
    [
        ("", 1, "needs a docstring: a title, a blank line, then `Claim: ...`"),
        ("\n\nClaim: c.\n", 1, "its docstring lacks `Claim: ...`, the sentence that it checks"),
        ("T.\n", 1, "its docstring lacks `Claim: ...`, the sentence that it checks"),
        ("T.\n\nClaim:\n", 1, "its docstring lacks `Claim: ...`, the sentence that it checks"),
        ("T.\n\nClaim: c.\nTopic: x\n", 4, "field `Topic:` is none of Claim, Source, Topics, Time limit, Data"),
        ("T.\n\nClaim: c.\n\nClaim: d.\n", 5, "field `Claim:` appears twice"),
        (
            "T.\n\nClaim: c.\nTime limit: 2 min\n",
            1,
            "`Time limit: 2 min` is not a number of seconds such as `Time limit: 120 s`",
        ),
        (
            "T.\n\nClaim: c.\nTime limit: -1 s\n",
            1,
            "`Time limit: -1 s` is not a number of seconds such as `Time limit: 120 s`",
        ),
    ],
)
def test_a_defect_is_named_with_its_line(docstring, line, message):
    with pytest.raises(ExampleError) as caught:
        parse(docstring)
    assert (caught.value.line, caught.value.message) == (line, message)


def test_lines_are_counted_from_the_top_of_the_file():
    with pytest.raises(ExampleError) as caught:
        parse("T.\n\nClaim: c.\nTopic: x\n", before="# a comment\n\n")
    assert caught.value.line == 6


@pytest.mark.parametrize(("script", "line"), [(b"x = (\n", 1), (b"\n\n1 +\n", 3), (b"x = '\xff'\n", 1), (b"x\0", None)])
def test_what_is_not_python_is_refused(script, line):
    with pytest.raises(ExampleError, match=r"SyntaxError|ValueError") as caught:
        parse_example("one", script)
    assert caught.value.line in (line, 0)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ExampleError, match="there is no such example"):
        read_script("one", tmp_path)
