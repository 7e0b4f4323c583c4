"""Pictures of money as inline SVG: flows between places, and the way of money through time; pure functions, nothing from outside."""

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape

FONT = "font-family='Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif'"
INK, DIM = "#1f2933", "#7b8794"


def sankey(
    links: Sequence[tuple[str, str, int]],
    columns: Mapping[str, float],
    labels: Mapping[str, tuple[str, str]],
    colours: Mapping[str, str],
    *,
    width: int = 1080,
    height: int = 560,
) -> str:
    """Flows (from, to, amount) as ribbons between bars; bars stand in `columns` from left to right, in the order given there.

    `labels`: first and second line beside each bar. A flow to a column that is not further right is left out: say it beside the picture.
    """
    forward = [(source, target, amount) for source, target, amount in links if columns[source] < columns[target]]
    coming: dict[str, int] = {}
    going: dict[str, int] = {}
    for source, target, amount in forward:
        going[source] = going.get(source, 0) + amount
        coming[target] = coming.get(target, 0) + amount
    nodes = [node for node in columns if node in going or node in coming]
    sizes = {node: max(going.get(node, 0), coming.get(node, 0)) for node in nodes}
    stacks: dict[float, list[str]] = {}
    for node in nodes:
        stacks.setdefault(columns[node], []).append(node)
    # Thin bars still need room for three lines of text: what does not fit before the next column is folded once.
    gap, bar, margin = 44, 14, 24
    room = height - 2 * margin - gap * max((len(stack) - 1 for stack in stacks.values()), default=0)
    scale = room / max((sum(sizes[node] for node in stack) for stack in stacks.values()), default=1)
    first, last = min(stacks, default=0), max(stacks, default=1)
    beside = max((_wide(labels[node][0]) for node in stacks.get(last, [])), default=0)
    step = (width - 30 - min(max(beside, 160), 330)) / max(last - first, 1)
    left = {node: 8 + (columns[node] - first) * step for node in nodes}
    top: dict[str, float] = {}
    for stack in stacks.values():
        at = float(margin)
        for node in stack:
            top[node] = at
            at += max(sizes[node] * scale, 1.5) + gap
    rank = {node: at for at, node in enumerate(nodes)}
    out, into = dict(top), dict(top)
    ribbons = []
    for source, target, amount in sorted(forward, key=lambda link: (rank[link[0]], columns[link[1]], rank[link[1]])):
        thick = amount * scale
        x0, y0, x1, y1 = left[source] + bar, out[source], left[target], into[target]
        out[source] += thick
        into[target] += thick
        half = (x0 + x1) / 2
        low0, low1 = y0 + max(thick, 1), y1 + max(thick, 1)
        said = escape(f"{labels[source][0]} → {labels[target][0]}")
        ribbons.append(
            f"<path d='M{x0:.1f},{y0:.1f} C{half:.1f},{y0:.1f} {half:.1f},{y1:.1f} {x1:.1f},{y1:.1f} "
            f"L{x1:.1f},{low1:.1f} C{half:.1f},{low1:.1f} {half:.1f},{low0:.1f} {x0:.1f},{low0:.1f} Z' "
            f"fill='{colours[target]}' fill-opacity='.35'><title>{said}</title></path>"
        )
    bars = []
    for node in nodes:
        tall = max(sizes[node] * scale, 1.5)
        x, y = left[node], top[node]
        bars.append(f"<rect x='{x:.1f}' y='{y:.1f}' width='{bar}' height='{tall:.1f}' rx='2' fill='{colours[node]}'/>")
        lines = _folded(labels[node][0], step - bar - 10 if columns[node] < last else width)
        at = y + tall / 2 + 5 - 8 * len(lines)
        for number, words in enumerate(lines):
            bars.append(_text(x + bar + 6, at + 16 * number, words, INK, 13, halo=True))
        bars.append(_text(x + bar + 6, at + 16 * len(lines), labels[node][1], INK, 12, halo=True))
    # What a thin bar's label needs below the lowest bar.
    tallest = max((top[node] + sizes[node] * scale for node in nodes), default=0) + margin
    return _svg(width, max(height, round(tallest)), ribbons + bars)


def timeline(
    rows: Sequence[tuple[str, str, Sequence[tuple[dt.date, dt.date, str]]]],
    legend: Sequence[tuple[str, str]],
    *,
    width: int = 1080,
) -> str:
    """One line per row: its label, its figure, and spans (from, to, colour) on a common axis of months; `legend`: (colour, words)."""
    days = [day for _, _, spans in rows for span in spans for day in span[:2]]
    if not days:
        return _svg(width, 30, [_text(8, 20, "没有可画的日期 no dates to draw", DIM, 13)])
    first, last = min(days).replace(day=1), max(days)
    left, right, line, head = 290, width - 130, 26, 64
    scale = (right - left) / max((last - first).days, 1)
    height = head + line * len(rows) + 12

    def x(day: dt.date) -> float:
        return left + (day - first).days * scale

    parts = []
    at = 8.0
    for colour, words in legend:
        parts.append(f"<rect x='{at:.0f}' y='10' width='14' height='12' rx='2' fill='{colour}'/>")
        parts.append(_text(at + 20, 21, words, INK, 13))
        at += 44 + _wide(words)
    month = first
    while month <= last:
        parts.append(f"<line x1='{x(month):.1f}' x2='{x(month):.1f}' y1='{head - 8}' y2='{height}' stroke='#e4e7eb'/>")
        parts.append(_text(x(month) + 3, head - 12, f"{month:%Y-%m}", DIM, 12))
        month = (month + dt.timedelta(days=32)).replace(day=1)
    for number, (label, figure, spans) in enumerate(rows):
        y = head + number * line
        parts.append(_text(8, y + 15, label, INK, 13))
        for start, end, colour in spans:
            wide = max(x(end) - x(start), 3)
            parts.append(
                f"<rect x='{x(start):.1f}' y='{y + 4}' width='{wide:.1f}' height='14' rx='2' fill='{colour}'>"
                f"<title>{start} – {end}，{(end - start).days} 天 days</title></rect>"
            )
        parts.append(_text(width - 8, y + 15, figure, INK, 13, anchor="end"))
    return _svg(width, height, parts)


def _wide(words: str) -> float:
    """About how wide a line of text is."""
    return 13 * sum(1 if ord(letter) > 255 else 0.55 for letter in words)


def _folded(words: str, room: float) -> list[str]:
    """In two lines, Chinese and English, when one has no room."""
    zh, _, en = words.partition(" ")
    return [zh, en] if en and _wide(words) > room else [words]


def _text(x: float, y: float, words: str, colour: str, size: int, *, anchor: str = "start", halo: bool = False) -> str:
    edge = " stroke='white' stroke-width='3' stroke-linejoin='round' paint-order='stroke'" if halo else ""
    return f"<text x='{x:.1f}' y='{y:.1f}' fill='{colour}' font-size='{size}' text-anchor='{anchor}' {FONT}{edge}>{escape(words)}</text>"


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='100%' style='max-width:{width}px' role='img'>"
        + "".join(parts)
        + "</svg>"
    )
