"""Metrics of a running stack as Prometheus reads them: its own, and what functions write in the embedded metric format."""
