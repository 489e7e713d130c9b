"""The XML that S3 answers with."""

from xml.etree import ElementTree


def read_answer(answer: bytes) -> ElementTree.Element:
    """From an engine of the stack's own."""
    return ElementTree.fromstring(answer)  # noqa: S314


def text_of(element: ElementTree.Element, name: str) -> str:
    """Empty where there is none."""
    return element.findtext(f"{{*}}{name}") or ""
