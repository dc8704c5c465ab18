"""The append-only event store and the only door for writing."""
