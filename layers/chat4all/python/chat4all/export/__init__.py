"""What is kept of a user, for that user (docs/privacy.md)."""
