"""The crawler at work: one spider for all sources, its loader, and the worker processes that read pages."""
