"""The transparency log: a Merkle tree over the feed, so that nobody changes history unnoticed."""
