"""An address becomes a recipe: the ways into a site, its sections, and what its articles' addresses have in common."""
