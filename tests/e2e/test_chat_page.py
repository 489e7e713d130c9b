"""Two people in two browsers on the whole stack: gateway, functions, Kafka, S3.

What else the page does: tests/contract/chat_page. Pictures of what they see stay in pytest's folder for temporary
files, as `chat0/*.png`.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image, ImageDraw, ImageOps

from tests.contract.upload_page.visitor import SLOWLY
from tests.e2e.chatting import Chatter
from tests.e2e.conftest import Join
from tests.e2e.phones import phone, shop
from tests.e2e.running_stack import RunningStack
from tests.local.console.browser import Browser

Two = tuple[Chatter, Chatter]


def shop_window() -> Image.Image:
    """A picture of 900 by 600."""
    light = Image.linear_gradient("L").resize((900, 600))
    picture = ImageOps.colorize(light, "#f4c98a", "#7a4a5e")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 120, 810, 540), fill="#fff6e6", outline="#4a2c3a", width=14)
    for left, colour in ((150, "#c8553d"), (320, "#588b8b"), (490, "#f28f3b"), (660, "#93748a")):
        draw.rounded_rectangle((left, 300, left + 100, 500), 18, fill=colour)
        draw.arc((left + 22, 240, left + 78, 350), 180, 360, fill="#4a2c3a", width=8)
    for left in range(90, 810, 80):
        draw.pieslice((left, 60, left + 80, 190), 0, 180, fill="#c8553d" if left // 80 % 2 else "#fffaf2")
    return picture


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def two(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[Two]:
    """Ana and Bia, each with a browser of their own, who have signed up on the page and found one another by name."""
    with ExitStack() as ending:
        people: list[Chatter] = []
        for name, shown in (("ana", "Ana Lima"), ("bia", "Bia Nogueira")):
            browser = Browser(tmp_path_factory.mktemp(f"browser-{name}"))
            ending.callback(browser.close)
            page = ending.enter_context(browser.open("about:blank"))
            people.append(Chatter(page, stack.url("http"), f"{name}-{uuid4().hex[:6]}", shown, pictures).sign_up())
        ana, bia = people
        ana.write_to(bia)
        ana.say("Oi!")  # of a new conversation clients are told where Kafka takes it at once, of a message in any case
        bia.open(ana.shown)
        bia.reads("Oi!")
        yield ana, bia
        for person in people:
            assert person.page.problems == []
            person.page.close()


def test_a_message_arrives_and_its_mark_says_how_far_it_came(two: Two) -> None:
    ana, bia = two
    bia.page.run("location.hash = '#/'")
    bia.until("document.querySelector('#conversation').hidden")
    ana.say("Olá, Bia! Tudo certo para amanhã?")
    bia.sees("Olá, Bia!", "#list")
    bia.sees("1", "#list .entry-badge")
    ana.until_marked("Olá, Bia!", "delivered")
    bia.open(ana.shown)
    bia.reads("Tudo certo para amanhã?")
    ana.until_marked("Olá, Bia!", "read")
    bia.until("!document.querySelector('#list .entry-badge')?.innerText")
    bia.say("Tudo! Levo as amostras 👜")
    ana.reads("Levo as amostras")
    bia.until_marked("Levo as amostras", "read")
    assert ana.said()[-2:] == bia.said()[-2:] == ["Olá, Bia! Tudo certo para amanhã?", "Tudo! Levo as amostras 👜"]


def test_who_is_there_and_who_writes_is_seen(two: Two) -> None:
    ana, bia = two
    ana.sees("online", ".talk-line")
    bia.sees("online", ".talk-line")
    bia.page.write("#conversation .write", "hmm")
    ana.sees("writes…", ".talk-line")
    ana.picture("typing")
    bia.empty_field()
    ana.unsees("writes…", ".talk-line")


def test_replies_reactions_edits_and_unsends_are_seen_by_both(two: Two) -> None:
    ana, bia = two
    bia.say("A que horas mesmo?")
    ana.press_on("A que horas mesmo?", "r")
    ana.sees("Reply to", ".about")
    ana.say("Às 15h, na entrada")
    bia.sees_within("Às 15h", ".quote", "A que horas mesmo?")

    bia.press_on("Às 15h", "+")
    bia.page.click("👍", ".picker button")
    ana.sees_within("Às 15h", ".chips", "👍")
    ana.page.click(f"👍: {bia.shown}", ".chip")
    bia.sees_within("Às 15h", ".chips", "2")
    ana.picture("reaction")

    ana.press_on("Às 15h", "e")
    ana.say("Às 16h, na entrada")
    bia.sees_within("Às 16h, na entrada", ".meta", "edited")
    bia.sees_within("Às 16h, na entrada", ".chips", "2")

    ana.say("isto não era para aqui")
    bia.reads("isto não era para aqui")
    ana.press_on("isto não era para aqui", "Delete")
    ana.page.click("Unsend", "dialog button")
    bia.reads("was unsent")
    assert "isto não era para aqui" not in bia.said()
    assert ana.said() == bia.said()


def test_a_picture_is_sent_with_its_preview_and_opened(two: Two, tmp_path: Path) -> None:
    ana, bia = two
    file = tmp_path / "vitrine.png"
    shop_window().save(file)
    bia.page.choose_files("Attach files", file)
    bia.sees("vitrine.png", ".tray")
    bia.say("A vitrine nova")
    ana.reads("A vitrine nova")
    for person in two:
        person.until("document.querySelector('.message:last-child .picture.is-there img')?.naturalWidth > 100")
    bia.until_marked("A vitrine nova", "read")
    ana.picture("picture")
    ana.page.run("document.querySelector('.message:last-child .picture').click()")
    ana.until("document.querySelector('.large-view img')?.naturalWidth === 900")
    ana.page.press("Escape")
    ana.until("!document.querySelector('.large-view')")


def test_who_was_offline_gets_and_sends_everything_once_and_in_one_order(two: Two) -> None:
    ana, bia = two
    ana.lose_network()
    ana.until("!document.querySelector('#banner').hidden")
    ana.say("Levo também o catálogo novo")
    assert ana.mark("Levo também o catálogo novo") == "sending"
    ana.picture("offline")
    bia.say("Chego dez minutos antes")
    bia.until_marked("Chego dez minutos antes", "sent")
    ana.find_network()
    ana.reads("Chego dez minutos antes")
    bia.reads("Levo também o catálogo novo")
    ana.until_marked("Levo também o catálogo novo", "read")
    assert ana.said() == bia.said()
    ana.page.problems[:] = [problem for problem in ana.page.problems if "ERR_INTERNET_DISCONNECTED" not in problem]


def test_a_reload_shows_the_same_and_keeps_what_was_not_sent(two: Two) -> None:
    ana, bia = two
    ana.page.write("#conversation .write", "um rascunho")
    before = bia.said()
    ana.come_back(bia.shown)
    ana.until(f"document.querySelectorAll('#conversation .message').length === {len(before)}")
    assert ana.said() == before
    assert ana.page.run("document.querySelector('#conversation .write').value") == "um rascunho"
    ana.empty_field()
    ana.sees("online", ".talk-line")
    ana.until("document.querySelector('.picture.is-there img')?.naturalWidth > 100")
    for person, dark, name in ((ana, False, "light"), (bia, True, "dark")):
        person.picture(name, dark=dark)
        person.picture(f"{name}-phone", dark=dark, width=390, height=780)


def test_a_message_goes_when_its_files_have_arrived_also_after_a_reload(two: Two, tmp_path: Path) -> None:
    ana, bia = two
    file = tmp_path / "catálogo.bin"
    file.write_bytes(random.Random(1).randbytes(6_000_000))
    bia.page.before_load(SLOWLY)
    bia.come_back(ana.shown)
    bia.page.choose_files("Attach files", file)
    bia.sees("catálogo.bin", ".tray")
    bia.say("O catálogo, inteiro")
    bia.say("(vai demorar)")
    ana.reads("(vai demorar)")
    assert "O catálogo, inteiro" in bia.said()
    assert "O catálogo, inteiro" not in ana.said()
    bia.come_back(ana.shown)
    bia.reads("O catálogo, inteiro")
    bia.page.choose_files("Choose catálogo.bin again", file)
    bia.page.run("window.holds = false; window.letThrough(99)")
    ana.reads("O catálogo, inteiro")
    ana.sees_within("O catálogo, inteiro", ".file", "catálogo.bin")
    bia.until_marked("O catálogo, inteiro", "read")
    assert bia.said().count("O catálogo, inteiro") == 1


async def test_a_contact_on_telegram_is_answered_from_the_page(
    stack: RunningStack, two: Two, console: httpx.AsyncClient, join: Join, tmp_path: Path, pictures: Path
) -> None:
    owner = await join("loja")
    carla = await phone(console, await shop(console, owner), "Carla")
    (tmp_path / "browser").mkdir()
    browser = Browser(tmp_path / "browser")
    try:
        with browser.open("about:blank") as page:
            shopkeeper = Chatter(page, stack.url("http"), owner.username, "loja", pictures).sign_in()
            await carla.write("Vocês têm pão de queijo?")
            shopkeeper.sees("pão de queijo", "#list")
            shopkeeper.open("Carla")
            shopkeeper.sees_within("pão de queijo", ".via", "Telegram")
            shopkeeper.say("Sai do forno às 16h 🧀")
            await carla.receives("Sai do forno às 16h 🧀")
            shopkeeper.until_marked("Sai do forno", "sent")
            shopkeeper.press_on("Sai do forno", "i")
            shopkeeper.sees("Telegram", "dialog .fates")
            shopkeeper.picture("telegram")
            assert page.problems == []
    finally:
        browser.close()
