#!/usr/bin/env python3
"""Writes a workbook of N believable pupils, 12 columns: make.py FILE N [NOTE]. NOTE: what the last column begins with."""
import random
import sys

import openpyxl

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = ["Thị", "Văn", "Minh", "Hữu", "Ngọc", "Thị Minh", "Đức", "Quốc", "Thanh", "Gia"]
GIVEN = "An Bình Châu Dũng Giang Hạnh Khuê Linh Nam Phúc Quỳnh Sơn Trang Vy Yến Hoà".split()
PLACES = ["Hà Nội", "Thừa Thiên Huế", "Đà Nẵng", "Đắk Lắk", "Cần Thơ", "Nghệ An"]
HEADS = ["Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Dân tộc", "Nơi sinh", "Quê quán", "Chỗ ở hiện nay",
         "Điện thoại", "Thư điện tử", "Ghi chú"]


def main(path, n, note="Ghi chú"):
    import datetime
    random.seed(20261122)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Học sinh")
    sheet.append(HEADS)
    for i in range(n):
        male, year = i % 2 == 0, 2009 + i % 10
        born = datetime.date(year, 1 + i % 12, 1 + i % 28)
        nid = f"0{1 + i % 90:02d}{2 if male else 3}{year % 100:02d}{i:06d}"
        sheet.append([f"{2600000000 + i}", f"{random.choice(FAMILY)} {random.choice(MIDDLE)} {random.choice(GIVEN)}", born, "Nam" if male else "Nữ",
                      nid, "Kinh", random.choice(PLACES), random.choice(PLACES), f"Số {i % 400}, đường Lê Lợi", f"09{i % 100000000:08d}",
                      f"hs{i}@truong.edu.vn", f"{note} {i}"])
    book.save(path)


main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
