"""The feed of the changelog: each version once, by its address, with whole links."""

from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"


def test_each_version_is_an_entry_that_leads_to_its_heading(site):
    feed = ElementTree.fromstring((site / "changelog/feed.xml").read_text("utf-8"))
    page = (site / "changelog/index.html").read_text("utf-8")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries][-1] == "1.0.0"
    for entry in entries:
        address = entry.findtext(f"{ATOM}id")
        assert f'id="{address.partition("#")[2]}"' in page
        assert "<li>" in entry.findtext(f"{ATOM}content")
        assert 'href="http' in entry.findtext(f"{ATOM}content") or "href" not in entry.findtext(f"{ATOM}content")
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert dates == sorted(dates, reverse=True)


def test_every_page_names_it(site):
    for page in site.rglob("index.html"):
        assert 'type="application/atom+xml"' in page.read_text("utf-8"), page
