"""Settings that only Meta's channels have, beside those of `local.simulators.settings`.

- `window_s`, `human_agent_s`: how long after the person's last message an account may write, and with the tag HUMAN_AGENT.
- `refusals`: `status`: WhatsApp takes messages that it cannot deliver (131047, 131026) and tells it by a failed status, as it
  mostly does; `answer`: it refuses them at once, as its documentation allows too.
- `receipts`: phones tell that messages were delivered; without it nothing beyond sent comes.
- `auto_read`: people read at once.
- `webhook_timeout_s`: how long a webhook may take to answer (providers.md: 5 s).
- `unsubscribe_after_s`: after so long without success a page or profile gets no webhooks any more (providers.md: an hour,
  secondary).
"""

from local.simulators.settings import Setting

BEHAVIOUR: dict[str, Setting] = {
    "window_s": Setting(86_400, 0, 31_536_000),
    "human_agent_s": Setting(604_800, 0, 31_536_000),
    "refusals": Setting("status", words=("status", "answer")),
    "receipts": Setting(True),
    "auto_read": Setting(False),
    "webhook_timeout_s": Setting(5.0, 0.01, 60),
    "unsubscribe_after_s": Setting(3600, 0, 604_800),
}
