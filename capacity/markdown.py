"""Tables and numbers as the document shows them."""

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def number(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def rounded(value: float) -> str:
    """Two digits that count: what is computed from assumptions is no more exact."""
    if value == 0:
        return "0"
    digits = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return number(value) if digits < 3 else f"{round(value, 2 - digits):,.0f}"


def per_minute(per_second: float) -> str:
    return "never" if per_second == float("inf") else rounded(per_second * 60)


def usd(value: float) -> str:
    return f"${rounded(value)}"
