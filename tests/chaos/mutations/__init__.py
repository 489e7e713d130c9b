"""Mutations: the code without one of its safeties, and the faults that show what is lost with it."""
