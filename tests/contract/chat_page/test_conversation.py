"""The open conversation in a real browser, with functions of this process: what messages show, writing, searching, keys."""

import json

import pytest

from tests.contract.chat_page.conftest import MakePerson
from tests.contract.chat_page.person import Person
from tests.local.console.browser import Page

pytestmark = pytest.mark.engines

HOSTILE = "<img src=x onerror=alert(1)> <b>bold</b> &amp; https://a.example/?q=<script>"
ARABIC = "مرحبا بالعالم"
TEXT_MAX = 16_384
MOUSE = "{bubbles: true, pointerType: 'mouse'}"
AT_BOTTOM = "(log => log.scrollHeight - log.scrollTop - log.clientHeight < 2)(document.querySelector('.log'))"


def test_messages_are_shown_as_text_and_say_who_when_and_what_they_answer(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    conversation = ana.converse(bia, make_person("caio"), title="Ação")
    first = bia.says(conversation, HOSTILE)
    bia.says(conversation, ARABIC, reply_to=first)
    bia.says(conversation, "😍")
    place = {"latitude": -23.5, "longitude": -46.6, "name": "MASP"}
    bia.says(conversation, place, type="location")
    bia.says(conversation, {"name": "Som & Luz", "phone": "+55 11 9888", "email": "som@luz.example"}, type="contact")
    bia.api("PUT", f"/v1/messages/{first}/reactions/%F0%9F%91%8D")
    ana.arrive(f"/chat#/c/{conversation}")
    ana.sees("Som & Luz", "#conversation .log")
    shown = page.text("#conversation .log")
    assert HOSTILE in shown
    assert page.run("document.querySelectorAll('.log b, .log script, .message .said img').length") == 0
    assert page.run("[...document.querySelectorAll('.said a')].map((one) => one.href)") == ["https://a.example/?q="]
    assert page.run("document.querySelector('.said a').rel") == "noopener noreferrer nofollow"
    assert page.run("[...document.querySelectorAll('.message')][1].matches(':has(:dir(rtl))')")
    assert HOSTILE[:20] in page.run("document.querySelector('.quote').innerText")
    assert page.run("document.querySelectorAll('.said.is-large').length") == 1
    assert "openstreetmap.org/?mlat=-23.5&mlon=-46.6" in page.run("document.querySelector('.card-said a').href")
    # Names may come after what they stand at.
    ana.until(f"document.querySelector('.chip').getAttribute('aria-label') === '👍: {bia.name}'")
    ana.until(f"document.querySelector('.message').getAttribute('aria-label').startsWith('{bia.name}, ')")
    ana.sees("New messages", ".divider[data-kind=unread]")
    for dark in (False, True):
        page.look(width=1100, height=760, dark=dark)
        assert ana.faults() == []


def test_older_messages_come_in_above_and_newer_ones_do_not_move_what_is_read(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    conversation = ana.converse(bia)
    for number in range(1, 71):
        bia.says(conversation, f"number {number}: {'word ' * (number % 17)}")
    ana.api("POST", f"/v1/conversations/{conversation}/receipts", {"read_seq": 70})
    ana.arrive(f"/chat#/c/{conversation}")
    ana.sees("number 70", "#conversation .log")
    ana.until(AT_BOTTOM)
    assert "number 1:" not in page.text("#conversation .log")
    page.run("document.querySelector('.log').scrollTop = 0")
    ana.sees("number 1:", "#conversation .log")
    ana.sees("begins", "#conversation .log")
    top = "Math.round(document.querySelectorAll('.message')[8].getBoundingClientRect().top)"
    page.run("document.querySelectorAll('.message')[8].scrollIntoView()")
    before = page.run(top)
    ana.hears(conversation, 71, bia.id, "one more")
    ana.hears(conversation, 72, bia.id, "and one")
    ana.until("document.querySelector('.down-count').innerText === '2'")
    assert page.run(top) == before
    page.click("2 new messages")
    ana.until(AT_BOTTOM)
    ana.until("document.querySelector('.down').hidden")


def test_drafts_stay_with_their_conversation_and_long_texts_are_counted(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    one, other = ana.converse(make_person("bia")), ana.converse(make_person("caio"))
    ana.arrive(f"/chat#/c/{one}")
    field = "document.querySelector('.write')"
    ana.sees("Nothing has been said yet", "#conversation .log")
    page.write(".write", "first\nsecond")
    ana.until(f"{field}.value === 'first\\nsecond'")
    page.run(f"location.hash = '#/c/{other}'")
    ana.until(f"{field}.value === ''")
    page.run(f"location.hash = '#/c/{one}'")
    ana.until(f"{field}.value === 'first\\nsecond'")
    tall = page.run(f"{field}.offsetHeight")
    page.write(".write", "😍" * (TEXT_MAX - 8))
    ana.sees("8 characters left", ".count")
    assert page.run(f"{field}.offsetHeight") > tall
    page.write(".write", "x" * (TEXT_MAX + 2))
    ana.sees("2 characters too many", ".count")
    page.press("Enter")
    assert page.run(f"{field}.value.length") == TEXT_MAX + 2
    assert page.run("document.querySelector('.go').disabled")


def test_who_reacts_by_keys_keeps_their_place(ana: Person, page: Page, make_person: MakePerson) -> None:
    bia = make_person("bia")
    conversation = ana.converse(bia)
    message = bia.says(conversation, "vamos?")
    bia.api("PUT", f"/v1/messages/{message}/reactions/%F0%9F%91%8D")
    ana.arrive(f"/chat#/c/{conversation}")
    ana.until("document.querySelector('.chip')?.getAttribute('aria-pressed') === 'false'")
    page.run("document.querySelector('.chip').focus()")
    page.press("Enter")
    ana.until("document.querySelector('.chip').getAttribute('aria-pressed') === 'true'")
    assert page.run("document.activeElement.matches('.message')")


def test_what_was_being_sent_when_the_page_was_reloaded_is_sent_once_and_in_order(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    conversation = ana.converse(make_person("bia"))
    ana.arrive(f"/chat#/c/{conversation}")
    ana.sees("Nothing has been said yet", "#conversation .log")
    wanted = [f"number {number}" for number in range(8)]
    for text in wanted:
        page.write(".write", text)
        page.press("Enter")
    # The page asks before it goes while something is on its way into the store.
    ana.until("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    page.run("location.reload()")
    ana.until_live()
    ana.until("document.querySelectorAll('.message [data-status=accepted]').length === 8")
    ana.sees("You: number 7", "#list")
    kept = ana.api("GET", f"/v1/conversations/{conversation}/messages?limit=100")["items"]
    assert [message["content"] for message in reversed(kept)] == wanted
    page.problems.clear()  # what the reload broke off


def test_keys_go_through_messages_and_search_through_what_is_loaded(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    conversation = ana.converse(bia)
    for text in ("Reunião às 15h", "ok", "a reuniao mudou"):
        bia.says(conversation, text)
    ana.says(conversation, "minha")
    ana.arrive(f"/chat#/c/{conversation}")
    ana.sees("minha", "#conversation .log")
    page.run("document.querySelector('.write').focus()")
    ana.key("ArrowUp")
    ana.sees("Edit the message", ".about")
    assert page.run("document.querySelector('.write').value") == "minha"
    ana.key("Escape")
    ana.until("document.querySelector('.about').hidden && document.querySelector('.write').value === ''")
    page.run("document.querySelector('.log').focus()")
    for key in ("ArrowUp", "ArrowUp"):
        ana.key(key)
    assert page.run("document.activeElement.innerText").startswith("a reuniao mudou")
    ana.until("document.querySelector('.acts').checkVisibility()")
    page.run(f"document.querySelector('.message').dispatchEvent(new PointerEvent('pointerover', {MOUSE}))")
    ana.until("document.querySelector('.message').contains(document.querySelector('.acts'))")
    ana.key("r")
    ana.sees(f"Reply to {bia.name}", ".about")
    ana.sees("a reuniao mudou", ".about")
    page.click("Search in this conversation")
    page.write(".search-bar input", "REUNIAO")
    ana.sees("1 of 2", ".search-count")
    assert page.run("[...document.querySelectorAll('.log mark')].map((one) => one.innerText)") == ["Reunião", "reuniao"]
    ana.key("Enter")
    ana.sees("2 of 2", ".search-count")
    page.write(".search-bar input", "nowhere")
    ana.sees("Nothing found", ".search-count")
    assert ana.faults() == []
    ana.key("Escape")
    ana.until("document.querySelector('.search-bar').hidden && !document.querySelector('.log mark')")
    page.run("localStorage.setItem('chat4all.language', 'pt'); location.reload()")
    ana.until_live()
    ana.until(f"document.querySelector('.write')?.placeholder === {json.dumps('Escreva uma mensagem')}")
