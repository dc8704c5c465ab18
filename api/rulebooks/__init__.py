"""Rules to read and to change: dry runs on their way, files that are brought, words for figures."""
