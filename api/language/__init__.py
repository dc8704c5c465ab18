"""Words for people: Chinese first (the source), English complete (the catalogue)."""
