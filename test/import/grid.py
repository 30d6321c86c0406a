#!/usr/bin/env python3
"""Our cells against openpyxl's, for every workbook openpyxl reads: grid.py xlsx_dump FILE..

A difference is printed with its place. Agreed beforehand: control characters that Excel escapes (_x000D_) are left out; times
are compared to the second; charts are no sheets; day 0 of a workbook that counts from 1904 is 1 January 1904 (openpyxl says
midnight)."""
import datetime
import os
import re
import subprocess
import sys
import warnings

import openpyxl

warnings.filterwarnings("ignore")


def text_of(v):
    if isinstance(v, bool):
        return "bool", "1" if v else "0"
    if isinstance(v, datetime.datetime):
        v = (v + datetime.timedelta(microseconds=500000)).replace(microsecond=0)
        return ("day", v.strftime("%Y-%m-%d")) if v.time() == datetime.time() else ("moment", v.strftime("%Y-%m-%dT%H:%M:%S"))
    if isinstance(v, datetime.time):
        return "clock", v.strftime("%H:%M:%S")
    if isinstance(v, (int, float)):
        s = f"{v:.15g}"
        if "e" in s:
            s = f"{v:.20f}" if abs(v) < 1 else f"{v:.0f}"
            s = s.rstrip("0").rstrip(".") if "." in s else s
        return "number", s
    s = str(v).replace("\r\n", "\n").replace("\r", "\n")
    s = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: {"000A": "\n", "0009": "\t"}.get(m.group(1).upper(), ""), s)
    return ("error" if s.startswith("#") and s.rstrip("!?").isupper() else "text"), s


def theirs(path):
    cells = {}
    for i, sheet in enumerate(openpyxl.load_workbook(path, data_only=True).worksheets):
        for row in sheet.iter_rows():
            for c in row:
                if c.value is not None and text_of(c.value)[1] != "":
                    cells[i, c.row, c.column - 1] = text_of(c.value)
    return cells


def ours(dump, path):
    out = subprocess.run([dump, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if out.returncode:
        return None, out.stderr.decode().strip()
    cells = {}
    for line in out.stdout.decode().split("\n"):
        if line:
            s, r, c, kind, text = line.split("\t", 4)
            text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\n", "\\": "\\"}[m.group(1)], text)
            if text:
                cells[int(s), int(r), int(c)] = kind, text
    return cells, ""


def main(dump, paths):
    n = bad = cells = 0
    for path in paths:
        name = os.path.basename(path)
        n += 1
        own, why = ours(dump, path)
        try:
            want = theirs(path)
        except Exception:
            print(f"ok {n} - {name}: openpyxl cannot read it; {'read' if own is not None else 'refused: ' + why}")
            continue
        if own is None:
            print(f"not ok {n} - {name}: refused: {why}")
            bad += 1
            continue
        day_0 = ("clock", "00:00:00"), ("day", "1904-01-01")
        wrong = [k for k in want.keys() | own.keys() if want.get(k) != own.get(k) and (want.get(k), own.get(k)) != day_0]
        cells += len(want)
        for k in sorted(wrong)[:5]:
            print(f"# {name} sheet {k[0]} row {k[1]} column {k[2]}: openpyxl {want.get(k)}, we {own.get(k)}")
        print(f"{'not ok' if wrong else 'ok'} {n} - {name}: {len(want)} cells like openpyxl's")
        bad += bool(wrong)
    return 1 if bad else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
