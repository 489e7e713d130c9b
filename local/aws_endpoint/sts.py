"""The one STS operation that clients use to see who they are."""

from aiohttp import web

from local.aws_endpoint.caller import Caller
from local.aws_endpoint.errors import not_offered
from local.aws_endpoint.query_protocol import read_form, result

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


async def handle(request: web.Request, caller: Caller, account_id: str) -> web.Response:
    """GetCallerIdentity: the account, and the access key as the user's id. Raises AwsError for other actions."""
    action = (await read_form(request)).get("Action", "")
    if action != "GetCallerIdentity":
        raise not_offered("sts", f"the action '{action}'")
    who = {"Arn": f"arn:aws:iam::{account_id}:root", "UserId": caller.access_key, "Account": account_id}
    return result(action, _NAMESPACE, who)
