"""Cases: the displays of true.md and false/*.md with what each page says must become of them, and what does.

The line above a display (and above its comment) says what is expected, and after a colon why:

    proved       shown for every size
    sizes        the same, or at sizes that the page names
    accepted     the same, or measured
    definition   taken as one
    false        found false, with one of the words that follow, parted by " / "
    refused      stops the build, for one of the words that follow
    any          nothing is expected: it is there for the displays below it

A comment ``<!-- page -->`` begins a page of its own in the same file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mseclf.site.defect import Defect, Defects
from mseclf.site.page import Page, read_page
from mseclf.site.proofs import check_pages

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
FILES = {"true": [HERE / "true.md"], "false": sorted((HERE / "false").glob("*.md"))}
EXPECTED = re.compile(r"[\s>]*(proved|sizes|accepted|definition|false|refused|any)(?:: (.*))?")
PASSES = {
    "proved": {"proved"},
    "sizes": {"proved", "proved-at-sizes"},
    "accepted": {"proved", "proved-at-sizes", "measured"},
    "definition": {"definition"},
}


@dataclass(frozen=True)
class Case:
    """What a page says of one display; it stands between two lines."""

    file: str
    start: int
    end: int
    expected: str
    why: str
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """One of these must stand in the message that refuses it."""
        return tuple(w.strip() for w in self.why.split(" / ")) if self.why and self.refused else ()

    @property
    def refused(self) -> bool:
        """Whether the build must fail."""
        return self.expected in ("false", "refused")


@dataclass(frozen=True)
class Outcome:
    """What became of a case: statuses and messages of all that stands between its lines."""

    case: Case
    statuses: tuple[str, ...]
    messages: tuple[str, ...]

    @property
    def stops(self) -> bool:
        """Whether the build fails because of it."""
        return bool(self.messages)

    @property
    def right(self) -> bool:
        """Whether that is what the page says."""
        if self.case.expected == "any":
            return True
        if not self.case.refused:
            return not self.stops and bool(self.statuses) and set(self.statuses) <= PASSES[self.case.expected]
        words = self.case.words
        said = not words or any(w in m for w in words for m in self.messages)
        return self.stops and said and (self.case.expected == "refused" or self.statuses[-1:] == ("false",))

    def __str__(self) -> str:
        case = self.case
        got = "; ".join(self.messages) or ", ".join(self.statuses) or "nothing was seen"
        return f"{case.file}:{case.start}: {case.text}\n   expected {case.expected}: {case.why}\n   got {got}"


def pages_of(file: Path) -> Iterator[str]:
    """The pages of a file, each with empty lines before it, so that its lines keep their numbers."""
    before = 0
    for part in re.split(r"(?<=\n)<!-- page -->\n", file.read_text(encoding="utf-8")):
        yield "\n" * before + part
        before += part.count("\n") + 1


def cases_of(name: str, text: str) -> list[Case]:
    """What a page expects, in order."""
    lines = text.split("\n")
    at = [(number, found) for number, line in enumerate(lines, 1) if (found := EXPECTED.fullmatch(line))]
    ends = [number for number, _ in at[1:]] + [len(lines) + 1] * bool(at)
    return [
        Case(name, number, end, found[1], found[2] or "", _shown(lines[number : end - 1]))
        for (number, found), end in zip(at, ends, strict=True)
    ]


def _shown(lines: list[str]) -> str:
    fence = next((n for n, line in enumerate(lines) if "```math" in line), None)
    rest = lines[fence + 1 :] if fence is not None else lines
    return " ".join(line.strip() for line in rest[: next((n for n, x in enumerate(rest) if "```" in x), len(rest))])


def outcomes(files: list[Path], cache: Path | None = None) -> list[Outcome]:
    """Check the pages of some files, all at once; what became of each case."""
    pages: list[Page] = []
    cases: list[Case] = []
    defects: list[Defect] = []
    for file in files:
        for number, text in enumerate(pages_of(file)):
            name = f"docs/{file.stem}-{number}.md"
            cases += cases_of(name, text)
            try:
                pages.append(read_page(name, text))
            except Defects as error:
                defects += error.defects
    report = check_pages(pages, root=ROOT, cache=cache)
    defects += report.defects
    return [_outcome(case, report.verdicts, defects) for case in cases]


def _outcome(case, verdicts, defects) -> Outcome:
    statuses = tuple(
        v.status.value for v in verdicts if v.path == case.file and case.start < v.equation.tex_place.line < case.end
    )
    messages = tuple(str(d) for d in defects if d.place.path == case.file and case.start < d.place.line < case.end)
    return Outcome(case, statuses, messages)


if __name__ == "__main__":
    import sys
    from collections import Counter

    for kind in sys.argv[1:] or FILES:
        files = FILES.get(kind) or [HERE / "false" / f"{kind}.md"]
        found = outcomes(files)
        print(*(o for o in found if not o.right), sep="\n")
        passed = [o for o in found if o.case.refused and not o.stops]
        print(f"{kind}: {len(found)} cases, {sum(o.right for o in found)} as expected, {len(passed)} falsehoods pass")
        print(Counter(s for o in found for s in o.statuses))
