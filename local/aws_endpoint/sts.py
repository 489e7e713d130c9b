"""The one STS operation that clients use to see who they are."""

import uuid
from urllib.parse import parse_qs

from aiohttp import web

from local.aws_endpoint.caller import Caller
from local.aws_endpoint.errors import not_offered


async def handle(request: web.Request, caller: Caller, account_id: str) -> web.Response:
    """GetCallerIdentity: the account, and the access key as the user's id. Raises AwsError for other actions."""
    action = parse_qs(await request.text()).get("Action", [""])[0] or request.query.get("Action", "")
    if action != "GetCallerIdentity":
        raise not_offered("sts", f"the action '{action}'")
    text = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>arn:aws:iam::{account_id}:root</Arn><UserId>{caller.access_key}</UserId><Account>{account_id}</Account>"
        f"</GetCallerIdentityResult><ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    )
    return web.Response(text=text, content_type="text/xml")
