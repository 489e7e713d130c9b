"""The Graph API around messages: versions, tokens, objects, media, profiles, and the faults of the settings."""

import hmac
import io
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from local.simulators import Simulators
from tests.local.simulators.graph.conftest import CHANNELS, SECRET, Hook, Line, Talk, make_account

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.mark.parametrize("channel", CHANNELS)
async def test_versions_and_tokens(talk: Talk, channel: str) -> None:
    line = await talk(channel)
    token = line.account["access_token"]
    path = f"{line.account['id']}/messages"
    cases: list[tuple[str, dict[str, str], int, int]] = [
        (f"v27.0/{path}", {"Authorization": f"Bearer {token}"}, 400, 2500),
        (path, {"Authorization": f"Bearer {token}"}, 400, 2500),
        (f"v26.0/{path}", {}, 400, 104),
        (f"v26.0/{path}", {"Authorization": "Bearer wrong"}, 401, 190),
        ("v26.0/12345/messages", {"Authorization": f"Bearer {token}"}, 400, 100),
        (f"v26.0/{line.account['id']}/feed", {"Authorization": f"Bearer {token}"}, 400, 100),
    ]
    for target, headers, status, code in cases:
        found, answer = await line.call("POST", f"{line.url}/graph/{target}", line.text(), headers=headers)
        assert (found, answer["error"]["code"]) == (status, code), target
        assert answer["error"]["fbtrace_id"]
    for query in (f"v19.0/{path}?access_token={token}", f"v26.0/me/messages?access_token={token}"):
        status, answer = await line.call("POST", f"{line.url}/graph/{query}", line.text())
        assert status == 200, answer


async def test_the_proof_of_the_app_s_secret(talk: Talk) -> None:
    line = await talk("messenger")
    good = hmac.digest(SECRET.encode(), line.account["access_token"].encode(), "sha256").hex()
    for proof, status in ((good, 200), (good[::-1], 400)):
        assert (await line.post(line.text(appsecret_proof=proof)))[0] == status


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
async def test_bodies_that_are_no_objects(talk: Talk, body: bytes) -> None:
    line = await talk("whatsapp")
    headers = {"Authorization": f"Bearer {line.account['access_token']}", "Content-Type": "application/json"}
    url = f"{line.url}/graph/v26.0/{line.account['id']}/messages"
    async with line.http.post(url, data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (400, 100)


async def _upload(line: Line, data: bytes, mime_type: str, **more: str) -> tuple[int, Any]:
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime_type} | more)
    form.add_field("file", io.BytesIO(data), filename="a.bin", content_type=mime_type)
    headers = {"Authorization": f"Bearer {line.account['access_token']}"}
    async with line.http.post(
        f"{line.url}/graph/v26.0/{line.account['id']}/media", data=form, headers=headers
    ) as response:
        return response.status, await response.json()


async def test_media_up_and_down(talk: Talk) -> None:
    line = await talk("whatsapp")
    status, uploaded = await _upload(line, PNG, "image/png")
    assert (status, uploaded.keys()) == (200, {"id"})
    _, media = await line.graph("GET", uploaded["id"])
    assert media.keys() == {"messaging_product", "url", "mime_type", "sha256", "file_size", "id"}
    assert (media["mime_type"], media["file_size"]) == ("image/png", len(PNG))
    headers = {"Authorization": f"Bearer {line.account['access_token']}"}
    async with line.http.get(media["url"], headers=headers) as response:
        assert (response.status, await response.read()) == (200, PNG)
    for url, given, wanted in (
        (media["url"], {}, 401),
        (media["url"].replace("hash=", "hash=0"), headers, 404),
        (media["url"].replace("ext=", "ext=1"), headers, 404),
    ):
        async with line.http.get(url, headers=given) as response:
            assert response.status == wanted
    image = {
        "messaging_product": "whatsapp",
        "to": line.person["phone_number"],
        "type": "image",
        "image": {"id": uploaded["id"]},
    }
    await line.sends(image)
    assert await line.graph("DELETE", uploaded["id"]) == (200, {"success": True})
    assert (await line.graph("GET", uploaded["id"]))[1]["error"]["error_subcode"] == 33
    assert (await line.refused(image))["code"] == 131009


@pytest.mark.parametrize(
    ("data", "mime_type", "more", "words"),
    [
        (PNG, "image/gif", {}, "must be a file with one of the following types"),
        (PNG + b"0" * 5 * 1024 * 1024, "image/png", {}, "Invalid parameter"),
        (b"0" * 101 * 1024, "image/webp", {}, "Invalid parameter"),
        (PNG, "image/png", {"messaging_product": "sms"}, "messaging_product"),
        (PNG, "image/png", {"color": "red"}, "Unexpected key"),
        (b"", "image/png", {}, "empty"),
    ],
)
async def test_uploads_that_are_refused(
    talk: Talk, data: bytes, mime_type: str, more: dict[str, str], words: str
) -> None:
    status, answer = await _upload(await talk("whatsapp"), data, mime_type, **more)
    assert (status, answer["error"]["code"]) == (400, 100)
    assert words in answer["error"]["message"]


async def test_media_of_people_is_the_account_s_alone(talk: Talk, hook: Hook, simulators: Simulators) -> None:
    line = await talk("whatsapp")
    media_id = await line.uploads(PNG, "image/png", "a.png")
    await line.does(media={"media_id": media_id, "type": "image", "caption": "look"})
    image = (await hook.having("messages", 2))[1]["image"]
    assert (await line.graph("GET", image["id"]))[1]["file_size"] == len(PNG)
    other = await make_account(line.http, simulators.url, "whatsapp", None)
    assert (await other.graph("GET", image["id"]))[0] == 400


async def test_nodes_and_their_fields(talk: Talk) -> None:
    wanted = {"whatsapp": "display_phone_number", "messenger": "name", "instagram": "username"}
    for channel, name in wanted.items():
        line = await talk(channel)
        status, node = await line.graph("GET", f"{line.account['id']}?fields={name}")
        assert (status, node.keys()) == (200, {name, "id"})
        status, answer = await line.graph("GET", "me?fields=shoe_size")
        assert (status, answer["error"]["code"]) == (400, 100)
        if channel != "whatsapp":
            _, profile = await line.graph("GET", f"{line.person['id']}?fields=name,profile_pic")
            assert profile == {"name": "Ann Lee", "id": line.person["id"]}
            stranger = await line.new_person()
            assert (await line.graph("GET", stranger.person["id"]))[1]["error"]["error_subcode"] == 33


@pytest.mark.parametrize("channel", CHANNELS)
async def test_faults(talk: Talk, channel: str) -> None:
    line = await talk(channel)
    await line.settings(server_error=1)
    error = await line.refused(line.text())
    assert (error["status"] >= 500, error["code"], error["is_transient"]) == (True, 2, True)
    await line.settings(server_error=0, too_many=1)
    error = await line.refused(line.text())
    assert error["code"] == (130429 if channel == "whatsapp" else 613)
    await line.settings(too_many=0, timeout=1, timeout_s=0)
    with pytest.raises(aiohttp.ClientError):
        await line.post(line.text("never"))
    await line.settings(timeout=0, lost_answer=1)
    with pytest.raises(aiohttp.ClientError):
        await line.post(line.text("accepted"))
    await line.settings(lost_answer=0)
    assert [one["text"] for one in await line.messages()] == ["hi", "accepted"]


async def test_the_same_seed_gives_the_same_faults(talk: Talk) -> None:
    line = await talk("messenger")

    async def outcomes() -> list[int]:
        await line.settings(seed=42, server_error=0.5)
        return [(await line.post(line.text()))[0] for _ in range(20)]

    first = await outcomes()
    assert set(first) == {200, 500}
    assert await outcomes() == first


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("PUT", "/settings", {"duplicates": 2}, "from 0 to 1"),
        ("PUT", "/settings", {"rate_limits": 1}, "true or false"),
        ("PUT", "/settings", {"batch": 1.5}, "whole number"),
        ("PUT", "/settings", {"speed": 1}, "no such setting"),
        ("PUT", "/settings", {"refusals": "never"}, "one of status, answer"),
        ("POST", "/accounts", {"channel": "sms", "name": "x"}, "channel must be one of"),
        ("POST", "/accounts", {"channel": "messenger"}, "name must be"),
        ("POST", "/accounts", {"channel": "messenger", "name": "x", "id": "abc"}, "digits"),
        ("POST", "/accounts", {"channel": "whatsapp", "name": "x", "throughput": 0}, "throughput"),
        ("POST", "/people", {"channel": "whatsapp", "name": "x", "user_id": "1"}, "user_id must look like"),
        ("POST", "/people", {"channel": "whatsapp", "name": "x", "phone_number": "one"}, "phone_number must be"),
        ("PATCH", "/people/none", {"name": "x"}, "no such person"),
        ("POST", "{chat}/messages", {}, "one of text"),
        ("POST", "{chat}/messages", {"text": " "}, "text must be"),
        ("POST", "{chat}/messages", {"text": "x", "location": {}}, "one of text"),
        ("POST", "{chat}/messages", {"story_mention": {}}, "has no such message"),
        ("POST", "{chat}/messages", {"media": {"media_id": "0", "type": "image"}}, "no such upload"),
        ("POST", "{chat}/messages", {"media": {"type": "hologram"}}, "media.type"),
        ("POST", "{chat}/messages", {"location": {"latitude": 91, "longitude": 0}}, "latitude"),
        ("POST", "{chat}/messages", {"text": "x", "reply_to": "none"}, "reply_to"),
        ("PATCH", "{chat}/messages/none", {"text": "x"}, "no such message"),
        ("POST", "/accounts/{account}/templates", {"name": "Bad Name", "components": []}, "lower-case"),
        ("POST", "/accounts/{account}/templates", {"name": "good", "components": []}, "BODY"),
    ],
)
async def test_bad_input_of_phones_says_what_is_wrong(
    whatsapp: Line, method: str, path: str, body: dict[str, Any], words: str
) -> None:
    url = path.replace("{account}", whatsapp.account["id"])
    url = url.replace("{chat}", whatsapp.chat) if "{chat}" in path else whatsapp.phones + url
    status, answer = await whatsapp.call(method, url, body)
    assert status in (400, 404, 409)
    assert words in answer["error"]


async def test_another_site_cannot_write(whatsapp: Line) -> None:
    headers = {"Content-Type": "text/plain"}
    async with whatsapp.http.post(f"{whatsapp.phones}/people", data='{"name": "Eve"}', headers=headers) as response:
        assert response.status == 415


async def test_changes_come_live_and_resume(whatsapp: Line, files: Callable[[str, bytes], str]) -> None:
    mine = (await whatsapp.messages())[0]
    url = f"{whatsapp.phones}/people/{whatsapp.person['id']}/events"
    async with whatsapp.http.get(url, headers={"Last-Event-ID": str(mine["revision"])}) as response:
        await response.content.readline()
        sent = await whatsapp.sends(whatsapp.text("live"))
        while True:
            line = (await response.content.readline()).decode()
            if line.startswith("data:") and sent in line:
                break
    assert '"text": "live"' in line
