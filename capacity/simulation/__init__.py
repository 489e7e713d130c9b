"""Queues of the way of a message, simulated (SimPy): on this machine, to be compared with what was measured, and on AWS."""
