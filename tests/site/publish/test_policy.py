"""The content security policy: what it allows, and that a page with anything else in it is refused."""

import base64
import hashlib
from pathlib import Path

import pytest

from mseclf.site.publish.policy import inline_scripts, policy, scripts_of, with_policy

HEAD = '<!doctype html><html><head><meta charset="utf-8">'


@pytest.fixture
def theme(tmp_path):
    folder = tmp_path / "partials" / "javascripts"
    folder.mkdir(parents=True)
    (folder / "base.html").write_text('{# c #}\n<script>scope="{{ base_url }}",a=(1+b)*2</script>\n', encoding="utf-8")
    (folder / "two.html").write_text("{% if x %}<script>one()</script>{% endif %}<script>two()</script>", "utf-8")
    return tmp_path


def sha(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_themes_scripts_get_their_hash_and_the_policy_stands_before_them(theme):
    page = f'{HEAD}<script>scope="../..",a=(1+b)*2</script></head><body><script>two()</script></body>'
    output = with_policy(page, scripts_of(theme))
    assert output.startswith(f'{HEAD}<meta http-equiv="Content-Security-Policy" content="default-src ')
    head = output.split('content="')[1].split('"')[0]
    assert sha('scope="../..",a=(1+b)*2') in head
    assert sha("two()") in head
    assert sha("one()") not in head, "a script that this page does not hold needs no hash"
    assert output.replace(f'<meta http-equiv="Content-Security-Policy" content="{head}">', "") == page


@pytest.mark.parametrize(
    "script",
    [
        "<script>evil()</script>",
        "<SCRIPT>evil()</SCRIPT>",
        "<script\ntype='module'>evil()</script>",
        '<script type="TEXT/JavaScript">evil()</script>',
        '<script type="">evil()</script>',
        "<script>evil()",
        "<svg><script>evil()</script></svg>",
        '<script>scope="..",a=(1+b)*2;evil()</script>',
        '<script>scope="";evil();"",a=(1+b)*2</script>',
        '<script>scope="&quot;+evil()+",a=(1+b)*2</script>',
        "<script>two();one()</script>",
        '<p title="<script src=x>"><script>evil()</script>',
        '<script data-x="</script">evil()</script>',
        "<!-- <script> --><script>evil()</script>",
    ],
)
def test_any_other_inline_script_stops_the_build(theme, script):
    with pytest.raises(ValueError, match=r"^an inline script that is not the theme's: .*; put it into a file$"):
        with_policy(f"{HEAD}</head><body>{script}</body></html>", scripts_of(theme))


@pytest.mark.parametrize(
    "text",
    [
        '<script src="a.js"></script>',
        '<script type="application/json">{"a": 1}</script>',
        '<script type="application/ld+json">{}</script>',
        "<!-- <script>evil()</script> -->",
        '<p title="<script>evil()</script>">',
        "&lt;script&gt;evil()&lt;/script&gt;",
    ],
)
def test_what_is_no_inline_script_is_left_alone(theme, text):
    assert inline_scripts(text) == []
    assert with_policy(f"{HEAD}</head><body>{text}</body></html>", scripts_of(theme)).endswith(f"{text}</body></html>")


def test_a_page_without_its_charset_is_refused(theme):
    with pytest.raises(ValueError, match="no <meta charset"):
        with_policy("<html></html>", scripts_of(theme))


def test_the_policy_knows_nothing_but_the_site():
    said = dict(directive.split(" ", 1) for directive in policy([]).split("; "))
    assert said["default-src"] == "'none'"
    sources = {source for sources in said.values() for source in sources.split()}
    assert sources == {"'none'", "'self'", "data:", "'unsafe-inline'"}
    assert [name for name in said if "'unsafe-inline'" in said[name]] == ["style-src"]
    assert [name for name in said if "data:" in said[name]] == ["img-src"]


def test_every_built_page_has_one_policy_that_allows_the_themes_scripts_only(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.count("Content-Security-Policy") == 1, path
        said = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
        assert said == policy(inline_scripts(text)), path
        assert "unsafe-eval" not in said
        assert text.index("Content-Security-Policy") < text.index("<script"), path


def test_the_installed_theme_is_understood():
    import material

    known = scripts_of(Path(material.__file__).parent / "templates")
    assert len(known) >= 5
    assert any(pattern.pattern.startswith("__md_scope") for pattern in known)
