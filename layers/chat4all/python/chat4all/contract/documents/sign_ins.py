"""Providers by which users sign in."""

from typing import Annotated, Literal

from chat4all.contract.documents.document import Document, Nullable, Time, example
from chat4all.contract.documents.samples import NOW

_GOOGLE = {"provider": "google", "label": "ana@example.com", "linked_at": NOW}


class LinkedSignIn(Document):
    """Somebody at a provider who signs in to the account."""

    model_config = example(_GOOGLE)

    provider: Literal["google", "github"]
    label: Annotated[str | None, Nullable]
    """By which the person knows the account there again: an email at Google, a login at GitHub."""
    linked_at: Time


class SignInList(Document):
    """All ways to sign in to the account."""

    model_config = example({"items": [_GOOGLE], "has_password": True})

    items: list[LinkedSignIn]
    has_password: bool
