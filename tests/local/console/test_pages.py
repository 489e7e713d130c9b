"""The console's pages in a real browser. A page that logs an error, such as a breach of its CSP, fails its test."""

import json

import pytest
from websockets.sync.client import connect

from tests.local.console.browser import Page
from tests.local.console.served import Served, until

pytestmark = pytest.mark.engines

HOSTILE = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"


def test_the_overview_shows_the_stack_and_goes_on_by_itself(page: Page, console: Served) -> None:
    page.until_text("SeaweedFS")
    text = page.until_text("OrdersFunction")
    assert "Apache Kafka" in text
    assert console.endpoints.http_url in text
    count = (
        "[...document.querySelectorAll('tr')].find((row) => row.innerText.includes('EchoFunction')).cells[2].innerText"
    )
    before = int(page.run(count))
    console.invoke({"body": "seen"})
    until(lambda: int(page.run(count)) == before + 1)


def test_every_page_shows_itself_in_light_dark_and_narrow(page: Page, console: Served) -> None:
    views = {
        "/functions": "EchoFunction", "/functions/shop-EchoFunction": "Event sources", "/invocations": "Started",
        "/topics": "Mappings", "/topics/orders": "newest first", "/routes": "/echo/{name}", "/connections": "Nobody is connected",
        "/tables": "OrdersTable", "/tables/orders": "Schema", "/buckets": "photos", "/buckets/photos": "photos",
    }  # fmt: skip
    for path, wanted in views.items():
        page.go(console.origin + path)
        page.until_text(wanted)
        colours = set()
        for dark, width in ((False, 1440), (True, 1440), (False, 400)):
            page.look(dark=dark, width=width)
            assert wanted in page.text()
            assert page.run("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the window"
            colours.add(page.run("getComputedStyle(document.body).backgroundColor"))
        assert len(colours) == 2


def test_hostile_text_is_shown_and_does_nothing(page: Page, console: Served) -> None:
    ran = console.invoke({"body": HOSTILE, HOSTILE: [HOSTILE]})
    console.invoke({"fail": HOSTILE})
    console.post(
        "/api/topics/notes/records", {"key": HOSTILE, "value": HOSTILE, "headers": [{"name": "h", "value": HOSTILE}]}
    )
    for path in ("/", "/functions/shop-EchoFunction", f"/invocations/{ran['request_id']}", "/topics/notes"):
        page.go(console.origin + path)
        page.until_text("<img src=x")
        assert page.run("document.querySelectorAll('main img, main script').length") == 0
    assert "owned" not in page.run("document.title")


def test_an_invocation_is_opened_and_replayed_with_another_event(page: Page, console: Served) -> None:
    console.invoke({"body": "the first body", "number": 12345678901234567890})
    page.go(f"{console.origin}/invocations?text=the+first+body")
    page.until_text("EchoFunction", ".table")
    page.press("j")
    page.press("Enter")
    page.until_text("12345678901234567890")
    page.until_text("decoded JSON")
    page.click("Replay")
    page.until_text("The answer is the same.")
    page.click("Edit the event first")
    page.write("textarea", '{"body": "another body"')
    page.until_text("No JSON")
    page.write("textarea", '{"body": "another body"}')
    page.click("Replay this event")
    page.until_text("The answer differs.")
    page.until_text("another body", ".answers")


def test_a_live_log_is_filtered_and_paused(page: Page, console: Served) -> None:
    page.go(f"{console.origin}/functions/shop-EchoFunction")
    page.until_text("Event sources")
    console.invoke({"body": "a warning of mine"})
    page.until_text("a warning of mine", ".log")
    page.write(".log-box input", "warning of mine")
    until(lambda: "REPORT" not in page.text(".log"))
    page.click("Pause")
    console.invoke({"body": "a later warning of mine"})
    page.until_text("Resume (", ".log-box")
    assert "a later warning" not in page.text(".log")
    page.run("document.querySelector('.log-box button[aria-pressed]').click()")
    page.until_text("a later warning", ".log")


def test_a_secret_is_masked_until_it_is_asked_for(page: Page, console: Served) -> None:
    page.go(f"{console.origin}/functions/shop-EchoFunction")
    assert "hunter2" not in page.until_text("ADMIN_PASSWORD")
    page.click("Show")
    page.until_text("hunter2")


def test_a_record_is_produced_and_opened(page: Page, console: Served) -> None:
    page.go(f"{console.origin}/topics/notes")
    page.click("A record by hand")
    page.write("form .field input", "written here")
    page.write("form textarea", '{"written": {"in": "the browser"}}')
    page.click("Produce the record")
    page.until_text("written here", ".records")
    page.click("A record by hand")
    page.run("document.querySelector('.record summary').click()")
    page.until_text('"the browser"', ".record-body")


def test_a_route_is_tried(page: Page, console: Served) -> None:
    page.go(f"{console.origin}/routes")
    page.click("Try POST /echo/{name}")
    page.write("input[aria-label=Path]", "/echo/tried")
    page.write("form textarea", "out of a form")
    page.click("Send")
    page.until_text("200 OK", ".answers")
    page.until_text("out of a form", ".answers")


def test_a_connection_gets_a_message_and_is_closed(page: Page, console: Served) -> None:
    with connect(console.endpoints.websocket_url) as client:
        page.go(f"{console.origin}/connections")
        page.until_text("Socket", ".table")
        page.click("Send", ".table button")
        page.write("form textarea", json.dumps({"from": "the console"}))
        page.click("Send", "form button")
        assert json.loads(client.recv(30)) == {"from": "the console"}
        until(lambda: page.run("!document.querySelector('main form')"))
        page.click("Close", ".table button")
        page.until_text("Nobody is connected")


def test_keys_lead_through_the_pages(page: Page, console: Served) -> None:
    page.until_text("SeaweedFS")
    for key, title in (("2", "Functions"), ("4", "Topics"), ("7", "Tables"), ("3", "Invocations")):
        page.press(key)
        page.until_text(title, "h1")
    page.press("/")
    assert page.run("document.activeElement.type") == "search"
    page.press("Escape")
    page.press("?")
    page.until_text("these keys", "dialog")
    page.press("Escape")
    page.click("Phones", ".nav a")
    page.until_text("Simulated phones", "body")


def test_a_hidden_page_costs_nothing_and_comes_back(page: Page, console: Served) -> None:
    page.until_text("Live", ".nav-live")
    page.run("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.run("document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: page.run("document.querySelector('.nav-live').className") == "nav-live idle")
    page.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.until_text("Live", ".nav-live")
