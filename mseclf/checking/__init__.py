"""The author's check: all that a build refuses, and what a careful reader would, each with its place and remedy."""

from mseclf.checking.check import Checked, check
from mseclf.checking.defect import Defect

__all__ = ["Checked", "Defect", "check"]
