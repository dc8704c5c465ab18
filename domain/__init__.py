"""The rules: what may happen, and the facts recorded. No clock, no I/O, no environment."""
