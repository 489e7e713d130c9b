"""How a simulated provider behaves beyond its rules: failures of sends, and the ways of webhooks. By seed: it can be had again.

The same names on every channel; PUT /phones/api/settings (Telegram) and /phones/api/graph/settings change some or all of them:

- `rate_limits` (bool): the provider's rates are enforced.
- `seed` (integer): chance begins anew from here; the same seed and the same calls give the same faults.
- `server_error`, `too_many`, `timeout`, `lost_answer` (0 to 1): share of sends that get a 5xx; that get a rate error; that get no
  answer for `timeout_s` and are not accepted; that are accepted and get no answer.
- `timeout_s` (0 to 120): how long a send without an answer is held before its connection is cut.
- `retry_after_s` (0 to 3600): what a `too_many` tells to wait.
- `duplicates` (0 to 1): share of webhooks that come a second time.
- `disorder` (0 to 1): share of webhooks that are held back, so that younger ones overtake them.
- `delay_s` (0 to 60): how long every webhook is held back; those of `disorder` up to ten times as long, or 1 s.
- `drop_first` (0 to 1): share of webhooks whose first attempt is lost, so that they come with the retry only.
- `batch` (1 to 100): how many events that are due may come in one body (always one on Telegram).
"""

import random
from dataclasses import dataclass
from typing import Any, Protocol

from local.simulators.phone_requests import PhoneError

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value at first (whose type is the setting's), and the least and most it may be."""

    default: Value
    least: float = 0
    most: float = 1
    words: tuple[str, ...] = ()
    """What a text may be."""


SETTINGS: dict[str, Setting] = {
    "rate_limits": Setting(True),
    "seed": Setting(0, 0, 2**53),
    **{name: Setting(0.0) for name in ("server_error", "too_many", "timeout", "lost_answer")},
    "timeout_s": Setting(30.0, 0, 120),
    "retry_after_s": Setting(1, 0, 3600),
    **{name: Setting(0.0) for name in ("duplicates", "disorder", "drop_first")},
    "delay_s": Setting(0.0, 0, 60),
    "batch": Setting(1, 1, 100),
}


class KeptSettings(Protocol):
    """Where settings stay over a restart."""

    def setting(self, name: str, default: Any) -> Any: ...
    def set_setting(self, name: str, value: Any) -> None: ...


class Settings:
    """The settings of one simulator, kept in `storage`; `more` are those that only it has."""

    def __init__(self, storage: KeptSettings, more: dict[str, Setting] | None = None) -> None:
        self._storage = storage
        self._known = SETTINGS | (more or {})
        self._random = random.Random(self.number("seed"))  # noqa: S311 (chance to be had again)

    def all(self) -> dict[str, Value]:
        return {name: self._value(name) for name in self._known}

    def flag(self, name: str) -> bool:
        return bool(self._value(name))

    def number(self, name: str) -> float:
        return float(self._value(name))

    def text(self, name: str) -> str:
        return str(self._value(name))

    def change(self, body: dict[str, Any]) -> dict[str, Value]:
        """Set what `body` names; all settings as they are then. Raises PhoneError, and changes nothing then."""
        for name, value in body.items():
            if name not in self._known:
                raise PhoneError(400, f"{name}: there is no such setting; there are {', '.join(self._known)}")
            _check(name, self._known[name], value)
        for name, value in body.items():
            self._storage.set_setting(name, value)
        if "seed" in body:
            self._random.seed(self.number("seed"))
        return self.all()

    def happens(self, name: str) -> bool:
        """Whether what has the probability `name` happens now. Asks chance only where it may."""
        probability = self.number(name)
        return probability > 0 and self._random.random() < probability

    def hold_back_s(self) -> float:
        """How long a new webhook waits, by `delay_s` and `disorder`."""
        delay_s = self.number("delay_s")
        if not self.happens("disorder"):
            return delay_s
        return delay_s + self._random.uniform(0.1, 1.0) * (delay_s * 9 or 1.0)

    def fault(self) -> str | None:
        """Which failure a send meets now: server_error, too_many, timeout, lost_answer or none."""
        return next(
            (name for name in ("server_error", "too_many", "timeout", "lost_answer") if self.happens(name)), None
        )

    def _value(self, name: str) -> Value:
        value: Value = self._storage.setting(name, self._known[name].default)
        return value


def _check(name: str, setting: Setting, value: Any) -> None:
    wanted: str | None = None
    if isinstance(setting.default, bool):
        wanted = None if isinstance(value, bool) else "true or false"
    elif isinstance(setting.default, str):
        wanted = None if value in setting.words else f"one of {', '.join(setting.words)}"
    elif isinstance(value, bool) or not isinstance(value, int | float) or not setting.least <= value <= setting.most:
        wanted = f"a number from {setting.least:g} to {setting.most:g}"
    elif isinstance(setting.default, int) and not isinstance(value, int):
        wanted = "a whole number"
    if wanted is not None:
        raise PhoneError(400, f"{name} must be {wanted}")
