"""Broadsheet crawls news sites and turns what they publish into front-matter documents and feeds."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("broadsheet")
except PackageNotFoundError:  # the package is used from a folder, not installed
    __version__ = "0"
