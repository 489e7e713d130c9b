"""Calls of Instagram's Send API: graph.instagram.com, `POST /{ig_id}/messages`.

Its documentation has no `messaging_type` but for a message with a tag, no `metadata`, and `reply_to` in Messenger's alone
(secondary here).
"""

from typing import TYPE_CHECKING

from chat4all.channels.meta.messaging.send import Api, MessagingSender

if TYPE_CHECKING:
    from chat4all.channels.media import MediaStore

OFFICIAL = "https://graph.instagram.com"
API = Api(
    official=OFFICIAL,
    account_setting="ig_id",
    terms={},
    has_metadata=False,
    name_fields=("name", "username"),
    is_one_name=True,
)


class Sender(MessagingSender):
    """Sends for all professional accounts."""

    def __init__(self, media: "MediaStore") -> None:
        super().__init__(media, API)
