"""A small line chart as SVG."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT, TOP = 960, 360, 56, 32, 190, 30
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#7f7f7f", "#8c564b")


def line_chart(title: str, minutes: Sequence[float], series: Mapping[str, Sequence[float]]) -> str:
    """One line for each series, over minutes. All begin at zero, so that what grows is seen in its proportion."""
    span = max(minutes[-1], 1e-9) if minutes else 1.0
    top = max((max(values, default=0.0) for values in series.values()), default=0.0) * 1.05 or 1.0
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(minute: float, value: float) -> str:
        return f"{LEFT + minute / span * width:.1f},{TOP + height - value / top * height:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    for step in range(5):
        y = TOP + height * (1 - step / 4)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * step / 4:.0f}</text>')
        x = LEFT + width * step / 4
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{span * step / 4:.0f} min</text>')
    for index, (name, values) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(at(minute, value) for minute, value in zip(minutes, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y = TOP + 14 + 18 * index
        parts.append(f'<rect x="{LEFT + width + 14}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + width + 30}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
