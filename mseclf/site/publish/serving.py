"""What a development server needs beyond a build: which pages changed, and what stands for one that is broken."""

import hashlib
import html
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mseclf.site.defect import Defect, Trouble, typed
from mseclf.site.publish.site import Site, page_markdown
from mseclf.site.run.inputs import digest_of_file
from mseclf.site.run.printable import printable


def fingerprint(site: Site, path: str) -> str:
    """A digest of everything that decides what a page shows."""
    page = site.pages[path]
    verdicts = [site.verdicts.get(equation.id) for equation in page.equations]
    shown = [_example_shown(site, region.name) for region in page.images]
    modules = sorted((site.project.root / "mseclf").glob("*.py"))  # what the reference reads its words from
    documented = any(token.kind == "api" for token in page.tokens) and [*map(digest_of_file, modules)]
    parts = (page_markdown(site, path), verdicts, shown, site.broken_pages.get(path), documented)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def broken_page(defects: Iterable[Defect], text: str) -> str:
    """What stands in the place of a page that cannot be read: what is wrong, and its lines with their numbers."""
    told = "".join(f"<li>{_inert(str(defect))}</li>" for defect in defects)
    lines = (f"{number:4}  {_inert(line)}" for number, line in enumerate(text.split("\n"), start=1))
    listed = "\n".join(lines)
    return f'# This page cannot be read\n\n<ul class="build-error">{told}</ul>\n\n<pre>{listed}</pre>\n'


def _inert(text: str) -> str:
    """Text as HTML in which no extension of Markdown finds anything, such as a file to be included."""
    return html.escape(printable(text)).replace("-", "&#45;").replace("`", "&#96;").replace("$", "&#36;")


def frame_of(root: Path) -> str:
    """The digests of what all pages have in common: the menu and the settings, the abbreviations, the templates."""
    shared = [root / "mkdocs.yml", *sorted((root / "docs" / "includes").glob("*"))]
    templates = sorted(Path(__file__).with_name("theme").rglob("*.html"))
    return "\0".join(map(digest_of_file, (*shared, *templates)))


def refuse_taken(host: str, port: int) -> None:
    """Say at once what would only be found out when everything is built.

    Raises:
        Trouble: another program listens at this address.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            command = typed(f"mkdocs serve --livereload --dirty --dev-addr {host}:{port + 1}")
            elsewhere = f"stop what is served there, or serve elsewhere: {command}"
            raise Trouble(f"the address {host}:{port} cannot be had ({error.strerror})", elsewhere) from error


def _example_shown(site: Site, name: str) -> object:
    run = site.runs.get(name)
    return (run.figures, run.stdout, run.script) if run else str(site.failures.get(name))


@dataclass
class Server:
    """What a server remembers from one build to the next.

    Attributes:
        site: the last one that could be made.
        fingerprints: of its pages.
        frame: the digests of what all pages have in common.
    """

    site: Site | None = None
    fingerprints: dict[str, str] = field(default_factory=dict)
    frame: str = ""

    def changed_pages(self, site: Site) -> frozenset[str]:
        """The pages that differ from the last build or name one that came or went; all if what they share differs."""
        now = {path: fingerprint(site, path) for path in site.pages}
        frame = frame_of(site.project.root)
        other = [PurePosixPath(path).name for path in now.keys() ^ self.fingerprints.keys()]
        changed = {path for path, digest in now.items() if frame != self.frame or self.fingerprints.get(path) != digest}
        changed |= {path for path, page in site.pages.items() if any(name in page.text for name in other)}
        self.site, self.fingerprints, self.frame = site, now, frame
        return frozenset(changed)

    def gone(self, site: Site) -> frozenset[str]:
        """The pages that the last build had and this site has not."""
        return frozenset(self.fingerprints.keys() - site.pages.keys())
