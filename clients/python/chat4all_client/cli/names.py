"""People and conversations by their names, where the API takes ids."""

import re

from chat4all_client.api import Api, every
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.operations import Operations

_LOOKED_AT = 100
"""Private conversations, newest activity first, in which somebody is looked for."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """Whether it is an id of the API: a UUID in lower case."""
    return bool(_ID.fullmatch(text))


async def user_id_of(api: Api, user: str) -> str:
    """The id of a user who is given by id, by name, or as `me`. Raises WrongUse: nobody has that name."""
    if is_id(user):
        return user
    if user == "me":
        return (await Operations(api).get_me())["id"]
    found = await Operations(api).find_users(username=user.removeprefix("@"))
    for each in found["items"]:
        return each["id"]
    raise WrongUse(f"There is no user {user!r}")


async def conversation_id_of(api: Api, name: str) -> str:
    """The id of a conversation that is given by id, by title, or by the name of who one talks to in private.

    Raises:
        WrongUse: there is none, or several have that title.
    """
    if is_id(name):
        return name
    listed = [each async for each in every(Operations(api).list_conversations, limit=100)]
    found = [each["id"] for each in listed if (each["title"] or "").casefold() == name.casefold()]
    if len(found) > 1:
        raise WrongUse(f"{len(found)} conversations are called {name!r}: {', '.join(found)}")
    if found:
        return str(found[0])
    private = [each["id"] for each in listed if each["type"] == "private"][:_LOOKED_AT]
    try:
        user_id = await user_id_of(api, name)
    except WrongUse:
        user_id = ""
    for conversation_id in private if user_id else ():
        members = (await Operations(api).get_conversation(conversation_id))["members"]
        if user_id in {member["user_id"] for member in members}:
            return str(conversation_id)
    raise WrongUse(f"There is no conversation {name!r}: `chat4all conversations list` shows their ids")
