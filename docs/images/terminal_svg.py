#!/usr/bin/env python3
"""Text from standard input as an SVG that looks like a terminal, with the command above it.

build/release/tickwerk profile --job BACKTEST_MEDIUM --iterations 5 --quiet \
    | docs/images/terminal_svg.py 'tickwerk profile --job BACKTEST_MEDIUM --iterations 5' > docs/images/profile.svg
"""

import sys
from xml.sax.saxutils import escape

ADVANCE, LEADING, MARGIN = 8.4, 19, 18


def svg(command: str, lines: list[str]) -> str:
    width = MARGIN * 2 + ADVANCE * max(map(len, [f"$ {command}", *lines]))
    height = MARGIN * 2 + LEADING * (len(lines) + 1)
    rows = [f'<text x="{MARGIN}" y="{MARGIN + LEADING - 5}" class="command">$ {escape(command)}</text>']
    for number, line in enumerate(lines, start=2):
        rows.append(f'<text x="{MARGIN}" y="{MARGIN + number * LEADING - 5}">{escape(line)}</text>')
    body = "\n".join(rows)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">
<style>
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d6deeb; white-space: pre; }}
.command {{ fill: #7fdbca; }}
</style>
<rect width="100%" height="100%" rx="10" fill="#0b1a2b"/>
{body}
</svg>
"""


if __name__ == "__main__":
    print(svg(sys.argv[1], sys.stdin.read().rstrip().split("\n")), end="")
