"""The live client for Python held against a model of the server, and against the running system."""
