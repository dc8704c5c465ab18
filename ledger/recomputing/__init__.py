"""Recomputing: what the rules make of given facts, beside what is recorded; nothing is written."""
