"""EventBridge schedules: functions invoked by the clock."""

from local.schedules.expression import InvalidExpression
from local.schedules.schedules import Schedules

__all__ = ["InvalidExpression", "Schedules"]
