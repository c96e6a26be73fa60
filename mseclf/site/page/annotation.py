"""The comment above a display equation: ``<!-- eq: name | def | code: f(y, z) | given: y = 0 -->``."""

import hashlib
import re
from dataclasses import dataclass, replace

from mseclf.site.defect import Trouble

FIELDS = ("eq", "def", "code", "given", "false", "skip")
_FLAGS = ("def", "false")
_SLIP = re.compile("eqn|equation")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STARTS_LIKE_A_FIELD = re.compile(rf"\s*(?:{'|'.join(FIELDS)})\s*(?::|\||$)")


@dataclass(frozen=True)
class Annotation:
    """What an author says about a display; see `DisplayEquation` for the meaning of the fields."""

    name: str | None = None
    is_definition: bool = False
    code: str | None = None
    given: tuple[str, ...] = ()
    is_false: bool = False
    skip: str | None = None


def looks_like_annotation(comment: str) -> bool:
    """Whether a comment begins with one of the fields, so that it must stand above a display."""
    return _STARTS_LIKE_A_FIELD.match(comment) is not None


def read_annotation(comment: str) -> Annotation:
    """Read the inside of a comment.

    Raises:
        Trouble: an unknown, empty or repeated field, or fields that exclude each other.
    """
    found = Annotation()
    seen: set[str] = set()
    for part in re.split(r"\s\|\s", comment.strip()):
        field, colon, value = (piece.strip() for piece in part.partition(":"))
        if field not in FIELDS:
            message = f"unknown field {field!r}; the fields are {', '.join(FIELDS)}, separated by ' | '"
            raise Trouble(message, "write <!-- eq: name -->" if _SLIP.match(field) else "")
        if field in seen and field != "given":
            raise Trouble(f"the field {field!r} stands twice")
        seen.add(field)
        if field in _FLAGS and colon:
            raise Trouble(f"the field {field!r} takes no value")
        if field not in _FLAGS and not value:
            raise Trouble(f"the field {field!r} needs a value", f"as in '{field}: ...'")
        found = _with_field(found, field, value)
    if len(seen & {"def", "false", "skip"}) > 1:
        raise Trouble("'def', 'false' and 'skip' exclude each other")
    return found


def _with_field(found: Annotation, field: str, value: str) -> Annotation:
    match field:
        case "eq":
            if not _NAME.fullmatch(value):
                raise Trouble(f"the name {value!r} must be lower-case words joined by hyphens")
            return replace(found, name=value)
        case "def":
            return replace(found, is_definition=True)
        case "false":
            return replace(found, is_false=True)
        case "given":
            return replace(found, given=(*found.given, value))
        case "code":
            return replace(found, code=value)
        case _:
            return replace(found, skip=value)


def default_name(tex: str) -> str:
    """A name for a display that was given none: it changes only when the formula does."""
    return hashlib.sha256(" ".join(tex.split()).encode()).hexdigest()[:8]
