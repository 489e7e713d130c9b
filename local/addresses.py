"""The addresses that a person needs, and the example that works when pasted."""

from collections.abc import Mapping

from local.application import LEFT_OUT, Application
from local.endpoints import Endpoints


def addresses(application: Application, endpoints: Endpoints, simulators: bool) -> dict[str, str]:
    """Address by what is there, in the order to show them."""
    found = {}
    for index, http in enumerate(application.http_apis):
        found[_label("HTTP API", http.logical_id, index)] = f"http://{endpoints.host}:{endpoints.http_port + index}"
    for index, websocket in enumerate(application.websocket_apis):
        address = f"ws://{endpoints.host}:{endpoints.websocket_port + index}"
        found[_label("WebSocket API", websocket.logical_id, index)] = address
    found["AWS endpoint"] = endpoints.aws_url
    if application.kafka_mappings:
        found["Kafka"] = endpoints.kafka_bootstrap_servers
    if simulators:
        found["Console"] = endpoints.console_url
    return found | _pages(application, set(found.values()))


def _pages(application: Application, known: set[str]) -> dict[str, str]:
    """Outputs of the template that are addresses here and not told yet, such as that of a page."""
    here = tuple(address for address in known if address.startswith("http://"))
    return {
        name.removesuffix("Url"): value
        for name, value in application.outputs.items()
        if value not in known and value.startswith(here)
    }


def _label(kind: str, logical_id: str, index: int) -> str:
    return kind if index == 0 else f"{kind} {logical_id}"


def ready_text(application: Application, endpoints: Endpoints, found: Mapping[str, str]) -> str:
    """What is printed once a stack is ready."""
    lines = [f"  {name:<16} {address}" for name, address in found.items()]
    asked = [each.name for each in application.ignored if each.reason == LEFT_OUT]
    if asked:
        lines.append(f"  left out by --without: {', '.join(asked)}")
    if others := len(application.ignored) - len(asked):
        lines.append(f"  left out: {others} resources and properties that change nothing here (--verbose names them)")
    example = _example(application, endpoints)
    if example:
        lines += ["", "Try it:", "", example.rstrip("\n")]
    return "\n".join(lines)


def _example(application: Application, endpoints: Endpoints) -> str:
    """`docs/example.txt` beside the template, with placeholders such as {http_url} filled in; empty without it.

    Only known placeholders are: braces of JSON and of shell functions stay.
    """
    from local.template.placeholders import known_placeholders

    file = application.template.parent / "docs" / "example.txt"
    if not file.exists():
        return ""
    text = file.read_text("utf-8")
    for name, value in known_placeholders(endpoints).items():
        text = text.replace(f"{{{name}}}", value)
    return text
