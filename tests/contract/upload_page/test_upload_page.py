"""The upload page in a real browser, on real engines, up to the bytes that are downloaded again."""

import hashlib

import httpx
import pytest

from tests.contract.upload_page.conftest import MakeFile
from tests.contract.upload_page.visitor import BY_HANDLE, FIRST_LOOK_HELD, PUT_FILE, SLOWLY, Visitor
from tests.local.console.browser import Browser, Page, until

pytestmark = pytest.mark.engines
MB = 1_000_000


def test_a_file_of_sixty_megabytes_is_paused_reloaded_gone_on_with_cut_off_and_finished(
    visitor: Visitor, make_file: MakeFile
) -> None:
    """Eight parts of 8 MiB. Bytes of a part that has arrived do not leave a second time."""
    film = make_file("film.bin", 60 * MB)
    page = visitor.page
    page.before_load(SLOWLY)
    page.go(f"{visitor.url}/upload")
    visitor.choose(film)
    visitor.until("window.letThrough(0) === 4")
    page.run("window.letThrough(2)")
    visitor.sees("film.bin", "16.8 MB of 60 MB")
    file_id = visitor.file_id("film.bin")
    visitor.until_arrived(file_id, 2)
    visitor.until("window.letThrough(0) === 4")  # the page knows it, too: the next two have begun
    visitor.act("film.bin", "Pause")
    visitor.sees("film.bin", "Paused · 16.8 MB of 60 MB")

    page.before_load(FIRST_LOOK_HELD)
    page.go(f"{visitor.url}/upload")
    assert "%" not in visitor.sees("film.bin", "Choose the file again to go on.")
    visitor.until("window.lookNow && (window.lookNow(), true)")
    visitor.sees("film.bin", "27% is here. Choose the file again to go on.")
    page.choose_files("Choose the file: film.bin", film)
    visitor.until("window.letThrough(0) === 4")
    page.cut_off(is_offline=True)
    page.run("window.holds = false; window.letThrough(4)")
    visitor.sees("film.bin", "You are offline")
    page.cut_off(is_offline=False)
    visitor.sees("film.bin", "60 MB · Uploaded and checked")
    visitor.forgive("ERR_INTERNET_DISCONNECTED")
    with visitor.api() as api:
        file = api.get(f"/v1/files/{file_id}").json()
        assert (file["status"], file["filename"], file["size"]) == ("completed", "film.bin", 60 * MB)
        assert file["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()
        url = api.get(f"/v1/files/{file_id}/presigned").json()["url"]
    assert httpx.get(url, timeout=60).content == film.read_bytes()


def test_another_file_is_recognised_and_the_right_one_goes_on(visitor: Visitor, make_file: MakeFile) -> None:
    """The same name, the same size, other bytes."""
    mine, other = make_file("mine.bin", 20 * MB), make_file("other.bin", 20 * MB, seed=2)
    page = visitor.page
    page.before_load(SLOWLY)
    page.go(f"{visitor.url}/upload")
    visitor.choose(mine)
    visitor.until("window.letThrough(0) === 3")
    page.run("window.letThrough(1)")
    visitor.until_arrived(visitor.file_id("mine.bin"), 1)
    page.go(f"{visitor.url}/upload")
    kept = mine.read_bytes()
    mine.write_bytes(other.read_bytes())
    page.choose_files("Choose the file: mine.bin", mine)
    visitor.sees("mine.bin", "That is another file.")
    mine.write_bytes(kept)
    page.choose_files("Choose the file: mine.bin", mine)
    page.run("window.holds = false")
    visitor.until("window.letThrough(2) === 0")
    visitor.sees("mine.bin", "Uploaded and checked")


def uploading_in(page: Page, visitor: Visitor, size: int, parts: int) -> Visitor:
    """The same person in another tab, where the browser keeps a handle on a file whose first `parts` are held back."""
    other = Visitor(page, visitor.url, visitor.name)
    other.arrive(BY_HANDLE, SLOWLY)
    page.run(PUT_FILE % size)
    page.click("Choose files")
    other.until(f"window.letThrough(0) === {parts}")
    return other


def test_after_a_crash_it_goes_on_by_itself_and_in_one_tab_only(
    visitor: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where the browser keeps a handle on the file."""
    folder = tmp_path_factory.mktemp("crashing")
    browser = Browser(folder)
    with browser.open("about:blank") as page:
        first = uploading_in(page, visitor, 20 * MB, parts=3)
        page.run("window.letThrough(1)")
        file_id = first.file_id("kept.bin")
        first.until_arrived(file_id, 1)
        with browser.open("about:blank") as other:
            second = Visitor(other, visitor.url, visitor.name)
            second.arrive(BY_HANDLE)
            second.sees("kept.bin", "Another tab is uploading this file")
    browser.kill()

    browser = Browser(folder)
    try:
        with browser.open("about:blank") as page:
            again = Visitor(page, visitor.url, visitor.name)
            again.arrive(BY_HANDLE)
            again.sees("kept.bin", "20 MB · Uploaded and checked")
            with again.api() as api:
                assert api.get(f"/v1/files/{file_id}").json()["sha256"] == hashlib.sha256(b"\7" * 20 * MB).hexdigest()
    finally:
        browser.close()


def test_what_another_tab_was_uploading_goes_on_when_that_tab_is_closed(visitor: Visitor, browser: Browser) -> None:
    with browser.open("about:blank") as page:
        uploading_in(page, visitor, 6 * MB, parts=1)
        second = visitor.page
        second.before_load(BY_HANDLE)
        second.go(f"{visitor.url}/upload")
        visitor.sees("kept.bin", "Another tab is uploading this file")
    visitor.sees("kept.bin", "6 MB · Uploaded and checked")


def test_files_that_are_dropped_go_together_and_one_is_called_off(visitor: Visitor, make_file: MakeFile) -> None:
    page = visitor.page
    page.before_load(SLOWLY)
    page.go(f"{visitor.url}/upload")
    visitor.until("document.querySelector('#drop')?.hidden === false")
    page.drop_files(make_file("one.bin", 6 * MB), make_file("two.bin", 300), make_file("le\u202eer.txt", 0))
    visitor.sees("leer.txt", "The file is empty")
    named = "[...document.querySelectorAll('.row')].find((row) => row.innerText.includes('leer.txt')).querySelectorAll('button')"
    assert page.run(f"[...{named}].map((one) => one.ariaLabel)") == ["Remove from the list: le\u202eer.txt"]
    visitor.until("window.letThrough(0) === 2")
    file_id = visitor.file_id("one.bin")
    visitor.act("one.bin", "Cancel")
    visitor.sees("one.bin", "Cancelled")
    page.run("window.holds = false")
    visitor.until("window.letThrough(2) === 0")
    visitor.sees("two.bin", "300 bytes · Uploaded and checked")
    with visitor.api() as api:
        until(lambda: api.get(f"/v1/files/{file_id}").status_code == 404, 60)
    visitor.forgive("400")
    page.click("Clear finished")
    visitor.until("document.querySelector('#uploads').hidden")


def test_who_signs_out_goes_on_after_signing_in_again(visitor: Visitor, make_file: MakeFile) -> None:
    page = visitor.page
    page.before_load(SLOWLY)
    page.go(f"{visitor.url}/upload")
    visitor.choose(make_file("mine.bin", MB))
    visitor.until("window.letThrough(0) === 1")
    page.click("Sign out")
    visitor.until("!document.querySelector('#uploads').checkVisibility()")
    visitor.sees("mine.bin", "Paused until you sign in")
    page.run("window.holds = false; window.letThrough(1)")
    visitor.sign_in()
    visitor.sees("mine.bin", "Uploaded and checked")


def test_the_page_is_readable_in_both_languages_both_lights_and_on_a_phone(
    visitor: Visitor, make_file: MakeFile
) -> None:
    page = visitor.page
    visitor.choose(make_file("a very long name of a file that does not fit a phone at all, and goes on.bin", MB))
    visitor.sees("a very long name", "Uploaded and checked")
    colours = set()
    for dark, width in ((False, 1280), (True, 1280), (False, 360)):
        page.look(dark=dark, width=width)
        colours.add(page.run("getComputedStyle(document.body).backgroundColor"))
        for title in ("Enviar arquivos", "Upload files"):
            page.run("document.querySelector('#language').click()")
            page.until_text(title, "h1")
            assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert len(colours) == 2
    unnamed = """[...document.querySelectorAll("button, input, progress")].filter((one) =>
        one.checkVisibility() && !(one.ariaLabel || one.innerText || one.labels?.length)).length"""
    assert page.run(unnamed) == 0


def test_over_plain_http_from_another_machine_a_file_goes_as_well(visitor: Visitor, make_file: MakeFile) -> None:
    """Browsers give such a page neither SubtleCrypto nor Web Locks."""
    page = visitor.page
    visitor.url = visitor.url.replace("127.0.0.1", "upload.test")
    visitor.arrive()
    assert page.run("[isSecureContext, 'subtle' in crypto, 'locks' in navigator]") == [False, False, False]
    visitor.choose(make_file("far.bin", 18 * MB))
    visitor.sees("far.bin", "18 MB · Uploaded and checked")
    page.click("Copy the file's id: far.bin", "#list button")
    visitor.until("document.querySelector('#notice').innerText === \"The file's id is in the clipboard\"")
    visitor.forgive("Cross-Origin-Opener-Policy")
