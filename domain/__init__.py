"""The rules: what may happen, and the facts recorded when it does. No clock, no I/O, no environment."""
