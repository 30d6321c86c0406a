#!/usr/bin/python3
"""The .xls of the tests, made by two programs: python3-xlwt, and LibreOffice out of the same table. Run here; what comes out is kept.

  make.py"""
import datetime
import os
import subprocess

import openpyxl
import xlwt

HERE = os.path.dirname(os.path.abspath(__file__))
DAY = datetime.date(2014, 9, 5)
MOMENT = datetime.datetime(2014, 9, 5, 7, 30)
HEAD = ["STT", "Mã học sinh", "Họ và tên", "Ngày sinh", "Điểm"]
ROWS = [[1, "HS001", "Nguyễn Thị Ánh", DAY, 8.75], [2, "HS002", "Trần Văn Bình", MOMENT, 10], [3, "HS003", "Y Ŏng Niê 😀", datetime.time(6, 0), -0.5]]


def by_xlwt():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Học sinh")
    styles = [None, None, None, "dd/mm/yyyy", None]
    for k, text in enumerate(HEAD):
        sheet.write(1, k, text)
    sheet.write_merge(0, 0, 0, 4, "DANH SÁCH")
    for i, row in enumerate(ROWS):
        for k, value in enumerate(row):
            code = {datetime.date: "dd/mm/yyyy", datetime.datetime: "dd/mm/yyyy hh:mm", datetime.time: "hh:mm"}.get(type(value))
            if code:
                sheet.write(2 + i, k, value, xlwt.easyxf(num_format_str=code))
            else:
                sheet.write(2 + i, k, value)
    sheet.write(5, 0, xlwt.Formula("SUM(E3:E5)"))
    sheet.write(5, 1, True)
    sheet.write_rich_text(5, 2, ["đậm ", ("nhạt", xlwt.easyfont("bold true"))])
    sheet.col(1).hidden = True
    sheet.row(4).hidden = True
    hidden = book.add_sheet("Danh mục")
    hidden.visibility = 1
    hidden.write(0, 0, "x" * 9000)
    for i in range(1, 60):
        hidden.write(i, 0, f"mục {i} " + "ơ" * 200)
    book.save(os.path.join(HERE, "xlwt.xls"))


def by_office():
    path = os.path.join(HERE, "office.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Học sinh"
    sheet.append(["DANH SÁCH"])
    sheet.append(HEAD)
    for row in ROWS:
        sheet.append(row)
    sheet.append(["=SUM(E3:E5)", True, '=CONCATENATE(C3;" – ";B3)'.replace(";", ","), "=1/0", "=E3>8"])
    sheet.merge_cells("A1:E1")
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("Danh mục").sheet_state = "hidden"
    book.save(path)
    convert(path)
    os.remove(path)


def pupils():
    """A list as a school's product gives it out: the school's own codes beside empty sector ids, titles above."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("DSHS")
    sheet.write_merge(0, 0, 0, 5, "DANH SÁCH HỌC SINH")
    for k, text in enumerate(["STT", "Mã lớp", "Mã định danh Bộ GD&ĐT", "Mã học sinh", "Họ tên", "Ngày sinh"]):
        sheet.write(2, k, text)
    rows = [["1A", "HS01", "Nguyễn Thị An", datetime.date(2020, 5, 1)], ["2B", "HS02", "Lê Thị Thanh Bình", datetime.date(2019, 9, 2)],
            ["1A", "HS03", "Vũ Thị Chi", datetime.date(2020, 3, 3)]]
    for i, (k, code, name, born) in enumerate(rows):
        for column, value in ((0, i + 1), (1, k), (3, code), (4, name)):
            sheet.write(3 + i, column, value)
        sheet.write(3 + i, 5, born, xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    book.save(os.path.join(HERE, "danh-sach.xls"))


def convert(path):
    subprocess.run(["soffice", "--headless", "--convert-to", "xls:MS Excel 97", "--outdir", HERE, path], check=True, stdout=subprocess.DEVNULL)


by_xlwt()
pupils()
by_office()
