"""Two people say hello. `pip install ./clients/python`, then `python examples/quickstart/quickstart.py URL ANA PASSWORD BOB`."""

import asyncio
import sys

from chat4all_client import Client, every


async def main(url: str, username: str, password: str, other: str) -> None:
    async with Client(url, username=username, password=password) as client:
        chat = client.operations
        (user,) = (await chat.find_users(username=other))["items"]
        conversation = await chat.create_conversation({"type": "private", "member_ids": [user["id"]]})
        await chat.send_message({"conversation_id": conversation["id"], "type": "text", "content": "Hello from Python"})
        async for message in every(chat.list_messages, conversation["id"]):
            print(message["seq"], message["content"])


asyncio.run(main(*sys.argv[1:]))
