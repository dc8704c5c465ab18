"""Signing, numbering, drawing and verifying certificates; knows nothing of the feed."""
