"""Traces: one trace from a request to all that comes of it, whichever function it comes in (docs/logs.md)."""
