"""README.pt.md says what README.md says: they change together."""

import re

from tests.unit.documents.markdown import ROOT, Document

ENGLISH, PORTUGUESE = Document(ROOT / "README.md"), Document(ROOT / "README.pt.md")
_CODE = re.compile(r"`([^`\n]+)`")


def commands(document: Document) -> list[str]:
    """Lines of blocks of code, without comments."""
    lines = (line for block in document.code for line in block.splitlines())
    return [text for line in lines if (text := re.sub(r"\s+#\s.*$", "", line).strip())]


def links(document: Document) -> list[str]:
    """In their order, without those from one README to the other; headings have other names there."""
    return [link.partition("#")[0] for link in document.links if not re.fullmatch(r"README(\.pt)?\.md", link)]


def rows(document: Document) -> list[int]:
    """How many cells each row of each table has."""
    return [line.count(" | ") for line in document.text.splitlines() if line.startswith("|")]


def test_headings_are_as_many_and_of_the_same_levels() -> None:
    assert [level for level, _ in PORTUGUESE.headings] == [level for level, _ in ENGLISH.headings]


def test_commands_are_the_same() -> None:
    assert len(commands(ENGLISH)) > 15
    assert commands(PORTUGUESE) == commands(ENGLISH)


def test_links_and_pictures_are_the_same_in_the_same_order() -> None:
    assert links(PORTUGUESE) == links(ENGLISH)


def test_names_in_code_are_the_same() -> None:
    """Where a sentence is turned around they come in another order."""
    inline = [sorted(set(_CODE.findall(document.text))) for document in (ENGLISH, PORTUGUESE)]
    assert inline[1] == inline[0]


def test_tables_have_the_same_rows() -> None:
    assert rows(PORTUGUESE) == rows(ENGLISH)


def test_each_leads_to_the_other() -> None:
    assert "README.pt.md" in ENGLISH.links
    assert "README.md" in PORTUGUESE.links
