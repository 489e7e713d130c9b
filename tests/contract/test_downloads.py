"""Downloads from the real engine: names in all scripts, ranges, resuming, expiry, what browsers must not run, a link's page."""

import re
import time
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from chat4all.bootstrap import App
from chat4all.changing import Unsend
from chat4all.config import Settings
from chat4all.conversations import Conversations
from chat4all.downloads import Downloads
from tests.contract.file_world import FileWorld, file_world
from tests.contract.handlers import invoke
from tests.contract.messaging import new_user

pytestmark = pytest.mark.engines

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
TEXT = b"0123456789" * 100


@pytest.fixture
def world(deployed: App, files_bucket: str) -> FileWorld:
    return file_world(deployed, files_bucket)


def saved_name(answer: httpx.Response) -> str:
    """What browsers take where it is given (RFC 6266, 4.3): the name in UTF-8."""
    return unquote(answer.headers["content-disposition"].partition("; filename*=UTF-8''")[2])


@pytest.mark.parametrize(
    "name",
    [
        "عقد الإيجار ٢٠٢٦.pdf",
        "合同（最终版）.pdf",
        "👩‍👩‍👧 família 🏖️.pdf",
        "\"quoted\" 'and'; semi=colon, comma.pdf",
        "100% of %41 + a&b#c?.pdf",
        "ação — não é o mês.pdf",
        "пример.pdf",
        "ไฟล์.pdf",
        "x" * 300 + ".pdf",
    ],
)
def test_a_name_comes_out_as_people_see_it(world: FileWorld, name: str) -> None:
    ana = new_user()
    file = world.upload(ana, b"%PDF-1.7\n", name, "application/pdf")
    got = httpx.get(world.ask("GET", file["file_id"], ana, "/presigned").body["url"])
    assert (got.status_code, saved_name(got)) == (200, file["filename"])
    assert re.fullmatch(r"[\x20-\x7e]+", got.headers["content-disposition"])
    assert got.headers["content-type"] == "application/pdf"


def test_a_download_is_resumed_where_it_stopped_if_it_is_still_the_same(world: FileWorld) -> None:
    ana = new_user()
    url = world.ask("GET", world.upload(ana, TEXT, "a.txt", "text/plain")["file_id"], ana, "/presigned").body["url"]
    first = httpx.get(url, headers={"Range": "bytes=0-99"})
    assert (first.status_code, first.headers["content-range"], first.content) == (206, "bytes 0-99/1000", TEXT[:100])
    etag = first.headers["etag"]
    rest = httpx.get(url, headers={"Range": "bytes=100-", "If-Range": etag})
    assert (rest.status_code, first.content + rest.content) == (206, TEXT)
    assert httpx.get(url, headers={"Range": "bytes=-5"}).content == TEXT[-5:]
    assert httpx.get(url, headers={"Range": "bytes=2000-"}).status_code == 416
    assert httpx.get(url, headers={"Range": "bytes=100-", "If-Match": '"another"'}).status_code == 412
    assert httpx.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_an_address_is_good_for_a_short_time_and_for_nothing_else(world: FileWorld) -> None:
    ana = new_user()
    file_id = world.upload(ana, TEXT, "a.txt", "text/plain")["file_id"]
    downloads = Downloads(Settings(file_url_s=1), world.bucket)
    url = downloads.presigned(ana, file_id)["url"]
    assert httpx.put(url, content=b"x").status_code == 403
    other = world.upload(ana, TEXT, "b.txt", "text/plain")["file_id"]
    assert httpx.get(url.replace(file_id, other)).status_code == 403
    assert httpx.get(url.replace("a.txt", "b.exe")).status_code == 403
    deadline = time.monotonic() + 30
    while httpx.get(url).status_code != 403:
        assert time.monotonic() < deadline, "the address never expires"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("name", "said", "body", "served"),
    [
        ("page.html", "text/html", b"<html><script>alert(1)</script>", "application/octet-stream"),
        ("page.xhtml", "application/xhtml+xml", b"<x/>", "application/octet-stream"),
        ("logo.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream"),
        ("a.js", "text/javascript", b"alert(1)", "application/octet-stream"),
        ("a.exe", "application/x-msdownload", b"MZ\x90\x00" + bytes(100), "application/x-msdownload"),
        ("a.sh", "application/x-sh", b"#!/bin/sh\n", "application/x-sh"),
    ],
)
def test_what_could_be_run_is_for_saving_only_and_is_not_even_called_so(
    world: FileWorld, name: str, said: str, body: bytes, served: str
) -> None:
    ana = new_user()
    file = world.upload(ana, body, name, said)
    assert file["content_type"] == said
    got = httpx.get(world.ask("GET", file["file_id"], ana, "/presigned").body["url"])
    assert (got.headers["content-type"], got.content) == (served, body)
    assert got.headers["content-disposition"].startswith("attachment; ")


class Link:
    """What a channel's text carries."""

    def __init__(self, world: FileWorld, filename: str = "sea & sand.txt") -> None:
        self.ana = new_user()
        self.conversation = world.messaging.conversation(self.ana, new_user())
        self.file_id = world.upload(self.ana, TEXT, filename, "text/plain")["file_id"]
        self.sent = world.send(self.ana, self.conversation, self.file_id)
        outgoing = world.media.outgoing(world.ask("GET", self.file_id, self.ana).body)
        self.path = urlsplit(world.media.share_link(outgoing)).path

    def ask(self, method: str = "GET", *, accept: str = "*/*", query: str = "", language: str = "") -> dict[str, Any]:
        http = {"method": method, "path": self.path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "t"}
        event = {
            "version": "2.0",
            "routeKey": f"{method} {self.path}",
            "rawPath": self.path,
            "rawQueryString": query,
            "headers": {"accept": accept, "accept-language": language},
            "requestContext": {"http": http, "requestId": "r", "stage": "$default"},
            "isBase64Encoded": False,
        }
        if query:
            event["queryStringParameters"] = dict([query.split("=")])
        return dict(invoke("files", event))


def test_browsers_get_a_page_and_everything_else_the_bytes(world: FileWorld) -> None:
    link = Link(world)
    got = link.ask()
    assert got["statusCode"] == 302
    assert httpx.get(got["headers"]["Location"]).content == TEXT
    page = link.ask(accept=CHROMIUM, language="pt-BR")
    assert (page["statusCode"], page["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<bdi>sea &amp; sand.txt</bdi>" in page["body"]
    assert "Texto · 1,0 kB" in page["body"]
    headers = page["headers"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert f"img-src {world.bucket.origin()};" in headers["Content-Security-Policy"]
    kept = ("X-Robots-Tag", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "Vary", "Content-Language")
    assert [headers[name] for name in kept] == [
        "noindex, nofollow", "nosniff", "no-referrer", "no-store", "Accept, Accept-Language", "pt",
    ]  # fmt: skip


def test_its_button_saves_what_a_browser_would_show(world: FileWorld) -> None:
    link = Link(world)
    (button,) = re.findall(r'href="\?([^"]+)"', link.ask(accept=CHROMIUM)["body"])
    got = link.ask(accept=CHROMIUM, query=button)
    assert got["statusCode"] == 302
    saved = httpx.get(got["headers"]["Location"])
    assert saved.content == TEXT
    assert saved.headers["content-disposition"].startswith("attachment; ")
    shown = httpx.get(link.ask()["headers"]["Location"])
    assert shown.headers["content-disposition"].startswith("inline; ")


def test_head_is_answered_as_get_and_without_the_bytes(world: FileWorld) -> None:
    link = Link(world)
    location = link.ask("HEAD")["headers"]["Location"]
    head = httpx.head(location)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "1000", b"")
    assert (
        head.headers["content-disposition"]
        == httpx.get(link.ask()["headers"]["Location"]).headers["content-disposition"]
    )
    assert httpx.get(location).status_code == 403
    page = link.ask("HEAD", accept=CHROMIUM)
    assert (page["statusCode"], page["body"]) == (200, "")


@pytest.mark.parametrize("how", ["unsent", "conversation deleted", "file deleted", "another token", "no id"])
def test_a_link_that_opens_nothing_says_so_in_the_form_that_was_asked_for(world: FileWorld, how: str) -> None:
    link = Link(world)
    assert link.ask(accept=CHROMIUM)["statusCode"] == 200
    if how == "unsent":
        world.messaging.changing.unsend(Unsend(link.ana, link.sent.message_id))
    elif how == "conversation deleted":
        Conversations(world.messaging.publisher).delete(link.ana, _owned(link))
    elif how == "file deleted":
        assert world.ask("DELETE", link.file_id, link.ana).status == 204
    else:
        link.path = f"{link.path}x" if how == "another token" else "/files/none/token"
    page, other = link.ask(accept=CHROMIUM, language="en"), link.ask()
    assert (page["statusCode"], other["statusCode"]) == (404, 404)
    assert "This file is not available" in page["body"]
    assert '"code":"not_found"' in other["body"]
    assert (link.ask("HEAD")["statusCode"], link.ask("HEAD", accept=CHROMIUM)["statusCode"]) == (404, 404)


def _owned(link: Link) -> str:
    """The link's conversation, once its sender owns it."""
    from chat4all.stores.members import Member

    Member(link.conversation, link.ana).update([Member.role.set("owner")])
    return link.conversation


@pytest.mark.parametrize(
    "name", ["<script>alert(1)<", '"><img src=x onerror=alert(1)>.png', "\u202egpj.exe", "𝒳" * 300]
)
def test_hostile_names_are_shown_and_do_nothing(world: FileWorld, name: str) -> None:
    page = Link(world, name).ask(accept=CHROMIUM)["body"]
    assert not re.search(r"<script|<img|\u202e", page)
