"""The training of the extractor: outside the package, never imported by it."""
