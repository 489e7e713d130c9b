"""The edges of Messenger's pages and Instagram's profiles: what they take, answer and refuse (providers.md)."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from local.simulators.buckets import Limit
from local.simulators.graph.messaging_send import RATES
from tests.local.simulators.graph.conftest import Hook, Line

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
MB = 1024 * 1024


@pytest.fixture(params=["messenger", "instagram"])
def line(request: pytest.FixtureRequest, messenger: Line, instagram: Line) -> Line:
    """Both channels, side by side at one simulator."""
    return {"messenger": messenger, "instagram": instagram}[request.param]


async def test_a_text_is_answered_shown_and_echoed(line: Line, hook: Hook) -> None:
    status, answer = await line.post(line.text("good day"))
    assert status == 200
    assert answer.keys() == {"recipient_id", "message_id"}
    assert answer["recipient_id"] == line.person["id"]
    assert (await line.messages())[-1]["text"] == "good day"

    def of_line(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for one in events if one.get("message", {}).get("is_echo")]

    echo = of_line(await hook.until(lambda events: len(of_line(events)) == 1))[0]
    assert echo["message"]["mid"] == answer["message_id"]
    assert echo["sender"] == {"id": line.account["id"]}


async def test_messenger_tells_deliveries_and_reads_by_watermark(messenger: Line, hook: Hook) -> None:
    sent = [await messenger.sends(messenger.text(str(n))) for n in range(3)]
    deliveries = await hook.having("delivery", 3)
    assert [one["mids"] for one in deliveries] == [[mid] for mid in sent]
    last = (await messenger.messages())[-1]
    assert await messenger.done("POST", f"{messenger.chat}/read") == {"read": 3}
    assert await hook.having("read") == [{"watermark": last["at"]}]


async def test_instagram_tells_reads_by_message_and_no_deliveries(instagram: Line, hook: Hook) -> None:
    sent = [await instagram.sends(instagram.text(str(n))) for n in range(2)]
    assert await instagram.done("POST", f"{instagram.chat}/read", {"up_to": sent[0]}) == {"read": 1}
    assert await hook.having("read") == [{"mid": sent[0]}]
    assert not [one for one in hook.events() if "delivery" in one]


async def test_an_offline_phone_gets_it_later(messenger: Line, hook: Hook) -> None:
    url = f"{messenger.phones}/people/{messenger.person['id']}"
    await messenger.done("PATCH", url, {"online": False})
    sent = [await messenger.sends(messenger.text(str(n))) for n in range(2)]
    assert [one["status"] for one in await messenger.messages()][1:] == ["sent", "sent"]
    await messenger.done("PATCH", url, {"online": True})
    assert (await hook.having("delivery"))[0]["mids"] == sent


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"message": {"text": ""}}, 100, "non-empty"),
        ({"message": {}}, 100, "exactly one of text and attachment"),
        (
            {"message": {"text": "x", "attachment": {"type": "image", "payload": {"url": "http://x/y"}}}},
            100,
            "exactly one",
        ),
        ({"message": {"text": "x", "color": 1}}, 100, 'Unexpected key "color" on param "message"'),
        ({"sender_action": "typing_on"}, 100, "Cannot send both message and state"),
        ({"recipient": {"id": "1"}}, 100, "No matching user found"),
        ({"recipient": {}}, 100, "recipient['id'] is required"),
        ({"to": "me"}, 100, 'Unexpected key "to"'),
        ({"tag": "ACCOUNT_UPDATE"}, 100, "tag must be one of {HUMAN_AGENT}"),
        ({"reply_to": {"mid": "nothing"}}, 100, "reply_to['mid']"),
        (
            {"message": {"attachment": {"type": "image", "payload": {"url": "http://127.0.0.1:1/x.png"}}}},
            100,
            "Failed to fetch",
        ),
        ({"message": {"text": "?", "quick_replies": [{"content_type": "text"}]}}, 100, "quick_replies"),
        (
            {"message": {"attachment": {"type": "template", "payload": {"template_type": "button", "text": "?"}}}},
            100,
            "buttons is required",
        ),
    ],
)
async def test_refused(line: Line, change: dict[str, Any], code: int, words: str) -> None:
    error = await line.refused(line.text() | change)
    assert (error["code"], error["status"]) == (code, 400)
    assert words in error["message"]


async def test_limits_of_text(messenger: Line, instagram: Line) -> None:
    await messenger.sends(messenger.text("ж" * 2000))
    assert "2000" in (await messenger.refused(messenger.text("ж" * 2001)))["message"]
    await instagram.sends(instagram.text("ж" * 500))
    assert "1000" in (await instagram.refused(instagram.text("ж" * 501)))["message"]


async def test_messenger_needs_a_messaging_type(messenger: Line) -> None:
    body = messenger.text()
    del body["messaging_type"]
    assert "messaging_type is required" in (await messenger.refused(body))["message"]
    assert "MESSAGE_TAG" in (await messenger.refused(messenger.text(tag="HUMAN_AGENT")))["message"]


async def test_windows(line: Line) -> None:
    await line.settings(window_s=0, human_agent_s=3600)
    error = await line.refused(line.text())
    assert (error["code"], error["error_subcode"]) == (10, 2018278)
    agent = {"tag": "HUMAN_AGENT"}
    agent |= {"messaging_type": "MESSAGE_TAG"} if line.account["channel"] == "messenger" else {}
    await line.sends(line.text(**agent))
    await line.settings(human_agent_s=0)
    assert (await line.refused(line.text(**agent)))["code"] == 10


async def test_who_cannot_be_reached(line: Line) -> None:
    stranger = await line.new_person(name="Bob")
    error = await line.refused(stranger.text())
    assert (error["code"], error["error_subcode"]) == (100, 2018001)
    await line.done("PUT", f"{line.chat}/block")
    error = await line.refused(line.text())
    assert (error["code"], error["message"]) == (551, "(#551) This person isn't available right now.")
    await line.done("DELETE", f"{line.chat}/block")
    await line.sends(line.text())


async def test_rates(messenger: Line, files: Callable[[str, bytes], str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert RATES["messenger"] == {"text": Limit(300, 300), "media": Limit(10, 10)}
    assert RATES["instagram"] == {"text": Limit(100, 100), "media": Limit(10, 10)}
    monkeypatch.setitem(RATES["messenger"], "media", Limit(0.001, 2))
    await messenger.settings(rate_limits=True)
    upload = {"message": {"attachment": {"type": "image", "payload": {"url": files("image/png", PNG)}}}}
    status, uploaded = await messenger.post(upload, "message_attachments")
    assert status == 200
    again = messenger.text(message={"attachment": {"type": "image", "payload": uploaded}})
    answers = [await messenger.post(again) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 400]
    error = answers[-1][1]["error"]
    assert (error["code"], error["message"]) == (613, "(#613) Calls to this api have exceeded the rate limit.")
    await messenger.sends(messenger.text())


async def test_actions_and_reactions(line: Line) -> None:
    mine = (await line.messages())[0]
    recipient = {"recipient": {"id": line.person["id"]}}
    for action in ("typing_on", "typing_off", "mark_seen"):
        assert await line.post({**recipient, "sender_action": action}) == (200, {"recipient_id": line.person["id"]})
    assert (await line.messages())[0]["status"] == "read"
    payload = {"message_id": mine["id"], "reaction": "love"}
    await line.post({**recipient, "sender_action": "react", "payload": payload})
    assert (await line.messages())[0]["reactions"] == {"account": "❤️"}
    await line.post({**recipient, "sender_action": "unreact", "payload": {"message_id": mine["id"]}})
    assert (await line.messages())[0]["reactions"] == {}
    wrong = {**recipient, "sender_action": "react", "payload": payload | {"reaction": "hate"}}
    assert (await line.refused(wrong))["code"] == 100
    assert (await line.refused({**recipient, "sender_action": "jump"}))["code"] == 100


async def test_quick_replies_and_buttons_are_pressed(line: Line, hook: Hook) -> None:
    quick = {"text": "Tea?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "tea:yes"}]}
    asked = await line.sends(line.text(message=quick))
    await line.done("POST", f"{line.chat}/messages/{asked}/press", {"button": "tea:yes"})
    template = {
        "template_type": "button",
        "text": "?",
        "buttons": [{"type": "postback", "title": "Go", "payload": "go"}],
    }
    asked = await line.sends(line.text(message={"attachment": {"type": "template", "payload": template}}))
    await line.done("POST", f"{line.chat}/messages/{asked}/press", {"button": "go"})
    assert await hook.having("postback") == [{"title": "Go", "payload": "go"}]
    replies = [one["message"] for one in hook.events() if one.get("message", {}).get("quick_reply")]
    assert [(one["text"], one["quick_reply"]) for one in replies] == [("Yes", {"payload": "tea:yes"})]
    status, _ = await line.call("POST", f"{line.chat}/messages/{asked}/press", {"button": "stop"})
    assert status == 400


@pytest.mark.parametrize(
    ("channel", "kind", "mime_type", "size", "subcode"),
    [
        ("messenger", "image", "image/png", 1000, None),
        ("messenger", "file", "application/zip", 1000, None),
        ("messenger", "image", "text/html", 1000, 2018047),
        ("messenger", "video", "video/mp4", 25 * MB + 1, 2018109),
        ("instagram", "image", "image/png", 1000, None),
        ("instagram", "file", "application/pdf", 1000, None),
        ("instagram", "file", "application/zip", 1000, 2018047),
        ("instagram", "image", "image/png", 8 * MB + 1, 2018109),
    ],
)
async def test_files_by_link(
    messenger: Line,
    instagram: Line,
    files: Callable[[str, bytes], str],
    *,
    channel: str,
    kind: str,
    mime_type: str,
    size: int,
    subcode: int | None,
) -> None:
    line = {"messenger": messenger, "instagram": instagram}[channel]
    body = line.text(message={"attachment": {"type": kind, "payload": {"url": files(mime_type, b"0" * size)}}})
    if subcode is not None:
        assert (await line.refused(body))["error_subcode"] == subcode
        return
    await line.sends(body)
    shown = (await line.messages())[-1]
    assert (shown["type"], shown["media"]["mime_type"], shown["media"]["size"]) == (kind, mime_type, size)


async def test_a_form_with_the_file_itself(messenger: Line) -> None:
    form = aiohttp.FormData()
    form.add_field("recipient", f'{{"id": "{messenger.person["id"]}"}}')
    form.add_field("messaging_type", "RESPONSE")
    form.add_field("message", '{"attachment": {"type": "image", "payload": {"is_reusable": true}}}')
    form.add_field("filedata", PNG, filename="a.png", content_type="image/png")
    url = f"{messenger.url}/graph/v26.0/me/messages?access_token={messenger.account['access_token']}"
    async with messenger.http.post(url, data=form) as response:
        assert response.status == 200, await response.text()
        assert "attachment_id" in await response.json()
    assert (await messenger.messages())[-1]["media"]["size"] == len(PNG)


async def test_several_images_are_one_message(line: Line, files: Callable[[str, bytes], str]) -> None:
    images = [{"type": "image", "payload": {"url": files("image/png", PNG)}} for _ in range(3)]
    await line.sends(line.text(message={"attachments": images}))
    assert len((await line.messages())[-1]["items"]) == 3
    most = 10 if line.account["channel"] == "instagram" else 30
    error = await line.refused(line.text(message={"attachments": images[:1] * (most + 1)}))
    assert error["code"] == 100
    pdf = {"type": "file", "payload": {"url": files("application/pdf", b"%PDF-1.7 ")}}
    assert (await line.refused(line.text(message={"attachments": [*images, pdf]})))["code"] == 100
