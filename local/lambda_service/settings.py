"""Every setting of the Lambda service, with Lambda's own values as defaults where Lambda has one."""

import os
from dataclasses import dataclass, field


def _eager() -> int:
    return 2 * (os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class LambdaSettings:
    """Limits and times. Seconds and bytes.

    **How many environments a function gets.** Lambda starts a new environment whenever an invocation finds none idle. On a
    laptop that would fork hundreds of processes which then compete for two cores and finish no earlier. So here an
    invocation that finds no idle environment gets a new one at once only while the function has fewer than
    `eager_environments`. Above that it queues. Each `queue_wait_s` that somebody waits, one more is started, one at a time
    up to `max_environments`, if the processors were idle for a part of that time: then the environments wait for something
    instead of computing. Where the processors are all busy another one would only slow the others; then one is started
    each `busy_queue_wait_s`, so that functions that wait for one another still get on.
    """

    eager_environments: int = field(default_factory=_eager)
    queue_wait_s: float = 0.05
    busy_queue_wait_s: float = 2.0
    busy_share: float = 0.8
    """From this share of all processors' time on they count as busy."""
    max_environments: int = 50
    account_concurrency: int = 1000
    """Invocations in flight, queued ones included, before TooManyRequests (Lambda quotas: 1,000 a region)."""
    idle_timeout_s: float = 600.0
    """An environment not used for so long is ended. Lambda names no figure; observed are 5 to 15 minutes."""
    init_timeout_s: float = 10.0
    """Lambda runtime environment lifecycle: the init phase is limited to 10 seconds."""
    retry_delays_s: tuple[float, ...] = (60.0, 120.0)
    """Asynchronous invocation: a minute before the first retry, two before the second."""
    throttle_backoff_s: float = 1.0
    """Asynchronous invocation: throttled events go back to the queue, from 1 second up to 5 minutes, for 6 hours."""
    max_event_age_s: float = 21_600.0
    max_events: int = 50_000
    """Asynchronous invocations that are kept at a time (1 KB of memory each) before TooManyRequests. Lambda names no figure."""
    memory_check_s: float = 0.05
    """How often the memory of environments at work is measured (10 µs each); never while none is. A function that takes
    memory as fast as the kernel gives it is over its limit by up to that time."""
    freeze_after_s: float = 0.02
    """An environment without an invocation is frozen (SIGSTOP) after so long, and thawed for the next one. Lambda freezes at
    once; here a function under load is spared the two signals and the wake-ups of its parent (about 0.1 ms of processor)."""
    log_bytes: int = 10_485_760
    """The log of a function begins anew at this size; one older file of it is kept."""
    sync_request_bytes: int = 6_291_456
    async_request_bytes: int = 1_048_576
    response_bytes: int = 6_291_556
