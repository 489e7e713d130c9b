"""A file in a multipart/form-data body (RFC 7578)."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from multipart import MultipartError, MultipartParser, parse_options_header

from chat4all.errors import FieldError, Invalid

_FIELDS = ("kind", "sha256")
_FIELD_MAX = 256


@dataclass(frozen=True, slots=True)
class FileForm:
    """The parts of the form."""

    filename: str | None
    content_type: str | None
    body: bytes
    fields: dict[str, str]
    """Of kind and sha256 those that were given."""


def file_form(content_type: str | None, body: bytes) -> FileForm:
    """The form: one part `file`, and at most one of each of the fields.

    Raises:
        Invalid: `invalid_form`: it is none, or has other parts; the pointer names the part.
    """
    kind, options = parse_options_header(content_type or "")
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise _invalid("content-type", "must be multipart/form-data with a boundary")
    found: dict[str, Any] = {}
    try:
        # All of it is in memory already, so no part goes to a file.
        room = len(body) + 1
        parser = MultipartParser(
            BytesIO(body), options["boundary"], len(body), part_limit=8, spool_limit=room, memory_limit=room
        )
        for part in parser:
            if part.name in found:
                raise _invalid(f"/{part.name}", "is given more than once")
            if part.name not in ("file", *_FIELDS):
                raise _invalid(f"/{part.name}", f"is not known; known: file, {', '.join(_FIELDS)}")
            found[part.name] = part
        file = found.pop("file", None)
        if file is None:
            raise _invalid("/file", "is missing")
        fields = {name: _text(name, part.raw) for name, part in found.items()}
        declared = file.headers.get("content-type")
        return FileForm(file.filename, declared, file.raw, fields)
    except (MultipartError, UnicodeError) as error:
        raise _invalid("", f"The body is no form: {error}") from error


def _text(name: str, raw: bytes) -> str:
    if len(raw) > _FIELD_MAX:
        raise _invalid(f"/{name}", f"has {len(raw)} bytes; at most {_FIELD_MAX}")
    return raw.decode().strip()


def _invalid(pointer: str, detail: str) -> Invalid:
    text = f"{pointer}: {detail}" if pointer else detail
    return Invalid(text, code="invalid_form", errors=(FieldError(pointer, detail),) if pointer else ())
