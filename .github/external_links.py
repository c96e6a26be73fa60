"""Asks each address outside the site whether it is still there. Needs nothing but Python; run by a scheduled workflow.

    python .github/external_links.py

An address is broken when its server says so (404, 410) or does not exist. A server that refuses programs (401, 403,
429, ...) or is down for the moment decides nothing: that is told, and does not fail.
"""

import re
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

SOURCES: Final = ("README.md", "CITATION.cff", "docs/**/*.md", "docs/*.bib", "examples/*.py")
BROKEN: Final = {404, 410}
SECONDS: Final = 20
PAUSE: Final = 1.0  # between two questions to the same server
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\{}\]]+")
_DOI = re.compile(r"^\s*doi\s*=\s*\{([^{}]+)\}", re.MULTILINE)
_ARXIV = re.compile(r"^\s*eprint\s*=\s*\{([^{}]+)\}", re.MULTILINE)
# What is no address of somebody else: the local server, and names that stand for others.
_OURS = re.compile(r"https?://(?:127\.0\.0\.1|localhost|\.\.\.|[^/]*example\.(?:org|com)|github\.com/YOU)")


def addresses(root: Path) -> dict[str, list[str]]:
    """Every address, with the places it stands at."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted({path for pattern in SOURCES for path in root.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        for offset, address in _in_text(text):
            line = text.count("\n", 0, offset) + 1
            found[address].append(f"{path.relative_to(root).as_posix()}:{line}")
    return dict(found)


def _in_text(text: str) -> Iterator[tuple[int, str]]:
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?*_")
        while address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(".,;:")
        if not _OURS.match(address) and "." in urlsplit(address).netloc:
            yield match.start(), address.partition("#")[0]
    yield from ((match.start(1), f"https://doi.org/{quote(match[1], safe='/:;()')}") for match in _DOI.finditer(text))
    yield from ((match.start(1), f"https://arxiv.org/abs/{match[1]}") for match in _ARXIV.finditer(text))


def ask(address: str) -> tuple[bool | None, str]:
    """Whether an address is there, None when that cannot be told, and what the server said."""
    answer: tuple[bool | None, str] = (None, "")
    for method in ("HEAD", "GET"):  # some servers know only GET
        request = urllib.request.Request(address, method=method, headers={"User-Agent": "mseclf link check"})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as reply:
                return True, str(reply.status)
        except urllib.error.HTTPError as error:
            error.close()
            answer = (False if error.code in BROKEN else None), f"{error.code} {error.reason}"
        except urllib.error.URLError as error:
            gone = "Name or service not known" in str(error.reason) or "getaddrinfo failed" in str(error.reason)
            return (False if gone else None), str(error.reason)
        except (OSError, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"
    return answer


def ask_all(found: Mapping[str, list[str]]) -> dict[str, tuple[bool | None, str]]:
    """Ask about every address: several servers side by side, each server slowly."""
    servers: dict[str, list[str]] = defaultdict(list)
    for address in found:
        servers[urlsplit(address).netloc].append(address)
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = pool.map(_ask_server, servers.values())
    return {address: answer for group in answers for address, answer in group}


def _ask_server(group: list[str]) -> list[tuple[str, tuple[bool | None, str]]]:
    answers = []
    for address in group:
        answers.append((address, ask(address)))
        time.sleep(PAUSE)
    return answers


def main(root: Path) -> int:
    """Ask, report, and return 1 if an address is broken."""
    found = addresses(root)
    answers = ask_all(found)
    broken = {address: said for address, (there, said) in answers.items() if there is False}
    unclear = {address: said for address, (there, said) in answers.items() if there is None}
    for title, group in (("broken", broken), ("cannot be told", unclear)):
        for address, said in sorted(group.items()):
            print(f"{', '.join(found[address])}: {title}: {address} ({said})")
    print(f"{len(found)} addresses: {len(broken)} broken, {len(unclear)} undecided")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parents[1]))
