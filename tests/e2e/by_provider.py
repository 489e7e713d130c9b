"""Signing in with Google and GitHub on the whole stack: its gateways, its functions, and the simulated providers."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from tests.e2e.people import ok


async def sign_in(url: str, provider: str, name: str) -> tuple[dict[str, str], set[str]]:
    """The answer of the exchange, and every secret of the way.

    Args:
        url: of the HTTP API.
        name: of somebody new at the provider.
    """
    verifier = secrets.token_urlsafe(32)
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "return_to": f"{url}/chat",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    async with httpx.AsyncClient(base_url=url, timeout=30) as browser:
        begun = await browser.get(f"/auth/{provider}/login", params=query)
        assert begun.status_code == 302, begun.text
        person = {"name": name, "email": f"{name}@example.com"}
        chosen = await browser.post(begun.headers["Location"], data=person)
        back = parse_qs(urlsplit(chosen.headers["Location"]).query)
        way = {verifier, *browser.cookies.values(), back["code"][0], back["state"][0]}
        page = await browser.get(chosen.headers["Location"])
        assert page.headers["Location"].startswith(f"{url}/chat#"), page.headers
        assert not browser.cookies
        code = dict(parse_qsl(urlsplit(page.headers["Location"]).fragment))["sign-in"]
        path = f"/auth/{provider}/exchange"
        given = ok(await browser.post(path, json={"code": code, "code_verifier": verifier}), 200)
        again = await browser.post(path, json={"code": code, "code_verifier": verifier})
        assert again.json()["code"] == "invalid_sign_in_code"
        late = await browser.get(chosen.headers["Location"])
        assert "sign_in_state" in late.headers["Location"]
    way |= {code, given["access_token"].rpartition(".")[2], given["refresh_token"].partition(".")[2]}
    return given, way
