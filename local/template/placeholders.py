"""Placeholders such as `{http_url}` in parameter values, filled with the addresses of the running stack."""

import re
from collections.abc import Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from local.endpoints import Endpoints
from local.template.errors import TemplateError

_PLACEHOLDER = re.compile(r"\{(\{[A-Za-z_][A-Za-z0-9_]*\})\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def known_placeholders(endpoints: Endpoints) -> dict[str, str]:
    """Return every name that may stand in braces: the fields and properties of `Endpoints`, and host:port forms.

    For each `NAME_url` there is `NAME_host`, its `host:port`.
    """
    values = {field.name: str(getattr(endpoints, field.name)) for field in fields(endpoints)}
    for name, attribute in vars(type(endpoints)).items():
        if isinstance(attribute, property):
            values[name] = str(getattr(endpoints, name))
    hosts = {
        f"{name[: -len('_url')]}_host": urlsplit(url).netloc for name, url in values.items() if name[-4:] == "_url"
    }
    return values | hosts


def fill_placeholders(parameters: Mapping[str, str], endpoints: Endpoints) -> dict[str, str]:
    """Fill the placeholders of parameter values; `{{name}}` stands for a literal `{name}`.

    Raises:
        TemplateError: a name in braces is not known.
    """
    known = known_placeholders(endpoints)

    def fill(parameter: str, value: str) -> str:
        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return str(literal)
            if name not in known:
                names = ", ".join(sorted(known))
                raise TemplateError(
                    f"the value {value!r} has the unknown placeholder {{{name}}}; known are {names} "
                    f"(write {{{{{name}}}}} where the braces are meant literally)",
                    ("Parameters", parameter),
                )
            return known[name]

        return _PLACEHOLDER.sub(replace, value)

    return {name: fill(name, value) for name, value in parameters.items()}
