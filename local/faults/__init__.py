"""Faults on purpose: rules that make functions, routes and engines slow, failing, throttled, paused or dead."""

from local.faults.faults import Faults
from local.faults.rule import FaultRule, InvalidFault, parse_rule

__all__ = ["FaultRule", "Faults", "InvalidFault", "parse_rule"]
