"""A notification: in the app first, and over WhatsApp when it has not arrived in the app after a wait.

`python examples/recipes/notifications.py URL SENDER PASSWORD RECIPIENT TEXT [WAIT_SECONDS]`

The sender is an account of its own, that of the business which also has the account on WhatsApp. Its one rule holds for what it
says, to whomever. Who is to be reached over WhatsApp has linked their number, which is their consent: `chat4all identities link
whatsapp NUMBER --account ACCOUNT`, then `verify` with the code that came. Others get it in the app only, and that is said here.
More than 24 hours after they last wrote WhatsApp takes only a template: name one in the account's settings (docs/whatsapp.md).
"""

import asyncio
import sys

from chat4all_client import Client, Operations, every

NAME = "App first, then WhatsApp"
HOLDS_WITHIN_S = 10.0  # docs/routing-rules.md
LOOK_EVERY_S = 1.0


async def ruled(chat: Operations, wait_s: int) -> None:
    """Have the rule as it is wanted, and in force: it is made, or changed, at the first call only."""
    action = {"fallback": {"chain": ["in_app", "whatsapp"], "wait_s": wait_s}}
    found = [rule async for rule in every(chat.list_routing_rules) if rule["name"] == NAME]
    if found and found[0]["action"] == action:
        return
    if found:
        await chat.update_routing_rule(found[0]["id"], {"action": action})
    else:
        senders = [(await chat.get_me())["id"]]
        await chat.create_routing_rule({"name": NAME, "conditions": {"senders": senders}, "action": action})
    await asyncio.sleep(HOLDS_WITHIN_S)


async def main(url: str, sender: str, password: str, recipient: str, text: str, wait: str = "30") -> None:
    async with Client(url, username=sender, password=password) as client:
        chat = client.operations
        await ruled(chat, int(wait))
        (user,) = (await chat.find_users(username=recipient))["items"]
        # One conversation for all notifications to somebody: the same key makes it once.
        whom = {"type": "private", "member_ids": [user["id"]]}
        conversation = await chat.create_conversation(whom, key=f"notifications:{user['id']}")
        sent = await chat.send_message({"conversation_id": conversation["id"], "type": "text", "content": text})
        print("message", sent["message_id"])
        await told(chat, sent["message_id"])


async def told(chat: Operations, message_id: str) -> None:
    """Print each step of the way, until the message has arrived or there is no further one."""
    shown = ""
    while True:
        (recipient,) = (await chat.get_message_status(message_id))["recipients"]
        steps = recipient["fallback"]["chain"] if "fallback" in recipient else []
        way = ", then ".join(f"{step['channel']}: {step['status']}" for step in steps)
        is_routed = bool(steps) or recipient["status"] != "accepted"
        if is_routed and shown != (way := way or "in_app only: no number is linked"):
            print(shown := way, flush=True)
        if is_routed and not any(step["status"] in ("accepted", "waiting") for step in steps):
            return
        await asyncio.sleep(LOOK_EVERY_S)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
