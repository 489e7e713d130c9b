"""The page over plain HTTP from another machine: browsers give no clipboard, no Web Locks and no `randomUUID` to it there."""

import pytest

from tests.contract.chat_page.conftest import MakePerson
from tests.contract.chat_page.person import Person
from tests.local.console.browser import Page

pytestmark = pytest.mark.engines


def test_people_write_copy_and_find_one_another_without_a_secure_context(
    ana: Person, page: Page, make_person: MakePerson
) -> None:
    bia = make_person("bia")
    page.go(f"{ana.url.replace('127.0.0.1', 'chat.test')}/chat")
    ana.until("document.querySelector('#welcome')?.hidden === false")
    ana.sign_in()
    assert page.run("[isSecureContext, 'locks' in navigator, 'clipboard' in navigator]") == [False, False, False]
    page.click(f"Copy your user name: {ana.name}")
    page.run("document.querySelector('#search').focus()")
    page.paste()
    ana.until(f"document.querySelector('#search').value === '{ana.name}'")
    page.write("#search", "")

    page.click("New conversation")
    page.write("dialog [name=who]", bia.name)
    page.press("Enter")
    ana.sees(bia.name, "dialog .chosen")
    page.click("Start conversation")
    ana.sees(bia.name, "#conversation h2")
    page.write(".write", "de outra máquina")
    page.press("Enter")
    ana.until("document.querySelector('.message .mark')?.dataset.status === 'accepted'")
    page.run("document.querySelector('.message').focus()")
    ana.key("c")
    ana.sees("Copied", ".talk-notice")
    assert page.run("document.activeElement.className").startswith("message")
    page.run("document.querySelector('.write').focus()")
    page.paste()
    ana.until("document.querySelector('.write').value === 'de outra máquina'")

    page.run("document.querySelector('#account').click()")
    page.click("Copy your user name", "dialog button")
    ana.sees("Copied", "dialog .notice")
    ana.forgive("Cross-Origin-Opener-Policy")
