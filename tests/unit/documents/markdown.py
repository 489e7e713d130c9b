"""What these tests read of a Markdown document: its links, headings and code, as GitHub shows them."""

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_FENCED = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2[`~]*$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?: {4}.*\n|\n(?= {4}))+", re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(<?([^)<>\s]+)>?(?:\s+\"[^\"]*\")?\)")


@dataclass(frozen=True)
class Document:
    """A Markdown file of the repository."""

    path: Path

    @cached_property
    def text(self) -> str:
        """As it is written."""
        return self.path.read_text()

    @property
    def code(self) -> list[str]:
        """Its blocks of code, fenced or indented."""
        fenced = [match[0].strip() for match in _FENCED.finditer(self.text)]
        rest = _FENCED.sub("", self.text)
        return fenced + [match[0].strip("\n") for match in _INDENTED.finditer(rest)]

    @property
    def links(self) -> list[str]:
        """Targets of links and pictures, in their order."""
        return _LINK.findall(re.sub(r"`[^`\n]*`", "x", _FENCED.sub("", self.text)))

    @property
    def relative_links(self) -> list[str]:
        """Those into the repository."""
        return [link for link in self.links if not re.match(r"[a-z][a-z0-9+.-]*:", link)]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """(level, text) of each."""
        found = re.findall(r"^(#{1,6}) +(.+?) *#*$", _FENCED.sub("", self.text), re.MULTILINE)
        return [(len(marks), text) for marks, text in found]

    @property
    def anchors(self) -> set[str]:
        """Names of the headings by which links may name them: https://github.com/gjtorikian/html-pipeline's rule."""
        seen: Counter[str] = Counter()
        names = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", self.text))
        for _, text in self.headings:
            plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
            name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
            names.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
        return names

    def target(self, link: str) -> tuple[Path, str]:
        """File or folder of a relative link, and the anchor in it, or ''."""
        name, _, anchor = link.partition("#")
        return (self.path.parent / name).resolve() if name else self.path, anchor


def documents() -> list[Document]:
    """All that are the repository's own: known to git, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Document(ROOT / name) for name in sorted(set(listed.splitlines())) if (ROOT / name).exists()]
