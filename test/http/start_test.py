#!/usr/bin/env python3
"""A school from nothing: an empty installation, and the pages alone. What the demo fills by itself, people have to be able to fill."""
import datetime
import os
import re
import shutil
import subprocess
import tempfile

from demo import KHUE, PASSWORD, Person
from net import Server, equal, run, wait_for

TODAY = datetime.date.today()
AT = TODAY.year - (TODAY.month < 9)      # the school year of today begins in September of this one
UNITS = "code,province_code,name,full_name\n00004,01,Ba Đình,Phường Ba Đình\n"


class Empty(Server):
    """An installation with the units of one commune and a department's officer."""

    def __init__(self):
        super().__init__()
        self.data = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        self.khue("init")
        with open(self.data + "/units.csv", "w", encoding="utf-8") as f:
            f.write(UNITS)
        self.khue("import", "units", self.data + "/units.csv", "--province", "01", "--organisations")
        self.code = code_in(self.khue("user", "add", "chuyenvien", "--role", "dept_officer", "--org", "so-gddt-thanh-pho-ha-noi"))
        self.args = [KHUE, "serve", "--data", self.data, "--listen", self.listen, "--workers", "2"]

    def __enter__(self):
        self.log = open(self.data + "/log", "w")
        self.p = subprocess.Popen(self.args, stdout=subprocess.DEVNULL, stderr=self.log, env=dict(self.env, KHUE_TEST="1"))
        wait_for(lambda: self.get("/readyz").status == 200)
        return self

    def __exit__(self, *a):
        super().__exit__(*a)
        shutil.rmtree(self.data, ignore_errors=True)

    def khue(self, *words):
        p = subprocess.run([KHUE, *words, "--data", self.data], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal((words, p.returncode), (words, 0), p.stdout)
        return p.stdout


def day(d):
    return d.strftime("%d/%m/%Y")


def code_in(text):
    return re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", text).group(0)


def enters(s, login, code):
    """Somebody's first visit: the code of the slip, then a password."""
    p = Person(s.port)
    p.get("/dang-nhap")
    equal((login, p.post("/dang-nhap", {"login": login, "password": code})), (login, 303))
    p.get("/tai-khoan/mat-khau")
    equal((login, p.post("/tai-khoan/mat-khau", {"old": code, "fresh": PASSWORD, "again": PASSWORD})), (login, 303))
    return p


def makes(p, entity, base="", **fields):
    """A row by the form of its page; its number."""
    equal((entity, p.get(f"{base}/{entity}/new")), (entity, 200))
    equal((entity, p.post(f"{base}/{entity}", fields)), (entity, 303), re.sub(r"<[^>]+>", " ", p.text)[:1500])
    return re.findall(r"\d{6,}", p.place)[-1]


def account(s, keeper, base, login, name, role, **person):
    """An account with a role, and its owner, who has signed in."""
    made = makes(keeper, "account", base, login=login, name=name, **person)
    keeper.get(f"{base}/seat/new?account={made}")
    equal((login, keeper.post(f"{base}/seat", {"account": made, "role": role, "since": day(TODAY)})), (login, 303))
    keeper.get(f"/cap-lai-mat-khau/{made}")
    equal((login, keeper.post(f"/cap-lai-mat-khau/{made}", {})), (login, 200))
    return enters(s, login, code_in(keeper.text))


def from_nothing(s):
    officer = enters(s, "chuyenvien", s.code)
    year = makes(officer, "school_year", code=f"{AT}-{AT + 1}", since=f"01/09/{AT}", until=f"31/08/{AT + 1}")
    for code, since, until in (("hk1", f"01/09/{AT}", f"15/01/{AT + 1}"), ("hk2", f"16/01/{AT + 1}", f"31/08/{AT + 1}")):
        makes(officer, "term", year=year, code=code, name=code, since=since, until=until)
    commune = officer.json("/org?kind=commune")["items"][0]["id"]
    school = makes(officer, "org", name="Trường THCS Thử Nghiệm", kind="school", ownership="public", parent=commune, lower="1", since=f"01/09/{AT}")
    base = "/t/" + officer.json(f"/org/{school}")["slug"] + f"/{AT}-{AT + 1}"
    keeper = account(s, officer, base, "quantri.truong", "Quản Trị", "it_officer")
    head = account(s, officer, base, "hieutruong", "Hiệu Trưởng", "principal")
    office = account(s, officer, base, "giaovu", "Giáo Vụ", "clerk")
    staff = makes(office, "person", name="Nguyễn Thị Giáo", born="10/10/1985", sex="female", staff="1")
    pupils = [makes(office, "person", name=f"Trần Văn {n}", born=f"05/09/{AT - 12}", sex="male", pupil="1") for n in ("An", "Bình")]
    first, second = (makes(office, "school_class", name=n, grade="6", year=year) for n in ("6A", "6B"))
    for pupil in pupils:
        makes(office, "enrolment", pupil=pupil, **{"class": first}, since=f"01/09/{AT}")
    maths = next(x["id"] for x in office.json("/subject?limit=50")["items"] if x["code"] == "toan")
    makes(office, "teaching", teacher=staff, subject=maths, **{"class": first}, since=f"01/09/{AT}")
    teacher = account(s, keeper, base, "giaovien", "Nguyễn Thị Giáo", "teacher", person=staff)
    book = f"/gradebook/{first}/{maths}"
    teacher.get("/gradebook")
    equal(book in teacher.text, False, "there is no book before it is opened")
    office.get("/gradebook")
    equal(office.post("/records/open", {"year": office.hidden("year")}), 303)
    teacher.get("/gradebook")
    equal(book in teacher.text, True, "the teacher's book")
    equal((teacher.get(book), "Trần Văn Bình" in teacher.text), (200, True))
    one = office.json(f"/enrolment?class={first}")["items"][0]["id"]
    equal((office.get(f"/enrolment/{one}"), f"/enrolment/{one}/class" in office.text), (200, True), "the way to another class")
    office.get(f"/enrolment/{one}/class")
    equal(office.post(f"/enrolment/{one}/class", {"class": second}), 303)
    equal(len(office.json(f"/enrolment?class={second}")["items"]), 1)
    for p, path in ((teacher, "/attendance"), (head, "/records/close?term=hk1"), (head, "/timetable/new"), (keeper, "/contact/activation")):
        equal((path, p.get(path)), (path, 200))


def a_school_from_nothing():
    """from an empty installation to a book of marks: officer, year, school, accounts, pupils, classes, teaching, all by pages"""
    with Empty() as s:
        from_nothing(s)


def a_demo_is_whole_or_not_there():
    """a demo that fails at its end leaves what was there before and nothing else; the next one is made in the same folder"""
    data = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
    try:
        open(data + "/results", "w").close()            # a file where a folder is to be: the last step fails
        ask = [KHUE, "demo", "--size", "school", "--data", data]
        failed = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal((failed.returncode != 0, sorted(os.listdir(data))), (True, ["results"]), failed.stdout)
        os.remove(data + "/results")
        made = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal((made.returncode, os.path.exists(data + "/khue.db"), os.path.exists(data + "/demo"), [f for f in os.listdir(data) if ".part" in f]),
              (0, True, True, []), made.stdout)
        again = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal((again.returncode != 0, os.path.exists(data + "/khue.db")), (True, True), again.stdout)
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    run([a_school_from_nothing, a_demo_is_whole_or_not_there])
