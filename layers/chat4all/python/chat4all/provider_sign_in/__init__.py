"""Signing in with Google and GitHub (docs/sign-in.md)."""
