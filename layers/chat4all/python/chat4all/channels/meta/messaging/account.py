"""What accounts of Messenger and Instagram hold alike, and how Meta is asked whether it takes them.

Where Meta calls is a setting of the app, which a person makes once in the App Dashboard (Webhooks: callback URL, which is
`.../channels/<channel>/<account id>/webhook`, and verify token): no call of a page's or profile's token can make it. What can be
done by that token is done here: whether it is the one of that page or profile, and the subscription to its events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints

from chat4all.channels.fates import ThrottledUntil, TryAgain
from chat4all.channels.meta.errors import GraphError
from chat4all.channels.meta.graph import Graph
from chat4all.channels.meta.messaging.errors import fate_of
from chat4all.errors import FieldError, Invalid, Unavailable
from chat4all.validation import Input

SECRETS = ("access_token", "app_secret", "verify_token")
ScopedId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,32}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,1024}$")]


class MessagingSettings(Input):
    """Settings of an account."""

    access_token: Secret
    app_secret: Secret
    """Of the app, which signs what Meta sends."""
    verify_token: Secret
    """Made up by you, and given in the App Dashboard beside the callback URL."""
    human_agent: bool = False
    """Whether people answer, and Meta has granted the app the Human Agent feature: 7 days for an answer, and not one."""
    api_base: Annotated[str, StringConstraints(max_length=256)] | None = None
    """Stands for Meta's own server: a simulator."""


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

    def register(self, settings: dict[str, Any]) -> None:
        """Check the token, and subscribe to events.

        Raises:
            Invalid: code `provider_refused`, with Meta's words. Unavailable: Meta cannot be reached, or has no time.
        """
        graph = Graph(self.official)
        try:
            own_id = str(self._asked(graph, "GET", "me", settings, {"fields": self.own_id}).get(self.own_id))
            wanted = settings[self.account_setting]
            if own_id != wanted:
                raise _refused(f"/settings/{self.account_setting}", f"the access token is that of {own_id[:64]}")
            params = {"subscribed_fields": ",".join(self.fields)}
            self._asked(graph, "POST", f"{wanted}/subscribed_apps", settings, params)
        except GraphError as error:
            self._explain(error)
        finally:
            graph.close()

    def unregister(self, settings: dict[str, Any]) -> None:
        """Subscribe to nothing; raises Unavailable."""
        graph = Graph(self.official)
        try:
            self._asked(graph, "DELETE", f"{settings[self.account_setting]}/subscribed_apps", settings, {})
        except GraphError as error:
            raise Unavailable(f"{self.channel} was not told: {error.failure.text}") from error
        finally:
            graph.close()

    def _asked(
        self, graph: Graph, method: str, path: str, settings: dict[str, Any], params: dict[str, str]
    ) -> dict[str, Any]:
        token, api_base = settings["access_token"], settings.get("api_base")
        return graph.call(method, path, token=token, api_base=api_base, params=params)

    def _explain(self, error: GraphError) -> None:
        text = error.failure.text
        if isinstance(fate_of(error.failure), TryAgain | ThrottledUntil):
            raise Unavailable(f"{self.channel} cannot be reached: {text}. Nothing was kept.") from error
        pointer = "/settings/access_token" if error.failure.code in _OF_TOKEN else "/settings"
        raise _refused(pointer, f"{self.channel} refuses it: {text}") from error


_OF_TOKEN = frozenset({10, 102, 190, 200})
"""Codes of a token that is wrong, or that may not do this."""


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid(f"{pointer}: {detail}", code="provider_refused", errors=(FieldError(pointer, detail),))
