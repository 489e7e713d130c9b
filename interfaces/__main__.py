"""Writes every file that is made from the contract."""

from interfaces.written import ROOT, WRITTEN


def main() -> None:
    """Write them, and say which were another."""
    for name, text in WRITTEN.items():
        path, wanted = ROOT / name, text()
        if not path.exists() or path.read_text() != wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted)
            print(name)


main()
