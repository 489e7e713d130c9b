"""Calls of Messenger's Send API: graph.facebook.com, `POST /{page_id}/messages`."""

from typing import TYPE_CHECKING

from chat4all.channels.meta.graph import OFFICIAL
from chat4all.channels.meta.messaging.send import Api, MessagingSender

if TYPE_CHECKING:
    from chat4all.channels.media import MediaStore

API = Api(
    official=OFFICIAL,
    account_setting="page_id",
    terms={"messaging_type": "RESPONSE"},
    has_metadata=True,
    name_fields=("first_name", "last_name"),
    is_one_name=False,
)


class Sender(MessagingSender):
    """Sends for all pages."""

    def __init__(self, media: "MediaStore") -> None:
        super().__init__(media, API)
