"""Read models that any replay of the feed rebuilds. Nothing here is a source of truth."""
