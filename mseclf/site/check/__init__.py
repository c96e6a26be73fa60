"""The author's check: all that a build refuses, and what a careful reader would, each with its place and remedy."""

from mseclf.site.check.check import Checked, check

__all__ = ["Checked", "check"]
