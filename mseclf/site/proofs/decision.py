"""A decision: what was found out about a claim, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from mseclf.site.proofs.verdict import Means


@dataclass(frozen=True)
class Proved:
    """The claim holds at every admissible point, and has a value there."""

    means: Means


@dataclass(frozen=True)
class Refuted:
    """The claim fails at `point`, which was looked at again exactly or in balls; empty for a claim without symbols."""

    point: Mapping[sp.Expr, sp.Expr]
    left: sp.Expr | None = None
    right: sp.Expr | None = None
    reason: str = ""  # why a side has no value there, if that is it


@dataclass(frozen=True)
class Unknown:
    """Neither was shown; `reason` says why, for an author."""

    reason: str


Decision: TypeAlias = Proved | Refuted | Unknown


class NotUnderstood(Exception):
    """An expression holds something that no rule here speaks of."""


class NoValue(Exception):
    """An expression has no value at a point; the message says which part of it."""


class Undecided(Exception):
    """The precision does not suffice."""


class Spent(Exception):
    """The work for a question is done, and it is open; no rule goes on from here."""
