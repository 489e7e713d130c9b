"""`scripts/logs`: what the stack, its engines and functions print, made readable on a terminal."""
