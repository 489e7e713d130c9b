"""The chat page's frame in a real browser: signing up, the list, new conversations, members, keys, and who cannot see."""

import json

import pytest

from tests.contract.chat_page.conftest import MakePerson
from tests.contract.chat_page.hub import Hub
from tests.contract.chat_page.person import PASSWORD, Person
from tests.local.console.browser import Page, until

pytestmark = pytest.mark.engines


def test_who_signs_up_is_told_what_to_do_and_writes_to_somebody_by_name(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    ana.name = f"new-{bia.name}"
    page.go(f"{ana.url}/chat")
    page.click("Create an account")
    for field, value in {"username": ana.name, "email": f"{ana.name}@example.com", "password": PASSWORD}.items():
        page.write(f"#sign-in [name={field}]", value)
    page.press("Enter")
    ana.until_live()
    ana.sees("No conversations yet")
    ana.sees(f"@{ana.name}")
    page.click("Start a conversation")
    page.write("dialog [name=who]", f"nobody-{bia.name[:20]}")
    page.press("Enter")
    ana.sees("Nobody is called", "dialog")
    page.write("dialog [name=who]", f"@{bia.name.upper()}")
    page.press("Enter")
    ana.sees(bia.name, "dialog .chosen")
    page.click("Start conversation")
    ana.until("document.querySelector('#list a')?.getAttribute('aria-current') === 'page'")
    ana.sees(bia.name, "#conversation h2")
    assert page.run("document.title") == f"{bia.name} · Chat4All"
    assert page.run("document.querySelectorAll('#list a').length") == 1


def test_messages_that_arrive_are_counted_and_move_their_conversation_up(
    ana: Person, page: Page, hub: Hub, make_person: MakePerson
) -> None:
    bia, caio = make_person("bia"), make_person("caio")
    first = ana.converse(bia)
    second = ana.converse(bia, caio, title="Ação")
    ana.arrive()
    ana.sees("Ação", "#list li:first-child")
    ana.hears(first, 1, bia.id, "oi\n  tudo bem?")
    ana.sees("oi tudo bem?", "#list li:first-child")
    ana.until("document.title === '(1) Chat4All'")
    assert page.run("document.querySelector('#favicon').href").startswith("data:image/svg+xml")
    assert page.run("document.querySelector('#list .entry-badge').getAttribute('aria-label')") == "1 unread"
    ana.sees(f"@{bia.name}"[1:], "#list li:first-child")

    hub.tell(ana.id, {"type": "typing", "conversation_id": second, "data": {"user_id": caio.id, "expires_in": 30}})
    ana.sees(f"{caio.name} writes…", "#list")
    ana.hears(second, 1, caio.id, "cheguei")
    ana.sees(f"{caio.name}: cheguei", "#list li:first-child")
    hub.tell(ana.id, {"type": "presence.updated", "data": {"user_id": bia.id, "status": "online", "expires_in": 90}})
    ana.sees("online", "#list li:last-child")

    page.write("#search", "acao")
    ana.until("document.querySelectorAll('#list a').length === 1")
    page.write("#search", "nobodyofthem")
    ana.sees("Write to the user “nobodyofthem”")


def test_a_group_is_made_renamed_and_its_members_change_as_roles_allow(
    ana: Person, page: Page, hub: Hub, make_person: MakePerson
) -> None:
    bia, caio, davi = make_person("bia"), make_person("caio"), make_person("davi")
    ana.converse(bia)
    ana.arrive()
    ana.sees(bia.name, "#list")
    page.click("New conversation")
    page.click(f"Add {bia.name}")
    page.write("dialog [name=who]", caio.name)
    page.press("Enter")
    ana.sees(caio.name, "dialog .chosen")
    page.write("dialog [name=title]", "Viagem")
    page.click("Create group of 3")
    ana.sees("Viagem", "#conversation h2")
    group = page.run("location.hash").removeprefix("#/c/")

    ana.key("i", code="KeyI", alt=True)
    ana.sees("3 members", "#details")
    page.click("Change the title")
    page.write("dialog [name=title]", "Viagem de março")
    page.click("Save")
    until(lambda: ana.api("GET", f"/v1/conversations/{group}")["title"] == "Viagem de março", 60)
    page.click("Add a member")
    page.write("dialog [name=who]", davi.name)
    page.press("Enter")
    ana.sees("4 members", "#details")
    page.click(f"More about {davi.name}")
    page.run("document.querySelector('.member:has([aria-expanded=true]) select').value = 'reader'")
    page.run("document.querySelector('.member:has([aria-expanded=true]) select').dispatchEvent(new Event('change'))")
    role_of = lambda person: {  # noqa: E731
        one["user_id"]: one["role"] for one in ana.api("GET", f"/v1/conversations/{group}/members")["items"]
    }.get(person.id)
    until(lambda: role_of(davi) == "reader", 60)
    page.click("Remove from the group")
    ana.sees(f"Remove {davi.name}", "dialog")
    page.click("Remove from the group", "dialog button")
    ana.sees("3 members", "#details")
    assert role_of(davi) is None

    page.click("Leave the group")
    page.click("Leave", "dialog button")
    ana.sees("You are the only owner.", "#details")
    page.click("Delete for everybody")
    page.click("Delete", "dialog button")
    ana.until("location.hash === '#/'")
    hub.tell(ana.id, {"type": "conversation.updated", "conversation_id": group, "data": {"id": group, "deleted": True}})
    ana.unsees("Viagem")
    ana.forgive("409", "404")


def test_everything_goes_without_a_mouse(ana: Person, page: Page, make_person: MakePerson) -> None:
    people = [make_person(name) for name in ("bia", "caio", "davi")]
    ids = [ana.converse(person) for person in people]
    ana.arrive()
    for person in people:
        ana.sees(person.name, "#list")
    ana.key("k", code="KeyK", ctrl=True)
    assert ana.focused() == "search"
    ana.key("ArrowDown")
    assert people[2].name in ana.focused()
    ana.key("End")
    assert people[0].name in ana.focused()
    page.press("Enter")
    ana.until(f"location.hash === '#/c/{ids[0]}'")
    ana.key("ArrowUp", code="ArrowUp", alt=True)
    ana.until(f"location.hash === '#/c/{ids[1]}'")
    ana.key("i", code="KeyI", alt=True)
    ana.until("document.querySelector('#details').hidden === false")
    page.press("Escape")
    ana.until(f"document.querySelector('#details').hidden && location.hash === '#/c/{ids[1]}'")
    page.press("Escape")
    ana.until(f"location.hash === '#/' && document.activeElement.innerText.includes('{people[1].name}')")
    ana.key("/", ctrl=True)
    ana.sees("Keyboard shortcuts", "dialog")
    page.press("Escape")
    ana.until("!document.querySelector('dialog')")
    ana.key("n", code="KeyN", alt=True)
    ana.sees("New conversation", "dialog")
    assert page.run("document.activeElement.name") == "who"
    order = """[...document.querySelectorAll('a, button, input, [tabindex="0"]')].filter((one) => one.tabIndex >= 0
        && one.checkVisibility() && one.closest('#app')).map((one) => one.id || one.className)"""
    assert page.run(order)[:5] == ["skip", "new", "account", "search", "entry"]


def test_an_account_that_is_made_and_cannot_be_signed_in_to_is_told_of(ana: Person, page: Page) -> None:
    page.go(f"{ana.url}/chat")
    page.click("Create an account")
    for field, value in {"username": f"new-{ana.name}", "email": f"new-{ana.name}@example.com"}.items():
        page.write(f"#sign-in [name={field}]", value)
    page.write("#sign-in [name=password]", PASSWORD)
    lost = "Promise.reject(new TypeError('lost'))"
    page.run(f"{{ const ask = fetch; window.fetch = (...of) => (of[0] === '/auth/token' ? {lost} : ask(...of)); }}")
    page.press("Enter")
    ana.sees("The account is there. Please sign in.\nThe server does not answer.", "#sign-in .error")
    ana.sees("Sign in", "#sign-in h2")
    page.run("location.reload()")
    ana.name = f"new-{ana.name}"
    ana.until("document.querySelector('#welcome')?.hidden === false")
    ana.sign_in()


def test_a_lost_connection_is_told_and_comes_back(ana: Person, page: Page, hub: Hub) -> None:
    ana.arrive()
    ana.until("document.querySelector('#banner').hidden")
    hub.cut()
    ana.until("document.querySelector('#banner').innerText !== ''")
    hub.is_down = False
    ana.sees("Connected again", "#banner")
    ana.until("document.querySelector('#banner').hidden")
    ana.forgive("WebSocket", "503")


def test_the_account_is_changed_and_left_without_a_trace(ana: Person, page: Page, make_person: MakePerson) -> None:
    bia = make_person("bia")
    ana.converse(bia)
    ana.arrive()
    ana.sees(bia.name, "#list")
    page.run("document.querySelector('#account').click()")
    page.until_text("Your account", "dialog")
    page.write("dialog [name=display_name]", "Ana Lima")
    page.click("Save")
    until(lambda: ana.api("GET", "/v1/users/me")["display_name"] == "Ana Lima", 60)
    page.run("document.querySelector('dialog [name=presence][value=nobody]').click()")
    until(lambda: ana.api("GET", "/v1/users/me")["presence_visibility"] == "nobody", 60)
    page.run("document.querySelector('dialog [name=theme][value=dark]').click()")
    assert page.run("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.run("document.querySelector('dialog [name=language][value=pt]').click()")
    ana.sees("Sua conta", "dialog")
    ana.sees("Conversas", "#list-title")
    page.go(f"{ana.url}/chat?again")
    ana.until_live()
    ana.sees("Conversas", "#list-title")
    assert page.run("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.run("document.querySelector('#account').click()")
    page.click("Sair", "dialog button")
    page.until_text("Entrar", "#welcome")
    kept = "indexedDB.databases().then((all) => all.length)"
    assert page.run("localStorage.getItem('chat4all.session')") is None
    assert page.run("document.querySelectorAll('#list a').length") == 0
    page.run("localStorage.clear()")
    assert page.run(kept) is not None


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_by_everybody(ana: Person, page: Page, make_person: MakePerson, *, dark: bool) -> None:
    """axe-core on each screen, and nothing wider than the window: desktop and phone, both languages."""
    bia, caio = make_person("bia"), make_person("a-name-as-long-as-they")
    group = ana.converse(bia, caio, title="Uma conversa com um título comprido demais para qualquer telefone, e mais")
    ana.converse(bia)
    page.look(dark=dark, width=1100, height=760)
    page.go(f"{ana.url}/chat")
    ana.until("document.querySelector('#welcome')?.hidden === false")
    assert ana.faults() == []
    ana.sign_in()
    ana.sees(bia.name, "#list")
    ana.hears(group, 1, bia.id, "olá")
    ana.sees("olá", "#list")
    for width in (1100, 360):
        page.look(dark=dark, width=width, height=760)
        for path in ("#/", f"#/c/{group}", f"#/c/{group}/details", "#/c/00000000-0000-7000-8000-000000000000"):
            page.run(f"location.hash = {json.dumps(path)}")
            screen = json.dumps("list" if path == "#/" else "talk")
            ana.until(f"document.querySelector('#app').dataset.screen === {screen}")
            ana.until(f"document.querySelector('#details').hidden === {json.dumps(not path.endswith('details'))}")
            # A narrower window is told to scripts with its first picture only.
            ana.until("[...document.querySelectorAll('main, [role=main]')].some((one) => one.checkVisibility())")
            assert ana.faults() == [], (width, path)
            assert page.run("document.documentElement.scrollWidth <= innerWidth")
        page.run("location.hash = '#/'")
        for button in ("#new", "#account"):
            page.run(f"document.querySelector('{button}').click()")
            ana.until("!!document.querySelector('dialog[open]')")
            assert ana.faults() == [], (width, button)
            page.press("Escape")
            ana.until("!document.querySelector('dialog')")


def test_only_what_was_on_the_screen_counts_as_read(ana: Person, page: Page, make_person: MakePerson) -> None:
    bia = make_person("bia")
    conversation = ana.converse(bia)
    for number in range(40):
        bia.says(conversation, f"number {number}")
    ana.arrive(f"/chat#/c/{conversation}")
    below = ana.until("document.querySelector('.down-count')?.innerText")
    assert 0 < int(below) < 40
    ana.until(f"document.querySelector('#list .entry-badge')?.innerText === {json.dumps(below)}")
    page.run("document.querySelector('.down').click()")
    ana.until("document.querySelector('#list .entry-badge')?.innerText === ''")
    assert page.run("document.querySelector('.down-count').innerText") == ""


def test_what_is_said_while_a_dialog_is_open_is_said_in_it(ana: Person, page: Page) -> None:
    ana.arrive()
    page.run("document.querySelector('#account').click()")
    page.write("dialog [name=display_name]", "Ana Lima")
    page.click("Save", "dialog button")
    ana.sees("Saved", "dialog .notice")
    assert page.run("document.querySelector('#notice').innerText") == ""


def test_a_line_that_runs_from_the_right_begins_where_all_others_do(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    group, private = ana.converse(bia, make_person("caio"), title="مجموعة"), ana.converse(bia)
    ana.says(group, "مرحبا بالعالم!")
    bia.says(private, "مرحبا بالعالم!")
    ana.arrive(f"/chat#/c/{private}")
    ana.until("document.querySelectorAll('#list .entry-text:dir(rtl)').length === 2")
    ana.sees("You: مرحبا بالعالم!", "#list")
    left = """(one) => {
        const place = document.createRange();
        place.selectNodeContents(one);
        return place.getBoundingClientRect().left;
    }"""
    begin = f"[...document.querySelectorAll('#list .entry-name, #list .entry-text:not(.entry-mark ~ *)')].map({left})"
    ana.until(f"new Set({begin}.map(Math.round)).size === 1")
    assert page.run("document.querySelector('.talk-line').checkVisibility()") is False, "nothing is known of them"
    page.run(f"location.hash = '#/c/{group}'")
    ana.sees("مجموعة", "#conversation h2")
    assert page.run("document.querySelector('h2.talk-title').getBoundingClientRect().right") < 600
