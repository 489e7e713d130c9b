"""What `scripts/deploy` needs besides SAM's CLI."""
