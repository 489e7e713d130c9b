"""What accounts of Messenger and Instagram hold alike, and how Meta is asked whether it takes them.

Where Meta calls is a setting of the app, which a person makes once in the App Dashboard (Webhooks: callback URL, which is
`…/channels/<channel>/<account id>/webhook`, and verify token): no call of a page's or profile's token can make it. What such a
token can do is done here: whether it is the one of that page or profile, and the subscription to its events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.channels.meta.account import MetaSettings, Secret, proof, refusals_told
from chat4all.channels.meta.errors import Failure, GraphError
from chat4all.channels.meta.graph import Graph


class MessagingSettings(MetaSettings):
    """Settings of an account besides its id."""

    verify_token: Secret
    """Made up by you, and given in the App Dashboard beside the callback URL."""
    human_agent: bool = False
    """Whether people answer, and Meta has granted the app the Human Agent feature: 7 days for an answer, and not one."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How one of the two is asked."""

    channel: str
    official: str
    account_setting: str
    """The setting that has the page's or profile's id."""
    own_id: str
    """The field of GET /me that has it."""
    fields: Sequence[str]
    """Of its events, those that are subscribed to."""
    has_proof: bool
    """Whether it takes an appsecret_proof, by which a wrong app secret is found at once."""

    def register(self, settings: Mapping[str, Any]) -> None:
        """Check the token, and subscribe to events.

        Raises:
            Invalid: code `provider_refused`, with Meta's words. Unavailable: Meta cannot be reached, or has no time.
        """
        proven = proof(settings) if self.has_proof else {}
        with refusals_told(self.channel, self.account_setting):
            own_id = self._asked("GET", "me", settings, {"fields": self.own_id} | proven).get(self.own_id)
            if own_id != settings[self.account_setting]:
                raise GraphError(Failure(f"the access token is that of {str(own_id)[:64]}", 400))
            fields = {"subscribed_fields": ",".join(self.fields)}
            self._asked("POST", f"{own_id}/subscribed_apps", settings, fields)

    def unregister(self, settings: Mapping[str, Any]) -> None:
        """Subscribe to nothing; raises Invalid, Unavailable."""
        with refusals_told(self.channel, self.account_setting):
            self._asked("DELETE", f"{settings[self.account_setting]}/subscribed_apps", settings, {})

    def _asked(self, method: str, path: str, settings: Mapping[str, Any], params: Mapping[str, str]) -> dict[str, Any]:
        graph = Graph(self.official)
        token, api_base = settings["access_token"], settings.get("api_base")
        try:
            return graph.call(method, path, token=token, api_base=api_base, params=params)
        finally:
            graph.close()
