"""Upkeep: are store, documents, index and feeds what each other says, and what is kept for how long."""
