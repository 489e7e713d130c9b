"""A notification: in the app first, and over WhatsApp when it has not been read or received there after a wait.

`python examples/recipes/notifications.py URL SENDER PASSWORD RECIPIENT TEXT [WAIT_SECONDS]`

The rule is made once; each send only says what is to be said. `/status` tells which way the message went in the end.
"""

import asyncio
import sys

from chat4all_client import Client, every

NAME = "App first, then WhatsApp"


async def main(url: str, sender: str, password: str, recipient: str, text: str, wait: str = "30") -> None:
    async with Client(url, username=sender, password=password) as client:
        chat = client.operations
        (user,) = (await chat.find_users(username=recipient))["items"]
        rules = [rule async for rule in every(chat.list_routing_rules) if rule["name"] == NAME]
        if not rules:
            await chat.create_routing_rule(
                {
                    "name": NAME,
                    "conditions": {"recipients": [user["id"]]},
                    "action": {"fallback": {"chain": ["in_app", "whatsapp"], "wait_s": int(wait)}},
                }
            )
        conversation = await chat.create_conversation({"type": "private", "member_ids": [user["id"]]})
        sent = await chat.send_message({"conversation_id": conversation["id"], "type": "text", "content": text})
        status = await chat.get_message_status(sent["message_id"])
        print(sent["message_id"], status["status"])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
