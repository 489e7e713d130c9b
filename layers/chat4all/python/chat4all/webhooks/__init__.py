"""Outgoing webhooks: what a user is told goes to their own servers too (docs/decisions/0042)."""
