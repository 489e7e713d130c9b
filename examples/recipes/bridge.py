"""A bridge between two groups: what is said in one is said in the other too, in the name of who owns the bridge.

`python examples/recipes/bridge.py URL OWNER PASSWORD GROUP OTHER_GROUP`

The owner is an account of its own that has begun both groups and talks nowhere else: a rule holds in every conversation of
its owner (docs/routing-rules.md), and would carry what these people say there over, too. Who is in both groups hears
everything anyway, and is carried over from neither. What a mirror has said is not mirrored again, so nothing goes round;
who said it first stands in `metadata.mirrored_from`.
"""

import asyncio
import sys

from chat4all_client import Client


async def main(url: str, owner: str, password: str, group: str, other: str) -> None:
    async with Client(url, username=owner, password=password) as client:
        chat = client.operations
        members = {
            each: {member["user_id"] for member in (await chat.get_conversation(each))["members"]}
            for each in (group, other)
        }
        for here, there in ((group, other), (other, group)):
            senders = sorted(members[here] - members[there])
            rule = await chat.create_routing_rule(
                {"name": f"Bridge to {there}", "conditions": {"senders": senders}, "action": {"mirror_to": there}}
            )
            print("rule", rule["id"], here, "->", there)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
