"""Is a source still what it was? Its recorded pages, and what its recipe makes of them now."""

from crawler.health.recordings import Recording, read_recordings, record, recordings_folder

__all__ = ["Recording", "read_recordings", "record", "recordings_folder"]
