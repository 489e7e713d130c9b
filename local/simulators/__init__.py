"""Providers that the laptop does not have: simulators that speak their wire protocols, and pages of simulated phones."""

from local.simulators.runner import MAX_BODY_BYTES, Simulators, add_simulators, start_simulators

__all__ = ["MAX_BODY_BYTES", "Simulators", "add_simulators", "start_simulators"]
