"""Charts as SVG: bars and lines, in small panels, that can be read on light and on dark pages."""

from html import escape

WIDTH = 720
MARGIN = 16
LINE = 20
# What a letter of 12 pixels takes at most, on average; text is given more room than it needs.
LETTER = 7.2
STYLE = """
    svg { --page: #ffffff; --text: #1f2328; --faint: #59636e; --rule: #d1d9e0;
      --first: #0969da; --second: #bc4c00; --other: #8c959f; }
    @media (prefers-color-scheme: dark) {
      svg { --page: #0d1117; --text: #f0f6fc; --faint: #9198a1; --rule: #3d444d;
        --first: #4493f8; --second: #f0883e; --other: #7d8590; }
    }
    text { font: 12px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif;
      fill: var(--text); }
    .title { font-size: 15px; font-weight: 600; }
    .panel { font-weight: 600; }
    .faint { fill: var(--faint); }
    .page { fill: var(--page); }
    .rule { stroke: var(--rule); stroke-width: 1; }
    .first { fill: var(--first); } .second { fill: var(--second); } .other { fill: var(--other); }
    .line { fill: none; stroke-width: 2; }
    .line.first { fill: none; stroke: var(--first); }
    .line.second { fill: none; stroke: var(--second); }
"""


def document(title, height, parts):
    """Returns an SVG with a title, of the parts."""
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">')
    return "\n".join([
        head, f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
        text(MARGIN, MARGIN + 12, title, "title"), *parts, "</svg>", ""])


def text(x, y, content, kind="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{escape(content)}</text>")


def short(value):
    """Returns the number with three digits that count, or more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def legend(labels, y):
    """Returns the labels of the colours in a line."""
    parts, x = [], MARGIN
    for label, kind in zip(labels, ("first", "second")):
        parts += [f'<rect x="{x:.1f}" y="{y - 10}" width="12" height="12" class="{kind}"/>',
                  text(x + 18, y, label, "faint")]
        x += 18 + LETTER * len(label) + 24
    return parts


def bars(title, panels, labels):
    """Returns a chart of panels, each a title and rows: a label, and values that lie end to end, whose
    meaning `labels` tell. Each panel has a scale of its own. Without labels, the first row is ours."""
    if not panels:
        return ""
    names = [name for _, rows in panels for name, _ in rows]
    left = MARGIN + LETTER * max(map(len, names)) + 8
    room = WIDTH - MARGIN - left - LETTER * len("1,000,000")
    parts, y = [], 2 * MARGIN + LINE
    if labels:
        parts += legend(labels, y)
        y += LINE
    for panel, rows in panels:
        y += LINE / 2
        parts.append(text(MARGIN, y, panel, "panel"))
        most = max(sum(values) for _, values in rows) or 1
        for index, (name, values) in enumerate(rows):
            y += LINE
            parts.append(text(left - 8, y, name, anchor="end"))
            x = left
            for place, value in enumerate(values):
                kind = ("first", "second")[place] if labels else "first" if index == 0 else "other"
                width = room * value / most
                parts.append(f'<rect x="{x:.1f}" y="{y - 11:.1f}" width="{width:.1f}" height="14" '
                             f'class="{kind}"/>')
                x += width
            parts.append(text(x + 6, y, short(sum(values))))
        y += LINE
    return document(title, round(y + MARGIN / 2), parts)


def lines(title, panels):
    """Returns a chart of panels, two beside each other: each a title, the labels of its places, and the
    values there by what they are of. Each panel's scale begins with nothing."""
    if not panels:
        return ""
    width, height = (WIDTH - 3 * MARGIN) / 2, 190
    top = 2 * MARGIN + LINE
    parts = []
    for index, (panel, places, series) in enumerate(panels):
        x = MARGIN + index % 2 * (width + MARGIN)
        y = top + index // 2 * (height + MARGIN)
        parts += line_panel(x, y, width, height, panel, places, series)
    rows = (len(panels) + 1) // 2
    return document(title, round(top + rows * (height + MARGIN)), parts)


def line_panel(x, y, width, height, panel, places, series):
    """Returns one panel of a chart of lines."""
    # The first and the last place have half a label, and a value, beside them.
    inset = LETTER * 4.5
    base, ceiling = y + height - LINE, y + 2 * LINE + 14
    most = max(max(values) for values in series.values()) or 1
    step = (width - 2 * inset) / max(len(places) - 1, 1)
    parts = [text(x, y + 12, panel, "panel"),
             f'<line x1="{x:.1f}" y1="{base:.1f}" x2="{x + width:.1f}" y2="{base:.1f}" class="rule"/>']
    at = [x + inset + place * step for place in range(len(places))]
    parts += [text(place_x, base + 16, place, "faint", "middle")
              for place_x, place in zip(at, places)]
    note = x
    for (label, values), kind in zip(series.items(), ("first", "second")):
        points = [(place_x, base - (base - ceiling) * value / most)
                  for place_x, value in zip(at, values)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" class="line {kind}"/>')
        for (px, py), value in zip(points, values):
            parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" class="{kind}"/>',
                      text(px, py - 8, short(value), anchor="middle")]
        if label:
            parts += [f'<rect x="{note:.1f}" y="{y + 20:.1f}" width="12" height="12" '
                      f'class="{kind}"/>', text(note + 18, y + 30, label, "faint")]
            note += 18 + LETTER * len(label) + 16
    return parts
