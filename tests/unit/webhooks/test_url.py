"""Addresses of endpoints: what is refused before anything is asked of a network."""

import pytest

from chat4all.domain.webhook_url import check_url, hosts_of
from chat4all.errors import Invalid

PUBLIC = [
    "https://example.com",
    "https://example.com/hooks?key=a%20b&x=[1]",
    "https://EXAMPLE.com:443/",
    "https://example.com:8443/hook",
    "https://8.8.8.8/hook",
    "https://xn--bcher-kva.example/hook",
    "https://a_b.example.com/",
    "https://local.example.com/",
]
NOT_URLS = [
    "",
    "example.com/hook",
    "ftp://example.com",
    "https://",
    "https://user:secret@example.com/",
    "https://user@example.com/",
    "https://example.com/#part",
    "https://exa mple.com/",
    "https://example.com/\n",
    "https://example.com\\@127.0.0.1/",
    "https://büch.example/",
    "https://example.com:99999/",
    "https://example.com:-1/",
    "https://exam<ple.com/",
    "https://%31%32%37.0.0.1/",
    "javascript:alert(1)",
    "https://[::1",
    "https://[v1.example.com]/",
    "https://a..example.com/",
    "https://.example.com/",
    f"https://{'a' * 64}.example.com/",
    f"https://{'a.' * 127}com/",
]
NOT_PUBLIC = [
    "http://example.com/hook",
    "https://localhost/",
    "https://localhost./",
    "https://api.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://router.home.arpa/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://192.0.0.8/",
    "https://2130706433/",
    "https://127.1/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://8.8.8.010/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2606:4700::1111]/",
    "https://example.com:22/",
    "https://example.com:80/",
    "https://example.com:0/",
]


@pytest.mark.parametrize("url", PUBLIC)
def test_what_may_be_public_is_taken(url: str) -> None:
    check_url(url, frozenset())


@pytest.mark.parametrize(("urls", "code"), [(NOT_URLS, "invalid"), (NOT_PUBLIC, "host_not_allowed")])
def test_what_is_no_address_of_a_public_server_is_refused(urls: list[str], code: str) -> None:
    for url in urls:
        with pytest.raises(Invalid) as refused:
            check_url(url, frozenset())
        assert (url, refused.value.code, refused.value.errors[0].pointer) == (url, code, "/url")


def test_a_deployment_lists_what_may_be_private_and_without_tls() -> None:
    allowed = hosts_of("127.0.0.1, Hooks.internal:9000,")
    assert allowed == {"127.0.0.1", "hooks.internal:9000"}
    for url in ("http://127.0.0.1:1234/x", "https://127.0.0.1/", "http://HOOKS.internal:9000"):
        check_url(url, allowed)
    for url in ("http://hooks.internal/", "http://127.0.0.2/", "http://127.0.0.1.example.com/", "https://0x7f.0.0.1/"):
        with pytest.raises(Invalid):
            check_url(url, allowed)
