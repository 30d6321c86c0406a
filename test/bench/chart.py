#!/usr/bin/env python3
"""Draws how cost grows with the number of persons, from what the search bench recorded: chart.py FIGURES.jsonl OUT.svg
The last figure of each size and engine counts. Both axes are logarithmic."""
import json
import math
import sys

PERSONS = {"district": 15600, "province": 909000, "metropolis": 3640000}    # pupils, guardians and staff of khue demo, rounded
LABELS = {"district": "huyện", "province": "tỉnh", "metropolis": "bốn tỉnh"}
LEFT, TOP, WIDE, HIGH = 70, 30, 520, 260


def main(figures, out):
    made, found = {}, {}
    for line in open(figures):
        f = json.loads(line)
        if f["bench"] == "demo":
            made[f["engine"], f["size"]] = f["seconds"] * 1000
        elif f["bench"] == "search":
            found[f["engine"] + ", " + {"search": "ô tìm kiếm", "list": "danh sách"}[f["kind"]], f["size"]] = f["us"] / 1000
    lines = {}
    for (name, size), value in found.items():
        lines.setdefault(name, []).append((PERSONS[size], value))
    top, low = 1000, 0.1

    def x(persons):
        return LEFT + WIDE * (math.log10(persons) - 4) / 2.7

    def y(ms):
        return TOP + HIGH * (1 - (math.log10(max(ms, low)) - math.log10(low)) / (math.log10(top) - math.log10(low)))

    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 220} {TOP + HIGH + 60}" font-family="sans-serif" font-size="13">',
           f'<title>CPU of finding people, by the number of persons</title><text x="{LEFT}" y="18">CPU một lần tìm (ms, vai trò chậm nhất)</text>']
    for ms in (0.1, 1, 10, 100, 1000):
        svg.append(f'<path d="M{LEFT} {y(ms):.1f}h{WIDE}" stroke="#ccc"/><text x="{LEFT - 8}" y="{y(ms) + 4:.1f}" text-anchor="end">{ms:g}</text>')
    for size, persons in PERSONS.items():
        svg.append(f'<path d="M{x(persons):.1f} {TOP}v{HIGH}" stroke="#ccc"/><text x="{x(persons):.1f}" y="{TOP + HIGH + 20}" text-anchor="middle">'
                   f'{LABELS[size]}</text><text x="{x(persons):.1f}" y="{TOP + HIGH + 38}" text-anchor="middle">{persons:,} người</text>')
    ends = []
    for colour, (name, points) in zip(("#1d4ed8", "#b45309", "#15803d", "#be123c"), sorted(lines.items())):
        points.sort()
        path = " ".join(f"{x(p):.1f},{y(v):.1f}" for p, v in points)
        svg.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        svg += [f'<circle cx="{x(p):.1f}" cy="{y(v):.1f}" r="4" fill="{colour}"/>' for p, v in points]
        ends.append((points[-1], colour, name))
    below = 0
    for (persons, value), colour, name in sorted(ends, key=lambda e: -e[0][1]):      # none upon another
        below = max(below + 16, y(value) + 4)
        svg.append(f'<text x="{x(persons) + 10:.1f}" y="{below:.1f}" fill="{colour}">{name}: {value:.1f}</text>')
    with open(out, "w") as f:
        f.write("\n".join(svg) + "\n</svg>\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
