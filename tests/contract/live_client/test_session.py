"""The session of the JavaScript client: whose refresh token is used when, and by which clock."""

from typing import Any

from tests.local.console.browser import Page

_SCENE = """import('/clients/javascript/chat4all/session.js').then(async ({ Session }) => {
    const kept = new Map(), real = { fetch: window.fetch, now: Date.now };
    const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v), removeItem: (k) => kept.delete(k) };
    const part = (claims) => btoa(JSON.stringify(claims)).replaceAll("=", "");
    let number = 0, refusal = 0;
    const calls = [];
    window.fetch = async (url, { body }) => {
        calls.push([url, JSON.parse(body).refresh_token ?? ""]);
        await new Promise((done) => setTimeout(done));
        if (refusal) return new Response("{}", { status: refusal });
        const access_token = `a.${part({ sub: "ana", n: ++number })}.c`;
        const expires_at = new Date(real.now() + 1_800_000).toISOString();
        return Response.json({ access_token, refresh_token: `r${number}`, expires_in: 1800, expires_at });
    };
    try {
        %s
    } finally {
        Object.assign(window, { fetch: real.fetch });
        Date.now = real.now;
    }
})"""


def scene(page: Page, script: str) -> Any:
    return page.run(_SCENE.replace("%s", script))


def test_of_two_tabs_with_one_storage_one_renews(page: Page) -> None:
    script = """
        const one = new Session({ storage });
        await one.signIn("ana", "secret");
        const other = new Session({ storage });
        Date.now = () => real.now() + 1_790_000;
        const tokens = await Promise.all([one.token(), other.token(), one.token()]);
        return [calls, new Set(tokens).size]"""
    assert scene(page, script) == [[["/auth/token", ""], ["/auth/refresh", "r1"]], 1]


def test_a_clock_that_is_wrong_by_hours_renews_no_earlier(page: Page) -> None:
    script = """
        for (const hours of [-5, 5]) {
            Date.now = () => real.now() + hours * 3_600_000;
            const session = new Session({ storage });
            await session.signIn("ana", "secret");
            await session.token();
        }
        return calls.length"""
    assert scene(page, script) == 2


def test_the_end_of_a_session_says_why_and_is_that_of_all_tabs(page: Page) -> None:
    script = """
        const one = new Session({ storage }), told = [];
        await one.signIn("ana", "secret");
        const other = new Session({ storage });
        for (const session of [one, other]) session.addEventListener("ended", (event) => told.push(event.detail.why));
        await one.signOut();
        Date.now = () => real.now() + 1_790_000;
        const seen = await other.token().catch((error) => error.name);
        await other.signIn("ana", "secret");
        refusal = 400;
        const refused = await other.token(await other.token()).catch((error) => error.name);
        return [told, seen, refused, other.userId]"""
    assert scene(page, script) == [["signed_out", "signed_out", "refused"], "SignedOut", "SignedOut", None]
