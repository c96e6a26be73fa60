"""A work: whatever can be cited, of the literature or of this site."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Work:
    """One thing that can be cited.

    Attributes:
        key: its key in BibTeX.
        authors: pairs of first names and family name; a group has no first names.
        title: as plain text.
        within: the journal, the book or the site that it is a part of, or who publishes it.
        date: ``2026-11-23``, or only the year.
        doi: its Digital Object Identifier.
        arxiv: its number there.
        url: its address on the web.
        version: of the site.
    """

    key: str
    authors: tuple[tuple[str, str], ...]
    title: str
    within: str
    date: str
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    version: str = ""

    @property
    def year(self) -> str:
        """The year of the date."""
        return self.date[:4]

    @property
    def names(self) -> tuple[str, ...]:
        """Its authors as they are called."""
        return tuple(" ".join(filter(None, name)) for name in self.authors)

    @property
    def label(self) -> str:
        """Short name for running text: ``Sima 2002``, ``Mei et al. 2018``."""
        families = [family for _, family in self.authors]
        if len(families) > 2:
            return f"{families[0]} et al. {self.year}"
        return f"{' & '.join(families)} {self.year}"

    @property
    def address(self) -> str:
        """Where it is found for good."""
        if self.doi:
            return f"https://doi.org/{quote(self.doi, safe='/:;')}"
        return self.url or f"https://arxiv.org/abs/{self.arxiv}"
