#!/usr/bin/env python3
"""Runs a bench and writes its report into docs/performance.md, with a plot beside it.

    tests/performance.py COMMAND...

The command prints one report to standard output, as JSON:

    {"name": "trusted-ips",              names the section, and the plot docs/performance-NAME.svg
     "title": "Reading a list",
     "about": ["A paragraph.", ...],     optional
     "tables": [{"title": "...",         optional
                 "columns": ["...", ...],
                 "rows": [["...", ...], ...]}, ...],
     "plot": {"title": "...",            optional; both axes are logarithmic
              "x": "what the first number is",
              "series": [{"name": "...", "points": [[x, y], ...]}, ...]}}

Sections of other reports stay as they are. Only the standard library is needed.
"""

import datetime
import html
import json
import math
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"
HEAD = """# Performance

Measured with `./dev bench`. Times are those of the machine named in each section and of no other; ratios and growth,
taken in the same run, are less of one machine.
"""


def main():
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    before = os.getloadavg()[0]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    report = json.loads(run.stdout)
    section = "\n\n".join(
        [
            f"## {report['title']}",
            circumstances(command, before, os.getloadavg()[0]),
            *report.get("about", []),
            *(table(each) for each in report["tables"]),
            *plot_link(report),
        ]
    )
    write_section(report["name"], section)


def circumstances(command, before, after):
    now = datetime.datetime.now(datetime.timezone.utc)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    rustc = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    return (
        f"{now:%Y-%m-%d}, `{shlex.join(command)}`. {processor()}, {cores} cores, "
        f"{platform.system()} {platform.release().split('-')[0]} ({platform.machine()}), {rustc}. "
        f"Load of the machine (1 minute): {before:.1f} before, {after:.1f} after; the bench itself is 1."
    )


def processor():
    try:
        found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown processor"


def table(each):
    """A Markdown table; all columns but the first are to the right, as numbers are."""
    lines = [f"**{each['title']}**", ""] if "title" in each else []
    rule = ["---"] + ["--:"] * (len(each["columns"]) - 1)
    for row in [each["columns"], rule, *each["rows"]]:
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines)


def plot_link(report):
    if "plot" not in report:
        return []
    name = f"performance-{report['name']}.svg"
    (DOCS / name).write_text(svg(report["plot"]), encoding="utf-8")
    return [f"![{report['plot']['title']}, over {report['plot']['x']}]({name})"]


def write_section(name, section):
    path = DOCS / "performance.md"
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    marked = f"{begin}\n{section}\n{end}\n"
    if begin in text:
        before, rest = text.split(begin, 1)
        text = before + marked + rest.split(end, 1)[1].lstrip("\n")
    else:
        text = f"{text.rstrip()}\n\n{marked}"
    path.write_text(text, encoding="utf-8")


# --- the plot -------------------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 120, 40, 48
COLOURS = ["#2f81d0", "#c8641a", "#2e9a5c", "#a05fc0"]


def svg(plot):
    """Lines on two logarithmic axes, in colours that show on light and on dark."""
    xs = [x for series in plot["series"] for x, _ in series["points"]]
    ys = [y for series in plot["series"] for _, y in series["points"]]
    x_at = scale(min(xs), max(xs), LEFT, WIDTH - RIGHT)
    low, high = around(ys)
    y_at = scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12">',
        "<style>text{fill:#57606a}.grid{stroke:#8b949e;stroke-opacity:.35}"
        "@media (prefers-color-scheme: dark){text{fill:#9aa4ae}}</style>",
        f"<title>{html.escape(plot['title'])}</title>",
        f'<text x="{LEFT}" y="20" font-size="14">{html.escape(plot["title"])}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{html.escape(plot['x'])}</text>",
    ]
    for x in ticks(min(xs), max(xs), (1,)):
        parts.append(line("grid", x_at(x), TOP, x_at(x), HEIGHT - BOTTOM))
        parts.append(f'<text x="{x_at(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
    for y in ticks(low, high, (1, 2, 5)):
        parts.append(line("grid", LEFT, y_at(y), WIDTH - RIGHT, y_at(y)))
        parts.append(f'<text x="{LEFT - 8}" y="{y_at(y) + 4:.1f}" text-anchor="end">{y:,}</text>')
    for colour, series in zip(COLOURS, plot["series"]):
        places = [(x_at(x), y_at(y)) for x, y in series["points"]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
        x, y = places[-1]
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" style="fill:{colour}">{html.escape(series["name"])}</text>')
    return "\n".join([*parts, "</svg>", ""])


def scale(low, high, start, end):
    width = math.log(high / low) or 1.0
    return lambda value: start + math.log(value / low) / width * (end - start)


def around(values):
    """The nearest ticks below and above all values, at least a factor of ten apart, so that noise stays small."""
    low, high = min(values), max(values)
    steps = [digit * 10**power for power in range(-9, 13) for digit in (1, 2, 5)]
    below = [step for step in steps if step <= low]
    above = [step for step in steps if step >= max(high, below[-1] * 10)]
    return below[-1], above[0]


def ticks(low, high, digits):
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [digit * 10**power for power in powers for digit in digits]
    return [int(tick) if tick >= 1 else tick for tick in found if low <= tick <= high]


def line(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


if __name__ == "__main__":
    main()
