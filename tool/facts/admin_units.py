#!/usr/bin/env python3
"""Makes src/mod/org/data/{units,maps}.tsv from official tables in CSV (see data/README.md for their sources).

usage: tool/facts/admin_units.py FOLDER
"""
import csv, sys, pathlib, unicodedata

src = pathlib.Path(sys.argv[1])
out = pathlib.Path(__file__).resolve().parents[2] / "src/mod/org/data"
OLD, NEW, CUT, END = "", "", "2025-07-01", ""


def rows(name):
    with open(src / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def clean(s):
    s = unicodedata.normalize("NFC", " ".join(s.split()))
    return s[:1].upper() + s[1:]


lines, seen = [], set()
for era, since, until in (("pre2025", "", CUT), ("post2025", CUT, "")):
    for r in rows(f"{era}_provinces.csv"):
        lines.append(("P", r["code"], clean(r["name"]), clean(r["full_name"]), "", r["code"], since, until))
    if era == "pre2025":
        for r in rows("pre2025_districts.csv"):
            lines.append(("D", r["code"], clean(r["name"]), clean(r["full_name"]), r["province_code"], r["province_code"], since, until))
    for r in rows(f"{era}_communes.csv"):
        parent = r.get("district_code") or r["province_code"]
        seen.add((era, r["code"]))
        lines.append(("C", r["code"], clean(r["name"]), clean(r["full_name"]), parent, r["province_code"], since, until))
out.mkdir(parents=True, exist_ok=True)
with open(out / "units.tsv", "w", encoding="utf-8") as f:
    for level, code, name, full, parent, province, since, until in lines:
        kind = full[: -len(name)].strip() if full.endswith(name) else "=" + full
        f.write("\t".join((level, code, name, kind, parent, province, "n" if since else "o")) + "\n")
with open(out / "maps.tsv", "w", encoding="utf-8") as f:
    for r in rows("map_communes_new_from_old.csv"):
        known = ("pre2025", r["old_code"]) in seen
        f.write("\t".join((r["new_code"], r["old_code"], "1" if r["part"] == "full" else "0", "" if known else clean(r["old_name"]))) + "\n")
    for r in rows("map_provinces_new_from_old.csv"):
        f.write("\t".join((r["new_code"], r["old_code"], "1" if r["part"] == "full" else "0", "")) + "\n")
print(len(lines), "units")
