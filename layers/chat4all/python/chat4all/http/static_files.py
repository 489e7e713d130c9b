"""Files of a function's own folder as browsers want them: typed, compressed, and sent again only when they have changed."""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from chat4all.errors import MethodNotAllowed, NotFound
from chat4all.http.module_graph import with_preloads

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
"""What is served; other files are not. The types are those that modules and style sheets must have (HTML Living Standard)."""
READ = ("GET", "HEAD")
ASKED_AGAIN = "no-cache"
"""Kept, and asked for each time: 304 where it is the same (RFC 9111, 5.2.2.4)."""
KEPT = "public, max-age=31536000, immutable"
"""For an address that has the version in it (RFC 8246)."""
_VERSION = b"{version}"
_IS_VERSION = re.compile("[0-9a-f]{12}")
_SMALL = 1000
"""Bytes below which compression gains nothing: they fit a packet."""

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class StaticFile:
    """One file as it is served."""

    content_type: str
    body: bytes
    etag: str

    @cached_property
    def compressed(self) -> bytes | None:
        """With gzip, when it is asked for first: one process of Lambda's serves few of the files. None where it gains nothing."""
        return gzip.compress(self.body, mtime=0) if len(self.body) >= _SMALL else None


class StaticFiles:
    """The files below a folder. `{version}` in an HTML file is replaced by `version`, which changes with any of the files.

    HTML files also get links for all modules that theirs load (module_graph), as files below the path `prefix`.
    """

    def __init__(self, root: Path, prefix: str = "/pages/") -> None:
        read = {path.relative_to(root).as_posix(): path.read_bytes() for path in _served(root)}
        self.version = _digest(*(part for name in sorted(read) for part in (name.encode(), read[name])))[:12]
        bodies = {name: self._filled_in(name, read, prefix) for name in read}
        self.files: Mapping[str, StaticFile] = {
            name: StaticFile(TYPES[Path(name).suffix], body, f'W/"{_digest(body)[:16]}"')
            for name, body in bodies.items()
        }

    def answer(self, method: str, name: str, asked: Mapping[str, str]) -> Response[Any]:
        """What a request for a file is answered. Below `<version>/` a file may be kept, else it is asked for again each time.

        Args:
            method: of the request.
            name: path below the folder.
            asked: headers of the request, their names in lower case.

        Raises:
            NotFound, MethodNotAllowed.
        """
        first, _, rest = name.partition("/")
        is_versioned = first == self.version
        file = self.files.get(rest if _IS_VERSION.fullmatch(first) else name)
        if file is None:
            raise NotFound(f"No such file: {name}")
        if method not in READ:
            raise MethodNotAllowed(f"{name} can be read only", allow=READ)
        headers = {"ETag": file.etag, "Cache-Control": KEPT if is_versioned else ASKED_AGAIN, "Vary": "Accept-Encoding"}
        headers["X-Content-Type-Options"] = "nosniff"
        if _is_known(asked.get("if-none-match", ""), file.etag):
            return Response(304, headers=headers)
        body = file.body
        if _takes_gzip(asked.get("accept-encoding", "")) and file.compressed is not None:
            body, headers["Content-Encoding"] = file.compressed, "gzip"
        return Response(200, file.content_type, body if method == "GET" else b"", headers)

    def _filled_in(self, name: str, read: Mapping[str, bytes], prefix: str) -> bytes:
        if not name.endswith(".html"):
            return read[name]
        page = read[name].replace(_VERSION, self.version.encode())
        return with_preloads(page, f"{prefix}{self.version}/".encode(), read)


def stamp(root: Path) -> Stamp:
    """What is another when a file was saved, added or removed."""
    return tuple(sorted((str(path), (s := path.stat()).st_mtime_ns, s.st_size) for path in _served(root)))


def _served(root: Path) -> Iterator[Path]:
    """Also below symbolic links, which Path.glob does not follow."""
    for folder, _, names in os.walk(root, followlinks=True):
        yield from (Path(folder, name) for name in names if Path(name).suffix in TYPES)


def _is_known(if_none_match: str, etag: str) -> bool:
    """RFC 9110, 13.1.2: weak comparison, of one of a list or of anything."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


def _takes_gzip(accept_encoding: str) -> bool:
    """RFC 9110, 12.5.3; `*` is not looked at: browsers name it."""
    for item in accept_encoding.lower().split(","):
        coding, _, quality = item.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return quality.strip("0.") != "" or quality == ""
    return False


def _digest(*parts: bytes) -> str:
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()
