"""Whoever reads finds: every relative link leads to a file and a heading, and every document is reached from docs/README.md."""

from pathlib import Path

import pytest

from tests.unit.documents.markdown import ROOT, Document, documents

DOCUMENTS = documents()
INDEX = Document(ROOT / "docs/README.md")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading(document: Document) -> None:
    wrong = []
    for link in document.relative_links:
        path, anchor = document.target(link)
        if not path.exists():
            wrong.append(f"{link}: there is no {path}")
        elif anchor and path.suffix == ".md" and anchor not in Document(path).anchors:
            wrong.append(f"{link}: no such heading; there are {sorted(Document(path).anchors)}")
    assert not wrong, "\n".join(wrong)


def test_every_document_is_reached_from_the_index() -> None:
    missing = {one.path for one in DOCUMENTS} - reached(INDEX) - {INDEX.path}
    assert not missing, f"no way from docs/README.md to {sorted(str(path.relative_to(ROOT)) for path in missing)}"


def reached(index: Document) -> set[Path]:
    """The documents to which links lead, of the index and of what they lead to; a link to a folder leads to all in it."""
    found: set[Path] = set()
    waiting = [index]
    while waiting:
        document = waiting.pop()
        for link in document.relative_links:
            path, _ = document.target(link)
            for target in sorted(path.glob("*.md")) if path.is_dir() else [path]:
                if target.suffix == ".md" and target.exists() and target not in found:
                    found.add(target)
                    waiting.append(Document(target))
    return found


def test_a_heading_is_named_as_github_names_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# What `this` is: a [link](b.md)!\n\n## Twice\n## Twice\n```\n# no heading\n```\n")
    assert Document(path).anchors == {"what-this-is-a-link", "twice", "twice-1"}


def test_links_in_code_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("[a](b.md#c) ![p](p.png) `[no](no.md)`\n\n```\n[no](no.md)\n```\n[x [y]](https://z.example)\n")
    assert Document(path).links == ["b.md#c", "p.png", "https://z.example"]
    assert Document(path).relative_links == ["b.md#c", "p.png"]


def test_at_night_every_runbook_is_found_from_what_is_said() -> None:
    at_night = Document(ROOT / "docs/operations.md")
    named = {at_night.target(link)[0].stem for link in at_night.links if link.startswith("runbooks/")}
    assert named == {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")}
