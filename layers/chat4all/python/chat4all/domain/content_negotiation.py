"""What a browser says that it would like (RFC 9110, section 12): a page rather than a file, and in which language."""

from collections.abc import Iterator, Sequence


def wants_page(accept: str | None) -> bool:
    """Whether a page is asked for. Only browsers name text/html; whatever takes anything (`*/*`) takes the file itself."""
    return any(name == "text/html" and weight > 0 for name, weight in _weighed(accept))


def language(accept_language: str | None, known: Sequence[str]) -> str:
    """Of the known languages the one that is liked best (RFC 4647, 3.4: `pt-BR` is served by `pt`); the first where none is."""
    liked = sorted(_weighed(accept_language), key=lambda each: -each[1])  # of equals the first named
    return next((main for name, weight in liked if weight > 0 and (main := name.partition("-")[0]) in known), known[0])


def _weighed(header: str | None) -> Iterator[tuple[str, float]]:
    """(value in lower case, its q) of each; what has no sensible q counts as 0."""
    for item in (header or "").lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weights = [parameter[2:] for parameter in parameters if parameter.startswith("q=")]
        yield name, _weight(weights[0]) if weights else 1.0


def _weight(text: str) -> float:
    try:
        return max(0.0, min(1.0, float(text)))
    except ValueError:
        return 0.0
