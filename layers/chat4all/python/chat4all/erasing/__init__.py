"""Removing what deletions leave behind: bounded, and gone on with where it was broken off (docs/privacy.md)."""
