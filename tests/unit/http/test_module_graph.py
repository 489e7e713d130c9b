"""Which modules a page loads, read from their sources."""

import pytest

from chat4all.http.module_graph import loaded, with_preloads

SOURCES = {
    "chat/main.js": b'import { a } from "./a.js";\nimport "../page/early.js";\nconst late = () => import("./late.js");\n',
    "chat/a.js": b'// import x from "./said.js"\nimport {\n  b,\n  c as d,\n} from "./b.js";\nexport const from = "./text.js";\n',
    "chat/b.js": b"/** @type {import('./types.js').T} */\nexport * from '../page/again.js';\nexport * as all from \"./a.js\";\n",
    "page/again.js": b'export { x } from "../chat/main.js"; import{y}from"./y.js";\nexport default function f(a = "./no") {}\n',
    "page/early.js": b'import other from "https://example.com/x.js";\nimport "./nowhere.js";\n',
    **dict.fromkeys(
        ["chat/late.js", "chat/said.js", "chat/text.js", "chat/types.js", "page/y.js", "page/no.js"],
        b"export const x = 1;\n",
    ),
}


def test_all_that_is_imported_is_found_once_near_ones_first() -> None:
    assert loaded("chat/main.js", SOURCES) == ["chat/a.js", "page/early.js", "chat/b.js", "page/again.js"]


def test_a_module_that_imports_nothing_loads_nothing() -> None:
    assert loaded("chat/late.js", SOURCES) == []
    assert loaded("is not there.js", SOURCES) == []


@pytest.mark.parametrize(
    "script",
    [b'<script src="/pages/1/chat/main.js"></script>', b'<script src="/other/chat/main.js" type="module"></script>'],
)
def test_only_modules_of_the_page_s_own_files_are_followed(script: bytes) -> None:
    page = b"<head>\n" + script + b"\n</head>"
    assert with_preloads(page, b"/pages/1/", SOURCES) == page


def test_a_page_gets_a_link_for_each_unless_it_has_it() -> None:
    own = b'<link rel="modulepreload" href="/pages/1/chat/a.js">'
    page = (
        b"<head>\n"
        + own
        + b'\n<script src="/pages/1/chat/main.js" type="module"></script>\n</head><body></head></body>'
    )
    links = with_preloads(page, b"/pages/1/", SOURCES).split(b"</script>\n")[1].splitlines()
    assert links == [
        b'  <link rel="modulepreload" href="/pages/1/page/early.js">',
        b'  <link rel="modulepreload" href="/pages/1/chat/b.js">',
        b'  <link rel="modulepreload" href="/pages/1/page/again.js">',
        b"</head><body></head></body>",
    ]
