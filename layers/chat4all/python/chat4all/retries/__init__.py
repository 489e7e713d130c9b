"""Records that failed: kept out of their partition's way, tried again with growing delay, in order (docs/decisions/0014)."""
