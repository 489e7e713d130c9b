"""What the system costs and what binds it first, from what was measured; `scripts/write-capacity` writes docs/capacity.md."""
