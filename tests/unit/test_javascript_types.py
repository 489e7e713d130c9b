"""The types of the JavaScript client are those of its modules: `npm run types` in clients/javascript makes them."""

import re
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "clients/javascript"
PUBLIC = ("index", "api", "session", "uploads", "upload", "live/client", "operations", "requests")
_EXPORTED = re.compile(r"export (?:\{([^}]*)\}|(?:declare )?(?:class|function|const) (\w+))")
_KEYWORDS = {"if", "for", "while", "return", "switch", "catch", "constructor", "super"}


def test_every_exported_name_and_method_has_its_type() -> None:
    for name in PUBLIC:
        source, types = (CLIENT / folder / f"{name}{end}" for folder, end in (("chat4all", ".js"), ("types", ".d.ts")))
        assert exported(source.read_text()) <= exported(types.read_text()), name
        # A getter has no parentheses in its type.
        typed = set(re.findall(r"^ {4}(?:static |get )*(\w+)\(", types.read_text(), re.MULTILINE))
        assert methods(source.read_text()) <= typed, name


def exported(text: str) -> set[str]:
    found = [names or name for names, name in _EXPORTED.findall(text)]
    return {one.strip() for names in found for one in names.split(",")}


def methods(text: str) -> set[str]:
    return set(re.findall(r"^  (?:static |async |get )*([a-z]\w*)\(.*\{$", text, re.MULTILINE)) - _KEYWORDS
