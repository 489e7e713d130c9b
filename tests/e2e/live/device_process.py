"""A program that uses the live client, to be killed: it takes commands as lines of JSON and says what it took on."""

import asyncio
import contextlib
import json
import os
import sys
from typing import Any

from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.live import LiveClient, MessagesChanged
from chat4all_client.sign_in import SignIn, Tokens

Json = dict[str, Any]


async def main() -> None:
    """Until standard input ends, and everything is done then."""
    settings = json.loads(os.environ["DEVICE"])
    sign_in = SignIn(Tokens(settings["token"]))
    doing: set[asyncio.Task[None]] = set()
    async with LiveClient.open(settings["http"], settings["websocket"], settings["store"], sign_in) as live:
        listening = asyncio.create_task(_listen(live))
        await asyncio.sleep(0)
        while line := await asyncio.to_thread(sys.stdin.readline):
            command = json.loads(line)
            if command["do"] == "send":
                await _sent(live, command)
            elif command["do"] == "settle":
                await _settled(live)
                _say({"settled": command["number"], "marks": await _marks(live)})
            else:
                task = asyncio.create_task(_done(live, command))
                doing.add(task)
                task.add_done_callback(doing.discard)
        listening.cancel()


async def _sent(live: LiveClient, command: Json) -> None:
    """A command may come again after a kill, with its id: whether the first was kept is not known to who gave it."""
    with contextlib.suppress(ValueError):
        await live.send(command["conversation_id"], command["text"], message_id=command["message_id"])


async def _listen(live: LiveClient) -> None:
    """Say which messages have arrived: they were answered, or came back as events."""
    async for event in live.events():
        if not isinstance(event, MessagesChanged):
            continue
        for message_id in event.unsent:
            shown = await live.message(message_id)
            if shown is None or shown.get("local") != "sending":
                _say({"sent": message_id})
        for message in event.messages.values():
            if message["sender_id"] == live.user_id:
                _say({"sent": message["message_id"]})


async def _done(live: LiveClient, command: Json) -> None:
    """Something about one of the newest messages that are held, chosen by a number."""
    messages = [m for m in await live.messages(command["conversation_id"], 30) if "seq" in m]
    own = [m for m in messages if m["sender_id"] == live.user_id and "deleted_at" not in m]
    chosen = own if command["do"] in ("edit", "unsend") else messages
    if not chosen:
        return
    message = chosen[command["number"] % len(chosen)]
    try:
        match command["do"]:
            case "edit":
                await live.edit(message["message_id"], f"edited {command['number']}")
            case "unsend":
                await live.unsend(message["message_id"])
            case "react":
                await live.react(message["message_id"], "👍", remove=command["number"] % 3 == 0)
            case "read":
                await live.read(command["conversation_id"], message["seq"])
    except (ApiError, Unreachable) as error:
        print(f"{command['do']}: {error}", file=sys.stderr)  # such as an edit of what was unsent meanwhile


async def _settled(live: LiveClient) -> None:
    """All is sent and held, and the server knows what was received."""
    while live.state != "live" or await _is_waiting(live):
        await asyncio.sleep(0.2)
    for conversation in await live.conversations():
        while await live.older(conversation["id"], 100):
            pass
        await live.conversation(conversation["id"], fresh=True)


async def _marks(live: LiveClient) -> Json:
    """{conversation id: {user id: [delivered, read]}}."""
    return {
        one["id"]: {
            user_id: [member["delivered_seq"], member["read_seq"]] for user_id, member in one["members"].items()
        }
        for one in await live.conversations()
    }


async def _is_waiting(live: LiveClient) -> bool:
    for conversation in await live.conversations():
        if any(m.get("local") == "sending" for m in await live.messages(conversation["id"], 1)):
            return True
    return False


def _say(line: Json) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
