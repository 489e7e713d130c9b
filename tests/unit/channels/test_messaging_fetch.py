"""Files that a webhook names by URL: bounded, over https, and from nowhere in our own network."""

import socket
import threading
from collections.abc import Iterator

import pytest

from chat4all.channels.download import Download
from chat4all.channels.fates import Fate, NotSent, Permanent, ThrottledUntil, TryAgain
from chat4all.channels.meta.messaging.fetch import Downloads
from chat4all.domain.addresses import is_public
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as server:
        server.answers = [Answer(b"0123456789", headers={"Content-Type": "image/jpeg"})]
        yield server


@pytest.fixture
def downloads() -> Iterator[Downloads]:
    downloads = Downloads()
    yield downloads
    downloads.close()


def opened(downloads: Downloads, url: str, own_base: str | None, most_bytes: int = 100) -> Download:
    return downloads.open(url, own_base=own_base, most_bytes=most_bytes, remaining_ms=lambda: 20_000)


def read_all(file: Download) -> None:
    while file.read(65_536):
        pass


def refused(downloads: Downloads, url: str, own_base: str | None, most_bytes: int = 100) -> Fate:
    with pytest.raises(NotSent) as caught:
        opened(downloads, url, own_base, most_bytes)
    assert url not in caught.value.fate.reason
    return caught.value.fate


def test_a_file_is_read_bit_by_bit(server: RecordedServer, downloads: Downloads) -> None:
    file = opened(downloads, f"{server.url}/graph/f", f"{server.url}/graph", most_bytes=10)
    assert (file.content_type, file.size) == ("image/jpeg", 10)
    assert [file.read(4), file.read(4), file.read(4), file.read(4)] == [b"0123", b"4567", b"89", b""]
    file.close()
    (asked,) = server.asked
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    "path", ["", "/", "/f", "/graphs/f", "/graph", "/graph/../f", "/graph/%2e%2e/f", "/graph/..%5cf"]
)
def test_beside_the_servers_base_nothing_is_asked(server: RecordedServer, downloads: Downloads, path: str) -> None:
    """The simulators' host has the stack's console, too."""
    fate = refused(downloads, f"{server.url}{path}", f"{server.url}/graph")
    assert (fate.reason.partition(":")[0], server.asked) == ("media_refused", [])


def test_redirects_are_followed_within_limits(server: RecordedServer, downloads: Downloads) -> None:
    moved = Answer(status=302, headers={"Location": "/g"})
    server.answers = [moved, *server.answers]
    file = opened(downloads, f"{server.url}/f", server.url)
    assert file.read(100) == b"0123456789"
    file.close()
    assert [asked.path for asked in server.asked] == ["/f", "/g"]
    server.answers = [moved]
    assert refused(downloads, f"{server.url}/f", server.url).reason.startswith("media_refused: ")


@pytest.mark.parametrize(
    ("answer", "fate", "word"),
    [
        (Answer(status=403), Permanent, "media_gone"),
        (Answer(status=404), Permanent, "media_gone"),
        (Answer(status=500), TryAgain, "media_unreachable"),
        (Answer(status=429), ThrottledUntil, "media_throttled"),
        (Answer(hangs_up=True), TryAgain, "media_unreachable"),
        (Answer(b"x" * 101), Permanent, "too_large"),
        (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), Permanent, "media_refused"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), Permanent, "media_refused"),
    ],
)
def test_answers_that_are_no_file(
    server: RecordedServer, downloads: Downloads, answer: Answer, fate: type[Fate], word: str
) -> None:
    server.answers = [answer]
    found = refused(downloads, f"{server.url}/f", server.url)
    assert type(found) is fate
    assert found.reason.startswith(f"{word}: ")


def test_a_file_longer_than_it_says_is_cut_off(downloads: Downloads) -> None:
    with EndlessServer() as url:
        file = opened(downloads, url, url, most_bytes=1_000_000)
        with pytest.raises(NotSent) as caught:
            read_all(file)
        file.close()
    assert caught.value.fate.reason.startswith("too_large: ")


def test_a_file_that_takes_too_long_comes_again(downloads: Downloads) -> None:
    with EndlessServer() as url:
        file = downloads.open(url, own_base=url, most_bytes=10**9, remaining_ms=lambda: 0)
        with pytest.raises(NotSent) as caught:
            file.read(100)
        file.close()
    assert isinstance(caught.value.fate, TryAgain)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/f",
        "https://127.0.0.1:1/f",
        "https://localhost/f",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/f",
        "https://2130706433/f",
        "https://10.1.2.3:443/f",
        "file:///etc/passwd",
        "ftp://cdn.example/f",
        "https://",
        "https://cdn.example:0/f",
        "https://cdn.example:99999/f",
        "https://cdn.example/\n",
        "",
    ],
)
def test_nothing_but_public_https(server: RecordedServer, downloads: Downloads, url: str) -> None:
    for own_base in (None, server.url):
        with pytest.raises(NotSent) as caught:
            opened(downloads, url, own_base)
        assert caught.value.fate.reason.split(":")[0] in ("media_refused", "media_unreachable")
    assert server.asked == []


def test_the_host_of_an_account_is_that_of_no_other(server: RecordedServer, downloads: Downloads) -> None:
    assert isinstance(refused(downloads, f"{server.url}/f", None), Permanent)
    assert isinstance(refused(downloads, f"{server.url}/f", "http://127.0.0.1:1"), Permanent)
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("157.240.1.1", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.0.0.8", False),
        ("192.168.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


class EndlessServer:
    """Answers with a body that has no end."""

    def __enter__(self) -> str:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        asked, _ = self._socket.accept()
        with asked:
            asked.recv(65_536)
            asked.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            try:
                while True:
                    asked.sendall(b"x" * 65_536)
            except OSError:
                return

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._socket.close()
