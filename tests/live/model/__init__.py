"""A server that is right by construction, a network that is not, and clients between them, in a time of their own."""
