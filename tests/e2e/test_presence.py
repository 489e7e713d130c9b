"""Presence over the whole stack: told to contacts as people come and go, asked for with heartbeats, hidden where it should be."""

import time

import jwt

from chat4all.clock import ms_of
from tests.e2e.conftest import Join
from tests.e2e.people import DEADLINE_S, Person, ok


async def test_who_writes_with_somebody_in_private_is_told_as_they_come_and_go(join: Join) -> None:
    ana, bob, cy, dan = [await join(name) for name in ("ana", "bob", "cy", "dan")]
    private = await ana.conversation(bob)
    await ana.conversation(bob, cy)
    group = await ana.conversation(cy, dan)
    async with ana.online() as hers, cy.online() as cys:
        async with bob.online() as phone, bob.online():
            came = await hers.event("presence.updated", user_id=bob.id, status="online")
            assert came.keys() == {"type", "time", "data"}
            looked = await hers.request("heartbeat", conversation_id=private)
            (shown,) = looked["data"]["presence"]
            assert (shown["user_id"], shown["status"]) == (bob.id, "online")
            assert 0 < shown["expires_in"] <= 90
            await phone.request("heartbeat")
        gone = await hers.event("presence.updated", user_id=bob.id, status="offline")
        assert gone["data"]["version"] > came["data"]["version"]
        told = [f["data"]["status"] for f in hers.frames if f["type"] == "presence.updated"]
        assert told == ["online", "offline"], "two devices came and went"
        looked = await cys.request("heartbeat", conversation_id=group)
        assert {shown["user_id"]: shown["status"] for shown in looked["data"]["presence"]} == {
            ana.id: "online",
            dan.id: "offline",
        }
        assert not [f for f in cys.frames if f["type"] == "presence.updated"]
    seen = ok(await ana.http.get(f"/v1/users/{bob.id}/presence"), 200)
    assert (seen["status"], seen["last_seen_at"]) == ("offline", gone["data"]["last_seen_at"])


async def test_who_hides_is_hidden_at_once_and_strangers_never_saw_anything(join: Join) -> None:
    ana, bob, eve = [await join(name) for name in ("ana", "bob", "eve")]
    await ana.conversation(bob)
    async with ana.online() as hers:
        ok(await bob.http.post("/v1/presence/heartbeat", json={}), 200)
        await hers.event("presence.updated", user_id=bob.id, status="online")
        ok(await bob.http.patch("/v1/users/me", json={"presence_visibility": "nobody"}), 200)
        hidden = await hers.event("presence.updated", user_id=bob.id, status="hidden")
        assert hidden["data"].keys() == {"user_id", "status", "version"}
    assert ok(await ana.http.get(f"/v1/users/{bob.id}/presence"), 200)["status"] == "hidden"
    assert ok(await bob.http.get(f"/v1/users/{bob.id}/presence"), 200)["status"] == "online"
    assert (await eve.http.get(f"/v1/users/{bob.id}/presence")).status_code == 404


async def test_an_open_connection_goes_on_with_a_new_token(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    async with ana.online() as hers:
        first = ms_of((await hers.request("heartbeat"))["data"]["token_expires_at"])
        renewed = await _ending_later(ana, first)
        answer = await hers.request("heartbeat", token=renewed)
        later = ms_of(answer["data"]["token_expires_at"])
        assert later > first
        refused = await hers.request("heartbeat", token=bob.token)
        assert (refused["error"]["status"], refused["error"]["errors"][0]["pointer"]) == (400, "/data/token")
        assert ms_of((await hers.request("heartbeat"))["data"]["token_expires_at"]) == later


async def test_who_stops_typing_stops_at_once(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    conversation = await ana.conversation(bob)
    async with ana.online() as hers, bob.online() as his:
        await his.request("typing", conversation_id=conversation)
        await hers.event("typing", user_id=bob.id, expires_in=6)
        await his.request("typing", conversation_id=conversation, stopped=True)
        await hers.event("typing", user_id=bob.id, expires_in=0)


async def test_somebody_is_found_by_their_name(join: Join) -> None:
    ana, bob = await join("ana"), await join("bob")
    found = ok(await ana.http.get("/v1/users", params={"username": bob.username.upper()}), 200)
    assert [user["id"] for user in found["items"]] == [bob.id]
    both = ok(await ana.http.get("/v1/users", params={"ids": f"{ana.id},{bob.id}"}), 200)
    assert [user["username"] for user in both["items"]] == [ana.username, bob.username]


async def _ending_later(person: Person, than_ms: int) -> str:
    """A new access token that ends later; ends are whole seconds."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        answer = await person.http.post("/auth/refresh", json={"refresh_token": person.refresh_token})
        person.refresh_token, token = ok(answer, 200)["refresh_token"], str(answer.json()["access_token"])
        if jwt.decode(token, options={"verify_signature": False})["exp"] * 1000 > than_ms:
            return token
    raise AssertionError(f"no token that ends after {than_ms}")
