"""A whole site that means harm: it is built, and read by a browser's rules nothing on it is more than words.

Whatever is not the author's own Markdown (what examples say, print and compute, alternative texts, captions, titles,
works, meanings of symbols, a notebook's output) holds attacks. Each carries the word `h4x`, so that any element,
attribute, address, script or style that came from it is recognised in the finished pages.
"""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pypdf
import pytest

from mseclf.site.publish.literal import literal
from mseclf.site.run.printable import printable
from tests.conftest import mkdocs

ROOT = Path(__file__).parents[3]
ATTACKS = [
    "<script>h4x()</script>",
    '"><img src=h4x onerror=h4x()>',
    "' onmouseover='h4x()' x='",
    "[h4x](javascript:h4x()) ![h4x](data:text/html,h4x)",
    "<javascript:h4x()> https://h4x.example/ www.h4x.example",
    "]]><h4x/><![CDATA[",
    "</style></script></title></textarea></pre></samp></details><h4x>",
    "{{ h4x }} {% raw %} {{ ''.__class__.__mro__ }} {# h4x #} {% endraw %}",
    "&quot; onfocus=h4x() &#34;&#x3c;h4x&#x3e; &lt;h4x&gt; &amp;lt;h4x&amp;gt;",
    "\x00\x01\x1b[31mh4x\x7f\x02wzxhzdk:0\x03\u2028\u0085",
    "\u202eh4x\u202c \u200fh4x \u2066h4x\ufeff",
    "h4x" + "x" * 500,
    "--8<-- '../CITATION.cff' ;--8<-- h4x",
    "<!-- gallery --> <!-- h4x --> --> --!> <!-- cite: site -->",
    "$\\href{javascript:h4x()}{z}$ `{gradient_size} secret` ```math",
    "{: onclick=h4x() } {#h4x .h4x} ::: mseclf.h4x",
    "<svg/onload=h4x()><math><mtext><h4x></mtext></math>",
    "[@h4x] [^h4x] *[h4x]: h4x [h4x]: javascript:h4x()",
    "| h4x | h4x |\n|---|---|\n# h4x\n- h4x",
]
ALL = " ".join(ATTACKS)
# A docstring's line ends where Python ends it, and a title is one line.
LINE = " ".join(ALL.split())
# What LaTeX and BibTeX themselves give a meaning cannot stand in a work's title.
WORK = " ".join(re.sub(r"[{}\\@#%\"\x00-\x1f\x7f\u2028\u0085]|,", "", attack) for attack in ATTACKS)

SCRIPT = f"""{f"{LINE}{chr(10)}{chr(10)}Claim: {LINE}{chr(10)}Source: {LINE}{chr(10)}Topics: gradient, {LINE}"!r}
import sys

from mseclf import plots

ATTACK = {ALL!r}
fig, ax = plots.subplots(num="gradient")
ax.set_title("<script>h4x()</script> ]]></style>")
ax.plot([0, 1], [0, 1], gid='"><h4x>', label='"><img src=h4x onerror=h4x()>', url="#h4x")
ax.legend()
plots.subplots(num="other")
print(ATTACK)
print(ATTACK, file=sys.stderr)
values = {{"text": ATTACK, "number": 1}}
plots.finish()
"""
HOME = f"""---
title: {json.dumps(LINE[:2000])}
description: {json.dumps(LINE[:2000])}
h4x: {json.dumps(LINE[:2000])}
---
# Home {literal(LINE)}

Words `{{gradient_size}} text` and `{{gradient_size}} text:.40s` and | `{{gradient_size}} number` |, says [@work2000].

![{literal(LINE)}](../examples/gradient_size.py#gradient "{literal(LINE)}")

## Heading {literal(LINE)}

| {literal(LINE)} |
|---|
| `{{gradient_size}} text` |

<!-- eq: sum | skip: {" ".join(re.sub("[|<>-]", "", printable(LINE)).split())} -->
```math
1 + 1 = 2
```

A formula $z$, and a [link with a title](demonstration.md "{literal(LINE)}").
"""
DEMONSTRATION = f"""# Demonstration

> {literal(LINE)}

- {literal(LINE)}

![{literal(LINE)}](../examples/gradient_size.py#other)

<!-- cite: site -->
"""
NOTEBOOK = f"""# %% [markdown]
# # Walk-through

# %%
print({ALL!r})
"""
PAGES = {
    "index.md": HOME,
    "demonstration.md": DEMONSTRATION,
    "notebook.py": NOTEBOOK,
    "gallery.md": "# Gallery\n\n<!-- gallery -->\n",
    "literature.md": "# Literature\n\n<!-- literature -->\n",
    "ledger.md": "# Ledger\n\n<!-- ledger -->\n",
    "notation.md": "# Notation\n\n<!-- notation -->\n",
    "contributing.md": "# Contributing\n\n<!-- contributing -->\n",
    "literature.bib": f"""@article{{work2000,
  author = {{{WORK}, {WORK} and B, Ada}}, title = {{{WORK}}}, journal = {{{WORK}}}, year = {{2000}},
  doi = {{10.1/{WORK.replace(" ", "")[:300]}}}, eprint = {{{WORK.replace(" ", "")[:300]}}},
  url = {{https://h4x.example/{WORK.replace(" ", "")[:300]}}},
}}
""",
}
MENU = [*(name for name in PAGES if name.endswith(".md")), "notebook.md"]


def project(folder, pages=PAGES, script=SCRIPT):
    """A repository with these pages and one example, and the real package, theme and settings."""
    import yaml

    kept = ("CITATION.cff", "LICENSE", "requirements.lock", "pyproject.toml")
    for name in kept:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "mseclf", folder / "mseclf", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("assets", "includes"):
        shutil.copytree(ROOT / "docs" / name, folder / "docs" / name)
    table = yaml.safe_load((ROOT / "docs" / "notation.yml").read_text(encoding="utf-8"))
    for symbol in table["symbols"]:
        symbol["meaning"] = LINE.replace(
            "$", ""
        )  # between dollars it is a formula, as on a page: MathJax refuses this one
    (folder / "docs" / "notation.yml").write_text(yaml.safe_dump(table), encoding="utf-8")
    for name, text in pages.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    (folder / "examples").mkdir()
    (folder / "examples" / "gradient_size.py").write_text(script, encoding="utf-8")
    real = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"^nav:.*\n(?:[ #].*\n)*", "", real, flags=re.MULTILINE)
    (folder / "mkdocs.yml").write_text(f"{text}\n{yaml.safe_dump({'nav': MENU})}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = project(tmp_path_factory.mktemp("hostile"))
    done = mkdocs("build", "--strict", cwd=folder, PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(built):
    """Each page by its address, as a browser's parser reads it, with the parser's errors."""
    found = {}
    for path in sorted(built.rglob("*.html")):
        parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        tree = parser.parse(path.read_text(encoding="utf-8"))
        found[path.relative_to(built).as_posix()] = tree, {error for _, error, _ in parser.errors}
    assert {"index.html", "demonstration/index.html", "gallery/gradient_size/index.html", "404.html"} <= found.keys()
    return found


ADDRESSES = {"action", "cite", "data", "formaction", "href", "poster", "src", "srcset", "xlink:href"}
# Where words of others belong, and what a slug or a bibliography makes of them.
WORDS = {"alt", "aria-label", "content", "data-label", "data-topic", "data-topics", "title"}
FROM_WORDS = re.compile(r"#?[\w-]+|https://(?:doi\.org|arxiv\.org/abs|h4x\.example)/\S*")


def stray(tree):
    """What in a page's tree came from an attack and is more than words."""
    for element in tree.iter():
        if not isinstance(element.tag, str):  # a comment
            if "h4x" in (element.text or ""):
                yield f"<!--{element.text}-->"
            continue
        where = f"<{element.tag}>"
        if "h4x" in element.tag or (element.tag == "style" and "h4x" in (element.text or "")):
            yield where
        if element.tag == "script" and "h4x" in (element.text or ""):
            if not element.get("type", "").endswith("json"):
                yield f"{where} {element.text}"
            else:
                json.loads(element.text)
        for name, value in element.attrib.items():
            if not allowed(str(name).lower(), value):
                yield f"{where} {name}={value}"


def allowed(name, value):
    if "h4x" in name or name.startswith("on"):
        return False
    if name in ADDRESSES and re.match(r"(?i)[\s\x00-\x1f]*(?:javascript|data|vbscript):", value):
        return False
    return "h4x" not in value or name in WORDS or FROM_WORDS.fullmatch(value)


def test_nothing_on_a_page_came_from_it_but_words(pages):
    assert {address: found for address, (tree, _) in pages.items() if (found := list(stray(tree)))} == {}


def test_every_page_is_valid_html(pages):
    # The theme's templates close void elements; the standard allows it.
    known = {"non-void-element-with-trailing-slash", "self-closing-flag-on-end-tag"}
    assert {address: errors - known for address, (_, errors) in pages.items() if errors - known} == {}


@pytest.mark.parametrize("address", ["index.html", "gallery/gradient_size/index.html", "notebook/index.html"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_words_are_there_as_they_were_written(pages, address, attack):
    text = " ".join("".join(pages[address][0].itertext()).split())
    assert " ".join(printable(attack).split()) in text


def test_the_parsers_eye_sees_what_would_be_stray():
    bad = [
        "<h4x>", "<p h4x=1>", "<p onclick='h4x()'>", "<img src=h4x.png>", "<a href='JaVa&#115;cript:x()'>",
        "<p><!-- h4x --></p>",        "<script>h4x()</script>", "<p style='h4x: 1'>", "<p class='a \nh4x'>",
    ]  # fmt: skip
    for text in bad:
        assert len(list(stray(html5lib.parse(text, namespaceHTMLElements=False)))) == 1, text
    assert not list(stray(html5lib.parse("<p title='h4x'>&lt;h4x&gt;", namespaceHTMLElements=False)))


def test_the_search_index_holds_words_only(built):
    """The theme writes titles and texts of the index into its page as HTML: they must be escaped in it."""
    index = json.loads((built / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert len(index["docs"]) > 10
    for entry in index["docs"]:
        for field in ("title", "text"):
            assert not list(stray(html5lib.parse(entry[field], namespaceHTMLElements=False))), entry["location"]


def test_the_drawings_and_other_files_hold_words_only(built):
    for path in [*built.glob("assets/figures/*.svg"), *built.glob("sitemap.xml")]:
        tree = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        found = list(stray(tree))
        # Matplotlib may name a group as an example says, and link inside its drawing.
        assert all(re.match(r"<[^<>]*> (?:id=|\S*href=#)", words) for words in found), found
    assert not list(built.rglob("*h4x*"))
    for path in built.rglob("*.ipynb"):
        json.loads(path.read_text(encoding="utf-8"))


def test_the_booklet_shows_the_words_and_links_to_nothing_of_it(built):
    (booklet,) = built.glob("assets/mse*.pdf")
    reader = pypdf.PdfReader(booklet)
    assert "<script>h4x()</script>" in "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    links = [
        str(note.get_object()["/A"].get("/URI", ""))
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert links
    assert not [link for link in links if not link.startswith(("http://", "https://"))]


QUIET = {
    **PAGES,
    "index.md": "# Home\n\n![A](../examples/gradient_size.py#gradient)\n\n![B](../examples/gradient_size.py#other)\n",
    "demonstration.md": "# Demonstration\n\nWords.\n",
    "literature.md": "# Literature\n\nAll is cited [@work2000].\n\n<!-- literature -->\n",
    "notebook.py": "# %% [markdown]\n# # Walk-through\n",
}


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A repository whose pages mean no harm, built once: what others are copied from."""
    folder = project(tmp_path_factory.mktemp("quiet"), QUIET)
    done = mkdocs("build", "--strict", cwd=folder, PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stderr
    shutil.rmtree(folder / "site")
    return folder


def refusal(folder):
    done = mkdocs("build", "--strict", cwd=folder, PYTHONPATH=str(folder))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_leads_elsewhere_is_refused_before_any_page_is_made(quiet, tmp_path):
    folder = shutil.copytree(quiet, tmp_path / "refused")
    (tmp_path / "secret").write_text("A secret.\n", encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    for link, target in {"linked.md": "secret", "linked.png": "secret", "folder": "secrets"}.items():
        (folder / "docs" / link).symlink_to(tmp_path / target)
    (folder / "docs" / "inside.png").symlink_to("assets/card.png")
    images = ["../../secret.png", "/etc/passwd.png", "..%2f..%2fsecret.png", "file:///etc/passwd", "nowhere.png",
              "data:image/svg+xml,<svg/onload=x()>", "http://h4x.example/x.png", "javascript:x()", "../mseclf/plots.py",
              "../examples/%2e%2e/secret.py", "../examples/../../secret.py"]  # fmt: skip
    snippets = [
        "--8<-- '../../secret'",
        '  --8<-- "/etc/passwd"',
        "```\n--8<-- 'https://h4x.example'\n```",
        "--8<--\na.md",
    ]
    page = "\n\n".join([*(f"![Words]({image})" for image in images), *snippets])
    (folder / "docs" / "demonstration.md").write_text(f"{page}\n", encoding="utf-8")
    told = refusal(folder)
    for path in ("linked.md", "linked.png", "folder"):
        assert f"docs/{path}:1:1: this leads out of the repository" in told
    assert "inside.png" not in told
    refused = r"(?:drawn by no script|only scripts directly in examples/)"
    for line in range(1, 2 * len(images), 2):
        assert re.search(rf"docs/demonstration.md:{line}:1: .*{refused}", told), line
    assert told.count("a page includes no other file") == len(snippets)
    assert "A secret" not in told
    assert not (folder / "site").exists()


REFUSED = [
    ("[a][b]\n\n[b]: javascript:x()", "5:6", "'javascript:x()' begins like an address elsewhere"),
    ("<a href='&#106;ava\tscript:x()'>a</a>", "3:1", "an address that begins with 'javascript'"),
    ("<script src='https://h4x.example/x.js'></script>", "3:1", "a script from elsewhere"),
    ("![a][b]\n\n[b]: ../../secret.png", "5:6", "'../../secret.png' is outside docs/"),
]
# Each of these ends a build before the next is looked for.
REFUSED_LATER = [
    ("A *word*{: onclick=x() }", "3:12", "the attribute 'onclick' is a script"),
    (
        "Thin \u6f22 letters.",
        "3:6",
        "the PDF has no letters for '\u6f22'; say it in other words, or write `pdf: false`",
    ),
]


@pytest.mark.parametrize("pages", [REFUSED, *([page] for page in REFUSED_LATER)], ids=["all", "attribute", "letter"])
def test_what_an_author_may_not_write_is_refused_with_its_place(quiet, tmp_path, pages):
    folder = shutil.copytree(quiet, tmp_path / "refused", symlinks=True)
    names = ["demonstration", *(f"page{number}" for number in range(1, len(pages)))]
    for name, (text, _, _) in zip(names, pages, strict=True):
        (folder / "docs" / f"{name}.md").write_text(f"# Title\n\n{text}\n", encoding="utf-8")
    told = refusal(folder)
    for name, (_, place, says) in zip(names, pages, strict=True):
        assert re.search(rf"docs/{name}\.md:{place}: .*{re.escape(says)}", told), told[-3000:]


def test_a_page_with_a_hostile_name_is_an_address_and_nothing_else(quiet, tmp_path):
    folder = shutil.copytree(quiet, tmp_path / "named", symlinks=True)
    names = ['h4x"><img src=x onerror=h4x()>', "{{ h4x }}", "h4x' onload='h4x()", "h4x%2e%2e%2fh4x"]
    for name in names:
        (folder / "docs" / f"{name}.md").write_text("# A name\n\nWords.\n", encoding="utf-8")
    done = mkdocs("build", "--strict", cwd=folder, PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stderr
    made = sorted((folder / "site").rglob("*h4x*/index.html"))
    assert len(made) == len(names)
    for path in [*made, folder / "site" / "index.html", folder / "site" / "404.html"]:
        tree = html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        found = [words for words in stray(tree) if not re.match(r"<(?:a|link|meta)> (?:href|content)=", words)]
        assert found == [], path
