"""docs/authorisation.md: the matrix as a page. `python -m tests.e2e.authorisation.table` (scripts/authorisation) writes it."""

from tests.e2e.authorisation.matrix import SECTIONS, WITHOUT_ROW
from tests.e2e.authorisation.row import NO_TOKEN, ROLES, Row
from tests.e2e.running_stack import ROOT

FILE = ROOT / "docs" / "authorisation.md"
_HEAD = """# Who may do what

Every operation of the HTTP API and of the WebSocket API, each with every kind of target and asked by everybody. The rules are
in `chat4all.domain.roles`; the table is `tests/e2e/authorisation/matrix.py`, and `test_matrix.py` beside it asks all of it of
the running system. It fails when an operation of the template is not in it. `scripts/authorisation` writes this page.

What one may not see does not exist: the answer is 404 with the same body as for what is not there. What is refused leaves no
trace. A number is a status, with the error's code behind a colon; `shown` and `hidden` say whether a list holds the group;
`ack` is a WebSocket's answer, `closed` that its connection has been ended.
"""
_WITHOUT_A_TOKEN = """
A guest has no password and so never a token: they act by their channel's webhook only. Where a token is needed, these get 401
(a WebSocket is not opened), whatever they ask for:

| token | |
|---|---|
"""


def render() -> str:
    """The page."""
    text = _HEAD + "\n| caller | |\n|---|---|\n" + "".join(f"| {name} | {said} |\n" for name, said in ROLES.items())
    text += _WITHOUT_A_TOKEN + "".join(f"| {name} | {said} |\n" for name, said in NO_TOKEN.items())
    for section, rows in SECTIONS.items():
        text += f"\n## {section}\n\n{_table(list(rows))}"
    left_out = "".join(f"- `{name}`: {why}.\n" for name, why in WITHOUT_ROW.items())
    return f"{text}\nWithout a row:\n\n{left_out}"


def _table(rows: list[Row]) -> str:
    if all(row.public for row in rows):
        head = "| operation | target | everybody |\n|---|---|---|\n"
        return head + "".join(f"| `{row.operation}` | {row.target} | {row.outcomes[0]} |\n" for row in rows)
    head = f"| operation | target | {' | '.join(ROLES)} |\n|---|---|{'---|' * len(ROLES)}\n"
    return head + "".join(f"| `{row.operation}` | {row.target} | {' | '.join(row.outcomes)} |\n" for row in rows)


if __name__ == "__main__":
    FILE.write_text(render(), "utf-8")
    print(f"wrote {FILE.relative_to(ROOT)}")
