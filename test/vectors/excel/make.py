#!/usr/bin/python3
"""The empty templates the tests of the Excel bridge fill: our own, with the headings that public material documents
(doc/why/excel.md), and with what a fill must leave alone: a hidden column, a drop-down list, widths, colours, a sheet of
categories, a formula. make.py writes them beside itself."""
import pathlib

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

HERE = pathlib.Path(__file__).parent
HEAD = PatternFill("solid", fgColor="FFBDD7EE")


def head(sheet, row, column, text):
    cell = sheet.cell(row, column, text)
    cell.font = Font(bold=True, name="Times New Roman")
    cell.fill = HEAD
    cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")


def listed(sheet, column, values, rows=200):
    rule = DataValidation(type="list", formula1='"%s"' % ",".join(values), allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(f"{column}2:{column}{rows}")


def pupils():
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    heads = ["STT", "Mã lớp", "Mã học sinh", "Họ tên", "Ngày sinh", "Giới tính", "Trạng thái HS", "Ngày nhập trạng thái",
             "Dân tộc", "Quốc tịch", "Số định danh cá nhân", "Mã nội bộ"]
    heads += [f"{part}\n(Theo địa chỉ thường trú)" for part in ("Tỉnh/Thành phố", "Xã/Phường")]
    heads += ["Tổ/Thôn/Xóm (Theo địa chỉ thường trú)"]
    heads += [f"{part}\n(Theo quê quán)" for part in ("Tỉnh/Thành phố", "Quận/Huyện", "Xã/Phường")]
    heads += ["Tổ/Thôn/Xóm (Theo quê quán)", "Tỉnh/Thành phố\n(Theo nơi sinh)", "Nơi sinh chi tiết", "Chỗ ở hiện nay",
              "Số điện thoại liên hệ", "Loại khuyết tật", "Đối tượng chính sách", "Họ tên cha", "Nghề nghiệp cha",
              "Năm sinh cha", "Số điện thoại cha", "Họ tên mẹ", "Nghề nghiệp mẹ", "Năm sinh mẹ", "Số điện thoại mẹ",
              "Biết bơi", "Kiểm tra"]
    for i, text in enumerate(heads, 1):
        head(sheet, 1, i, text)
        sheet.column_dimensions[get_column_letter(i)].width = 8 + len(text) % 15
    sheet.column_dimensions["L"].hidden = True
    sheet["L2"] = "giữ nguyên"
    sheet[f"{get_column_letter(len(heads))}2"] = '=IF(D2="","",LEN(D2))'
    sheet.freeze_panes = "E2"
    listed(sheet, "F", ["Nam", "Nữ"])
    categories = book.create_sheet("DAN_TOC")
    for i, text in enumerate(["Kinh", "Tày", "Thái", "Mường", "Khơ-me", "Mông"], 1):
        categories.cell(i, 1, text)
    book.save(HERE / "c1-hocsinh.xlsx")


def staff():
    """72 columns, of which public material names about half; the others stand here under names nobody knows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    heads = ["STT", "Mã cán bộ", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Giới tính", "Trạng thái CB", "Dân tộc",
             "Vị trí việc làm", "Nhóm chức vụ", "Hình thức hợp đồng", "T.Độ chuyên môn nghiệp vụ", "Môn dạy",
             "Số CMTND/TCC", "Điện thoại", "Email", "Quê quán", "Nơi sinh", "Đảng viên", "T.Độ tin học",
             "T.Độ lý luận chính trị"]
    heads += [f"Cột {i}" for i in range(len(heads) + 1, 73)]
    for i, text in enumerate(heads, 1):
        head(sheet, 1, i, text)
    sheet.column_dimensions["V"].hidden = True
    listed(sheet, "G", ["Đang làm việc", "Chuyển đi", "Nghỉ hưu"])
    book.save(HERE / "csdl-giaovien.xlsx")


LOW = [("Toán", 2), ("Tiếng việt", 2), ("Đạo đức", 1), ("Tự nhiên và xã hội", 1), ("Ngoại ngữ", 1), ("Tiếng dân tộc", 1),
       ("TH-CN (Tin học)", 1), ("Nghệ thuật (Âm nhạc)", 1), ("Nghệ thuật (Mĩ thuật)", 1), ("Hoạt động trải nghiệm", 1),
       ("Giáo dục thể chất", 1)]
HIGH = [("Toán", 2), ("Tiếng việt", 2), ("Đạo đức", 1), ("Lịch sử & Địa lí", 2), ("Ngoại ngữ", 2), ("TH-CN (Tin học)", 2),
        ("Khoa học", 2), ("Tiếng dân tộc", 1), ("TH-CN (Công nghệ)", 2), ("Nghệ thuật (Âm nhạc)", 1),
        ("Nghệ thuật (Mĩ thuật)", 1), ("Hoạt động trải nghiệm", 1), ("Giáo dục thể chất", 1)]
GENERAL = ("Tự chủ và tự học", "Giao tiếp và hợp tác", "Giải quyết vấn đề và sáng tạo")


def group(sheet, row, at, wide, text):
    head(sheet, row, at, text)
    if wide > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=at, end_column=at + wide - 1)


def down(sheet, row, at, text):
    head(sheet, row, at, text)
    sheet.merge_cells(start_row=row, end_row=3, start_column=at, end_column=at)


def results(name, subjects, specific, code, pair):
    """Under a heading of three rows, with merged groups; the two columns of a subject stand in either order."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    at = 1
    for text in ("STT", "Mã lớp", code, "Họ tên", "Ngày sinh"):
        down(sheet, 1, at, text)
        at += 1
    group(sheet, 1, at, sum(wide for _, wide in subjects), "Môn học và hoạt động giáo dục")
    for text, wide in subjects:
        group(sheet, 2, at, wide, text)
        for i, leaf in enumerate(pair if wide == 2 else ("Mức đạt được",)):
            head(sheet, 3, at + i, leaf)
        at += wide
    group(sheet, 1, at, len(GENERAL) + len(specific), "Năng lực cốt lõi")
    for text, names in (("Năng lực chung", GENERAL), ("Năng lực đặc thù", specific)):
        group(sheet, 2, at, len(names), text)
        for leaf in names:
            head(sheet, 3, at, leaf)
            at += 1
    group(sheet, 1, at, 5, "Phẩm chất chủ yếu")
    for text in ("Yêu nước", "Nhân ái", "Chăm chỉ", "Trung thực", "Trách nhiệm"):
        down(sheet, 2, at, text)
        at += 1
    for text in ("Hoàn thành\nchương trình lớp học", "Lên lớp", "Xếp loại"):
        down(sheet, 1, at, text)
        at += 1
    sheet.column_dimensions["B"].hidden = True
    book.save(HERE / name)


def teaching():
    book = Workbook()
    sheet = book.active
    sheet.title = "PCGD_Mau1"
    for i, text in enumerate(("GIAOVIEN", "MONVNEDU", "DSLOPDAY"), 1):
        head(sheet, 1, i, text)
    names = book.create_sheet("MONVNEDU")
    for row in (("MonTKB", "MonVNEDU"), ("Toán", "Toán học"), ("KHTN", "Khoa học tự nhiên")):
        names.append(row)
    classes = book.create_sheet("LOPVNEDU")
    for row in (("LopVNEDU", "LopTKB"), ("7 A", "7A"), ("Lớp 7 chọn", "7C")):
        classes.append(row)
    book.save(HERE / "pcgd.xlsx")


pupils()
staff()
results("kqht-khoi12.xlsx", LOW, ("Ngôn ngữ", "Tính toán", "Khoa học", "Thẩm mĩ", "Thể chất"), "Mã học sinh",
        ("Mức đạt được", "Điểm KTĐK"))
results("kqht-khoi45.xlsx", HIGH, ("Ngôn ngữ", "Tính toán", "Khoa học", "Công nghệ", "Tin học", "Thẩm mĩ", "Thể chất"),
        "Mã định danh Bộ GD&ĐT", ("Điểm KTĐK", "Mức đạt được"))
teaching()
