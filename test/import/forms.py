#!/usr/bin/env python3
"""Mark books as schools know them, made by us: no file of vnEdu or SMAS is in this repository, only what their headings say is
followed (ĐĐGtx over numbered columns, ĐĐGgk, ĐĐGck, ĐTBmhk; a hidden column of codes). For tests.

  forms.py make KIND OUT < JSON     writes a workbook; KIND: vnedu (a sheet a subject, heading of two rows from row 7) or smas
                                    (a sheet a class, one row of headings, columns in another order)
        JSON: {"sheets": [{"class", "subject", "term", "regular", "pupils": [{"code", "name", "born", "marks": {"tx1": 8, ..},
        "remark"}]}]}; a mark may be text
  forms.py read FILE                prints every cell as JSON: {sheet: {"A1": value, ..}}
  forms.py same OLD NEW CELL..      holds NEW against OLD: all but the cells named (Sheet!A1) is the same: values, formulas, styles,
                                    widths, what is hidden, merged, validated, frozen; prints what is not"""
import json
import sys

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

THIN = Border(*[Side(style="thin")] * 4)
HEAD = PatternFill("solid", fgColor="DDEBF7")


def heading(ws, row, column, text, rows=1, columns=1):
    for r in range(row, row + rows):
        for c in range(column, column + columns):
            ws.cell(r, c).border = THIN
            ws.cell(r, c).fill = HEAD
    cell = ws.cell(row, column, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if rows > 1 or columns > 1:
        ws.merge_cells(start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1)


def validate(ws, first, last, top, bottom):
    v = DataValidation(type="decimal", operator="between", formula1="0", formula2="10", allow_blank=True)
    v.add(f"{get_column_letter(first)}{top}:{get_column_letter(last)}{bottom}")
    ws.add_data_validation(v)


def vnedu(wb, s):
    n = s["regular"]
    ws = wb.create_sheet(s.get("name") or s["subject"])
    ws["A1"], ws["A2"] = "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG THCS"
    ws["D3"] = "SỔ ĐIỂM CHI TIẾT"
    ws["D4"] = f"Lớp: {s['class']}    Môn học: {s['subject']}"
    ws["D5"] = f"Học kỳ {s['term']}, năm học"
    ws["D3"].font = Font(bold=True, size=14)
    for k, text in enumerate(["STT", "Mã định danh Bộ GD&ĐT", "Mã học sinh", "Họ và tên", "Ngày sinh"], 1):
        heading(ws, 7, k, text, rows=2)
    heading(ws, 7, 6, "ĐĐGtx", columns=n)
    for i in range(n):
        heading(ws, 8, 6 + i, i + 1)
    gk, ck, tb, nx = 6 + n, 7 + n, 8 + n, 9 + n
    for column, text in ((gk, "ĐĐGgk"), (ck, "ĐĐGck"), (tb, "ĐTBmhk" + s["term"]), (nx, "Nhận xét sự tiến bộ, ưu điểm nổi bật, hạn chế chủ yếu")):
        heading(ws, 7, column, text, rows=2)
    ws.column_dimensions["B"].hidden = ws.column_dimensions["C"].hidden = True
    ws.column_dimensions["D"].width = 27.5
    ws.row_dimensions[7].height = 33
    ws.freeze_panes = "E9"
    for i, p in enumerate(s["pupils"]):
        r = 9 + i
        values = {1: i + 1, 2: p.get("code"), 3: f"HS{1000 + i}", 4: p["name"], 5: p.get("born"), gk: p["marks"].get("gk"), ck: p["marks"].get("ck"),
                  nx: p.get("remark")}
        values.update({6 + k: p["marks"].get(f"tx{k + 1}") for k in range(n)})
        first, last = get_column_letter(6), get_column_letter(5 + n)
        values[tb] = (f'=IF(COUNT({first}{r}:{get_column_letter(ck)}{r})<{n + 2},"",ROUND((SUM({first}{r}:{last}{r})+2*{get_column_letter(gk)}{r}'
                      f'+3*{get_column_letter(ck)}{r})/({n}+5),1))')
        for c, v in values.items():
            cell = ws.cell(r, c, v)
            cell.border = THIN
            if 6 <= c <= ck:
                cell.number_format = "0.0"
                cell.font = Font(color="C00000" if c == ck else "000000")
    bottom = 9 + len(s["pupils"])
    ws.cell(bottom + 1, 4, "Giáo viên bộ môn (ký, ghi rõ họ tên)").font = Font(italic=True)
    validate(ws, 6, ck, 9, bottom)
    ws.print_title_rows = "7:8"


def smas(wb, s):
    n = s["regular"]
    ws = wb.create_sheet(s.get("name") or s["class"])
    ws["B2"] = f"BẢNG ĐIỂM MÔN {s['subject'].upper()} LỚP {s['class']} HỌC KÌ {s['term']}"
    names = ["STT", "Ngày sinh", "Mã HS", "Họ đệm", "Tên", "ĐĐGck", "ĐĐGgk"] + [f"TX{i + 1}" for i in range(n)] + ["TBM", "Nhận xét"]
    for k, text in enumerate(names, 1):
        heading(ws, 4, k, text)
    for i, p in enumerate(s["pupils"]):
        family, given = p["name"].rsplit(" ", 1)
        row = [i + 1, p.get("born"), p.get("code"), family, given, p["marks"].get("ck"), p["marks"].get("gk")]
        row += [p["marks"].get(f"tx{k + 1}") for k in range(n)] + [None, p.get("remark")]
        for c, v in enumerate(row, 1):
            ws.cell(5 + i, c, v).border = THIN
    ws.column_dimensions["C"].hidden = True
    ws.sheet_properties.tabColor = "1F4E78"


def make(kind, out):
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    for s in json.load(sys.stdin)["sheets"]:
        {"vnedu": vnedu, "smas": smas}[kind](wb, s)
    notes = wb.create_sheet("Hướng dẫn")
    notes["A1"] = "Không sửa các cột ẩn."
    wb.create_sheet("DanhMuc").sheet_state = "hidden"
    wb.save(out)


def read(path):
    wb = openpyxl.load_workbook(path)
    print(json.dumps({ws.title: {c.coordinate: c.value for row in ws.iter_rows() for c in row if c.value is not None} for ws in wb},
                     ensure_ascii=False, default=str))


def shape(ws):
    return {"merged": sorted(map(str, ws.merged_cells.ranges)), "hidden": [k for k, d in ws.column_dimensions.items() if d.hidden],
            "widths": {k: d.width for k, d in ws.column_dimensions.items()}, "heights": {k: d.height for k, d in ws.row_dimensions.items()},
            "valid": [(str(v.sqref), v.type, v.formula1, v.formula2) for v in ws.data_validations.dataValidation], "freeze": ws.freeze_panes,
            "state": ws.sheet_state, "titles": ws.print_title_rows, "tab": str(ws.sheet_properties.tabColor)}


def same(old, new, cells):
    a, b, bad = openpyxl.load_workbook(old), openpyxl.load_workbook(new), 0
    if a.sheetnames != b.sheetnames:
        sys.exit(f"sheets: {a.sheetnames} {b.sheetnames}")
    for ws in a:
        other = b[ws.title]
        for what, was in shape(ws).items():
            if was != shape(other)[what]:
                bad += 1
                print(f"{ws.title}: {what}: {was} -> {shape(other)[what]}")
        for row in range(1, max(ws.max_row, other.max_row) + 1):
            for column in range(1, max(ws.max_column, other.max_column) + 1):
                p, q = ws.cell(row, column), other.cell(row, column)
                named = f"{ws.title}!{p.coordinate}" in cells
                if (p.value != q.value and not named) or (p.has_style and p._style != q._style):
                    bad += 1
                    print(f"{ws.title}!{p.coordinate}: {p.value!r} -> {q.value!r}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "read":
        read(sys.argv[2])
    else:
        same(sys.argv[2], sys.argv[3], set(sys.argv[4:]))
