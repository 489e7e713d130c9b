"""Signing keys of access tokens: the first at deployment (Custom::SigningKeys), the next and their turns each hour."""

from typing import Any

import chat4all.key_rotation  # noqa: F401 - loaded in the init phase
from chat4all import custom_resource
from chat4all.bootstrap import app
from chat4all.logs import logger
from chat4all.observed import observed


@observed("signing_keys")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The published keys after what was due; as CloudFormation's answer where it has asked."""
    if "ResponseURL" not in event:
        return {"keys": app().key_rotation.advance()}
    failure = None
    try:
        if event["RequestType"] != "Delete":
            app().key_rotation.advance()
    except Exception as error:
        logger.exception("signing keys not made")
        failure = f"{type(error).__name__}: {error}"
    document = custom_resource.answer(event, "signing-keys", failure, {})
    custom_resource.send(event["ResponseURL"], document)
    return document
