"""Which modules a module loads, so that a browser can be told of all at once instead of finding them one by one."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

_IMPORT = re.compile(rb"""^[ \t]*(?:import|export)\b(?:[^;"'()]*?\bfrom\b)?\s*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
"""ImportDeclaration and ExportDeclaration with a ModuleSpecifier (ECMAScript, 16.2); import() loads later, on purpose."""
_PAGE_MODULE = re.compile(rb'<script src="(/[^"]+)" type="module"></script>')
_LINK = b'  <link rel="modulepreload" href="%s">'


def with_preloads(page: bytes, prefix: bytes, sources: Mapping[str, bytes]) -> bytes:
    """`page` with a link for each module that its scripts below the path `prefix` load, before the end of its head.

    HTML Living Standard, 4.6.7.12: a `modulepreload` fetches the module, not what it imports, so all are named.
    """
    links = [
        _LINK % (prefix + name.encode())
        for start in _PAGE_MODULE.findall(page)
        if start.startswith(prefix)
        for name in loaded(start.removeprefix(prefix).decode(), sources)
    ]
    missing = [link for link in dict.fromkeys(links) if link.strip() not in page]
    return page.replace(b"</head>", b"\n".join([*missing, b"</head>"]), 1)


def loaded(start: str, sources: Mapping[str, bytes]) -> list[str]:
    """Names of the modules that `start` loads, near ones first, each once, without those that are not in `sources`."""
    found = dict.fromkeys([start])
    waiting = [start]
    for name in waiting:
        new = [each for each in _imported(name, sources.get(name, b"")) if each in sources and each not in found]
        found |= dict.fromkeys(new)
        waiting += dict.fromkeys(new)
    return list(found)[1:]


def _imported(name: str, source: bytes) -> Iterator[str]:
    for specifier in _IMPORT.findall(source):
        yield normpath(join(dirname(name), specifier.decode()))
