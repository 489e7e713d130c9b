"""A channel of nothing but rules, for what is the same on every channel: texts of at most 20 characters, no limits of rate."""
