"""Providers that the laptop does not have: simulators that speak their wire protocols, and pages of simulated phones."""

from local.simulators.runner import Simulators, start_simulators

__all__ = ["Simulators", "start_simulators"]
