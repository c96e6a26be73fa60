"""Templates are compiled once, and again when their text changes."""

import pytest
from jinja2 import DictLoader, Environment

from mseclf.site.memory import Memory
from mseclf.site.publish.templates import Compiled


@pytest.fixture
def render(tmp_path, monkeypatch):
    """What a new environment makes of a template, and how many it compiled."""

    def render(text):
        compiled = []
        env = Environment(
            loader=DictLoader({"page.html": text}), autoescape=True, bytecode_cache=Compiled(Memory(tmp_path))
        )
        compile_template = env.compile
        monkeypatch.setattr(env, "compile", lambda *args: compiled.append(args) or compile_template(*args))
        return env.get_template("page.html").render(x="<1>"), len(compiled)

    return render


def test_a_template_is_compiled_once_and_again_when_it_changes(render):
    assert [render(text) for text in ("a {{ x }}", "a {{ x }}", "b {{ x }}")] == [
        ("a &lt;1&gt;", 1),
        ("a &lt;1&gt;", 0),
        ("b &lt;1&gt;", 1),
    ]


def test_what_is_damaged_is_compiled_again(render, tmp_path):
    first = render("a {{ x }}")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert render("a {{ x }}") == first
