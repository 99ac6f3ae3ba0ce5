"""Is a source still what it was? Its recorded pages, and what its recipe makes of them now."""

from crawler.health.checking import Checked, Difference, check, judged
from crawler.health.recordings import Recording, expect, read_recordings, record, record_list, recordings_folder

__all__ = [
    "Checked",
    "Difference",
    "Recording",
    "check",
    "expect",
    "judged",
    "read_recordings",
    "record",
    "record_list",
    "recordings_folder",
]
