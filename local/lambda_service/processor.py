"""How busy the machine's processors are."""

import psutil


class ProcessorLoad:
    """Share of all processors' time that was spent working since the last look."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def since_last(self) -> float:
        """0 to 1; 0 where no time has passed."""
        now = psutil.cpu_times()
        total = sum(now) - sum(self._before)
        idle = (now.idle + getattr(now, "iowait", 0.0)) - (self._before.idle + getattr(self._before, "iowait", 0.0))
        self._before = now
        return 1 - idle / total if total > 0 else 0.0
