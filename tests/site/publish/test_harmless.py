"""What has no place on a finished page is found however it is written, and what only speaks of it is left alone."""

import pytest

from mseclf.site.publish.harmless import harm


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("<p onclick=x()>", "the attribute 'onclick' is a script: put it into a file"),
        ("<p a='1'onclick='x()'>", "the attribute 'onclick' is a script: put it into a file"),
        ("<svg/onload=x()>", "the attribute 'onload' is a script: put it into a file"),
        ("<p\nONCLICK = x()>", "the attribute 'onclick' is a script: put it into a file"),
        ("<a href='javascript:x()'>", "an address that begins with 'javascript': write https://..."),
        ("<a href=JavaScript:x()>", "an address that begins with 'javascript': write https://..."),
        ("<a href=' \x01java&#10;script&colon;x()'>", "an address that begins with 'javascript': write https://..."),
        ("<img src='data:image/svg+xml,x'>", "an address that begins with 'data': write https://..."),
        ("<svg><a xlink:href='vbscript:x'></a></svg>", "an address that begins with 'vbscript': write https://..."),
        ("<form action='javascript:x()'>", "an address that begins with 'javascript': write https://..."),
        ("<IFRAME>", "<iframe> shows another document: link to it instead"),
        ("<object data='a.svg'>", "<object> shows another document: link to it instead"),
        ("<template><p onclick=x()></template>", "<template> is shown by scripts only: write what it holds"),
        ("<base href='/'>", "<base> shows another document: link to it instead"),
        ("<script src='https://h4x.example/a.js'></script>", "a script from elsewhere, "),
        ("<script defer src=//h4x.example/a.js></script>", "a script from elsewhere, "),
        ("<meta http-equiv='Refresh' content='0'>", "http-equiv='Refresh' changes what the page is: take it away"),
    ],
)
def test_it_is_found(output, message):
    for page in (output, f"<p>words</p>\n{output}<p>words", f"<pre>&lt;p onclick=x()&gt;</pre>{output}"):
        found = harm(page)
        assert found is not None, page
        assert found.message.startswith(message)


@pytest.mark.parametrize(
    "output",
    [
        "<p title='onclick=x()'>one = two</p>",
        "<pre>on = 1; href='javascript:x()' &lt;iframe&gt; http-equiv</pre>",
        "<a href='https://a.example/?q=javascript:x()'>a</a><a href='mailto:a@b'>b</a><a href='#a:b'>c</a>",
        "<a href='?loss=z:1'>a</a><a href='../a:b/'>b</a>",
        "<script src='../assets/a.js'></script><img src='assets/a.svg' alt=''>",
        "<!-- <iframe onload=x()> -->",
    ],
)
def test_words_about_it_are_left_alone(output):
    assert harm(output) is None
