"""A support desk: customers write from any channel, one team answers from the app, and routing rules say how answers go.

`python examples/recipes/support_desk.py URL LEAD PASSWORD AGENT [TELEGRAM_ACCOUNT_SETTINGS.json]`

The lead owns the business's account and its rules, so they hold in every conversation that begins there. Who writes to the
account gets a conversation of their own (`inbound: by_contact`), is a guest in it, and needs no account of ours. What they say is
mirrored to the conversation of lead and agent, where both see all of it.
"""

import asyncio
import json
import sys
from pathlib import Path

from chat4all_client import Client, every

NIGHT = {
    "name": "By night nothing leaves the app",
    "conditions": {"hours": {"time_zone": "America/Sao_Paulo", "start": "20:00", "end": "08:00"}, "words": ["fyi"]},
    "action": {"drop": True},
}


def secrets_in(path: str) -> dict[str, str]:
    return dict(json.loads(Path(path).read_text()))


async def main(url: str, lead: str, password: str, agent: str, settings: str | None = None) -> None:
    async with Client(url, username=lead, password=password) as client:
        desk = client.operations
        (agent_user,) = (await desk.find_users(username=agent))["items"]
        archive = await desk.create_conversation({"type": "private", "member_ids": [agent_user["id"]]})
        await desk.create_routing_rule(NIGHT)
        await desk.create_routing_rule(
            {
                "name": "Whoever is asked for their money back is told on every channel they have",
                "conditions": {"words": ["refund", "money back"]},
                "action": {"channels": ["all"]},
            }
        )
        if settings:
            account = await desk.create_account(
                {
                    "channel": "telegram",
                    "name": "Support",
                    "settings": secrets_in(settings),
                    "inbound": {"conversation": "by_contact", "mirror_to": archive["id"]},
                }
            )
            print("account", account["id"])
        draft = {
            "message": {"content": "Your refund is on its way"},
            "recipients": [{"channels": ["in_app", "telegram"]}],
        }
        draft["recipients"][0]["recipient_id"] = agent_user["id"]
        tried = await desk.test_routing_rules(draft)
        print("choice", tried["recipients"][0]["explanation"])
        async for conversation in every(desk.list_conversations):
            if conversation["unread_count"]:
                print("waiting", conversation["id"], conversation["unread_count"])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
