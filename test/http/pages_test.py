#!/usr/bin/env python3
"""The pages of the whole program over a small demo, on both engines: each role walks every link it is offered; forms are
filled, refused, saved at the same time by two; pages and JSON say the same."""
import html
import json
import os
import re
import subprocess
import urllib.parse

from demo import ASKED, KHUE, PASSWORD, PG, Demo, Person
from net import PORT, equal, run, wait_for

ROLES = ["giaovu", "giaovien", "chunhiem", "phuhuynh", "hocsinh", "hieutruong", "chuyenvien", "quantri", "canboxa", "kiemtoan", "giamdoc",
         "thanhtra", "thuvien", "ketoan", "tinhoc"]
PAGES = 90      # a role's walk


def links(text):
    for h in re.findall(r'<a [^>]*href="(/[^"#]*)', text):
        h = html.unescape(h)
        if not h.startswith("/a/") and "dang-xuat" not in h and "ngon-ngu" not in h:
            yield h


def walk(port, login):
    """Every kind of page a role is offered, at most two of a kind: nothing broken, nothing closed."""
    p, todo, seen, kinds = Person(port, login), ["/", "/all"], set(), {}
    while todo and len(seen) < PAGES:
        path, source = todo.pop(0), ""
        if path in seen:
            continue
        seen.add(path)
        status = p.get(path)
        if status not in (200, 303):
            raise AssertionError(f"{login}: {path} is offered, but {status}")
        if status == 303:
            todo.append(p.place)
        for h in links(p.text) if "html" in p.headers.get("Content-Type", "") else []:
            kind = re.sub(r"\d{6,}", "N", h.split("?")[0]) + "?" + ",".join(sorted(urllib.parse.parse_qs(h.partition("?")[2])))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= 2 and h not in seen:
                todo.append(h)
    if len(seen) < 8:
        raise AssertionError(f"{login}: only {len(seen)} pages: {sorted(seen)}")


def roles(s):
    for login in ROLES:
        walk(s.port, login)


def forms(s):
    a, b = Person(s.port, "giaovu"), Person(s.port, "giaovu")
    a.get("/facility/new")
    equal(a.post("/facility", {"name": "", "area_dm2": "x", "seats": "40"}), 422, "refused")
    for text in ('href="#f-name"', 'href="#f-area_dm2"', 'value="40"', 'value="x"', 'aria-invalid="true"'):
        if text not in a.text:
            raise AssertionError(f"no {text}")
    equal(a.post("/facility", {"name": "Phòng thử", "kind": "class", "seats": "40"}), 303, "saved")
    page = a.place
    equal(a.get(page), 200)
    if "Phòng thử" not in a.text or "Đã lưu" not in a.text:
        raise AssertionError("the page of what was saved")
    a.get(page + "/edit"), b.get(page + "/edit")
    equal(a.post(page, {"rev": a.hidden("rev"), "name": "Phòng A"}), 303, "the first to save")
    equal(b.post(page, {"rev": b.hidden("rev"), "name": "Phòng B"}), 409, "the second")
    if "Phòng A" not in b.text or "Phòng B" not in b.text:
        raise AssertionError("both versions are shown")
    equal(b.post(page, {"rev": b.hidden("rev"), "name": "Phòng B"}), 303, "after looking")
    # twice the same form: once the effect
    a.get("/facility/new")
    fields = {"name": "Phòng đôi", "kind": "class", "_csrf": a.hidden("_csrf"), "_key": a.hidden("_key")}
    equal((a.post("/facility", fields), a.place) == (a.post("/facility", fields), a.place), True, "the same answer twice")
    made = a.place
    a.get("/facility/new")                         # the answer was lost: from a page of now, whose token is another
    equal((a.post("/facility", {**fields, "_csrf": a.hidden("_csrf")}), a.place), (303, made), "the same answer later")
    equal(a.json("/facility?q=" + urllib.parse.quote("Phòng đôi"))["count"], 1, "rooms made")
    # forged
    a.get("/facility/new")
    equal(a.post("/facility", {"name": "x", "kind": "class"}, csrf="bad"), 403, "no token")
    equal(a.ask("POST", "/facility", urllib.parse.urlencode({"name": "x", "_csrf": a.hidden("_csrf")}), Origin="http://evil.test",
                **{"Content-Type": "application/x-www-form-urlencoded"}), 403, "another site")
    # gone and back
    a.get(page)
    equal(a.post(page + "/retire", {"rev": a.hidden("rev")}), 303, "retired")
    a.get(a.place)
    undo = re.search(r'action="([^"]*/restore)"', a.text)
    equal(a.post(undo.group(1), {}), 303, "undone")
    equal(a.get(page), 200)
    # another school's room is not there
    equal(Person(s.port, "phuhuynh").get(page), 404, "a parent")


def stays(s):
    """A refused form whose address has no page of its own comes back on the page the browser names, if that is one of ours and
    open to its reader; else the refusal is a page of its own."""
    p, host = Person(s.port, "hieutruong"), f"http://127.0.0.1:{s.port}"
    p.get("/records/close?term=hk2")
    form = html.unescape(re.search(r'action="([^"]*/records/close/run)"', p.text).group(1))
    fields = {"year": p.hidden("year"), "term": "hk2", "_csrf": p.hidden("_csrf")}
    for referer, on in ((host + "/records/close?term=hk2", True), ("", False), ("http://evil.test/records/close?term=hk2", False),
                        (host + ".evil.test/records/close", False), (host + "/khong-co-trang-nay", False), (host + "/nhap-diem-thi", False)):
        equal(p.post(form, {**fields, "_key": ""}, **({"Referer": referer} if referer else {})), 422, referer)
        heading = re.search(r"<h1>(.*?)</h1>", p.text).group(1)
        equal((heading == "Chốt sổ và việc còn thiếu", "Dữ liệu chưa hợp lệ" in heading), (on, not on), referer)
        if "chỗ thiếu" not in p.text:
            raise AssertionError(f"{referer}: what is wrong is not said")


def same(s):
    """Each fact of a page is a member of its JSON and the other way round."""
    api = Person(s.port).json("/api/openapi.json")["components"]["schemas"]
    for login in ("giaovu", "giaovien", "chuyenvien", "hieutruong"):
        p = Person(s.port, login)
        for entity in ("person", "school_class", "org", "enrolment", "facility"):
            p.get("/" + entity)
            m = re.search(rf'href="(/{entity}/\d+)"', p.text)
            if not m:
                continue
            p.get(m.group(1))
            shown = {html.unescape(t) for t in re.findall(r"<dt>(.*?)</dt>", p.text)}
            told = p.json(m.group(1))
            names = {k: f.get("title", "") for k, f in api[entity]["allOf"][1]["properties"].items()}
            state = "state"
            want = {names[k] for k in told if k in names and k != state}
            if not want <= shown or not shown <= want | {names.get(state, "")}:
                raise AssertionError(f"{login} {entity}: only in JSON {want - shown}, only on the page {shown - want}")


def owners(s):
    """Who reaches several units sees of each row whose it is, and may ask for one unit; in a single school neither is there."""
    for login, several in (("giamdoc", True), ("hieutruong", False)):
        p = Person(s.port, login)
        for entity in ("school_class", "enrolment", "person", "roll", "absence", "teaching"):
            equal((login, entity, p.get("/" + entity)), (login, entity, 200))
            named = 'data-nhan="Đơn vị">Trường' in p.text
            equal((entity, named, 'class="c-org"' in p.text, 'name="org.text"' in p.text), (entity, several, several, several), login)
    p = Person(s.port, "giamdoc")
    units = {o["kind"]: o["id"] for o in p.json("/org")["items"]}
    of = {kind: p.json(f"/school_class?org={id}")["count"] for kind, id in units.items()}
    equal((of["school"] > 0, of["department"]), (True, 0), "classes of one unit")
    equal(p.json("/school_class")["count"], of["school"])
    equal(p.get(f"/school_class?org={units['department']}"), 200)
    equal('data-nhan="Đơn vị"' in p.text, False, "the department has no classes")


def strangers(s):
    p = Person(s.port)
    for path in ("/person", "/school_class", "/cai-dat", "/thong-bao", "/viec"):
        if p.get(path) not in (303, 404):
            raise AssertionError(f"{path}: {p.status}")
        if p.ask("GET", path, accept="application/json") not in (401, 404):
            raise AssertionError(f"{path}: {p.status}")
    equal(p.get("/khong-co"), 404)
    p.cookies["khue"] = "x" * 43
    equal(p.get("/person"), 303, "a session that is none")


def mine(s):
    """Everybody who works at a school finds who looked at their record, and a copy of it."""
    for login in ("giaovien", "ketoan", "thuvien", "hieutruong"):
        p = Person(s.port, login)
        p.get("/tai-khoan")
        at = re.search(r'href="(/person/\d+/seen)"', p.text)
        equal((login, bool(at)), (login, True), "a link")
        equal(p.get(at.group(1)), 200, at.group(1))
        equal(p.post(at.group(1).replace("seen", "copy"), {}), 303, "copy")


def saves(s):
    """A save of marks is done once however often it is sent and answers the same; its key takes no other content, and a refused save
    leaves it free."""
    p = Person(s.port, "giaovien")
    for b in p.json("/gradebook")["books"]:
        path = f"/gradebook/{b['class']}/{b['subject']}"
        page = p.json(path)
        if page["may_write"] and page["columns"][0]["open"] and not page["columns"][0]["word"]:
            break
    else:
        raise AssertionError("no book that may be written")
    p.get(path)
    headers = {"Content-Type": "application/json", "X-CSRF-Token": p.hidden("_csrf"), "Origin": f"http://127.0.0.1:{s.port}"}
    pupil, cell = next((x["pupil"], x["cells"][0]) for x in page["pupils"] if not x["exempt"] and x["cells"][0]["open"])
    to = "7" if cell["value"] != "7" else "6"

    def save(key, to, whole=False):
        one = {"pupil": pupil, "column": page["columns"][0]["key"], "was": cell["value"], "to": to}
        body = {"term": page["term_code"], "whole": whole, "base": page["entries"], "reason": "", "cells": [one]}
        return p.ask("POST", path, json.dumps(body), accept="application/json", **headers, **{"Idempotency-Key": key})

    equal(save("save-1", "12", True), 422, "12 is no mark")
    equal((save("save-1", to), json.loads(p.text)["saved"]), (200, 1), "the key of a refused save")
    first = p.text
    equal((save("save-1", to), p.text), (200, first), "sent again")
    equal(p.json(path)["entries"], page["entries"] + 1, "entries of the ledger")
    equal(save("save-1", "5"), 409, "the key with other content")
    equal((save("save-2", to), json.loads(p.text)["cells"][0]["end"]), (200, "same"), "the same mark again")
    equal(save("bad key", to), 422, "a key that cannot be read")
    equal(p.json(path)["entries"], page["entries"] + 1, "entries of the ledger")
    equal(Person(s.port, "phuhuynh").get(path), 404, "a parent")


def marks(s):
    """A file of marks is taken by a job: the form answers at once, the job's page shows how far it is and what came of it."""
    p = Person(s.port, "chuyenvien")
    p.get("/nhap-diem-thi")
    many = "sbd,toan\n" + "".join(f"01{i:06d},{i % 11}\n" for i in range(60000)) + "99,x\n"
    equal(p.send_file("/nhap-diem-thi", "diem_thi_thpt_2031.csv", many.encode(), {"exam": "Sai mã"}), 422, "a bad code")
    p.get("/nhap-diem-thi")
    equal(p.send_file("/nhap-diem-thi", "diem_thi_thpt_2031.csv", many.encode(), {}), 303, "queued")
    job, states = p.place, set()
    equal(job.startswith("/viec/"), True, job)

    def ended():
        told.update(p.json(job))
        states.add((told["state"], told["doing"] != ""))
        return told["ended"]
    told = {}
    wait_for(ended)
    equal(told["note"].startswith("thpt-2031: 60.001 dòng; mới 60.000, đổi 0, như cũ 0, không nhận 1."), True, told["note"])
    equal("Đã đọc" in told["doing"], True, told["doing"])
    equal(p.get(told["back_href"]), 200, "the exam")
    equal(p.get(told["file_href"]), 200, "the refused rows")
    equal(Person(s.port, "giaovu").get(job), 404, "another's job")
    for login in ("giaovu", "giamdoc"):
        equal(Person(s.port, login).get("/nhap-diem-thi"), 404, login)


def proofs(s):
    """What anybody sends to the check of a result is answered with words: right, none, empty, large, not JSON, pasted or as a file."""
    p = Person(s.port)
    exam = p.json("/tra-cuu")["exams"][0]["href"]
    p.get(f"{exam}/99000010/tep")
    proof = p.text.encode()
    for name, file, status, words in (("ket-qua.json", proof, 200, "Đúng: điểm này"), ("", b"", 422, "Chưa có gì để xác minh"),
                                      ("rong.json", b"", 422, "“rong.json” rỗng"), ("to.json", b" " * 70000, 422, "“to.json” quá lớn"),
                                      ("to-hon.json", b" " * 2000000, 422, "“to-hon.json” quá lớn"), ("anh.json", b"\x89PNG", 200, "Không đọc được")):
        p.get(f"{exam}/xac-minh")
        equal((name, p.send_file(f"{exam}/xac-minh", name, file, {}), words in p.text), (name, status, True))
        equal((name, "Đúng: điểm này" in p.text), (name, status == 200 and file == proof))
    for text, status, words in ((proof.decode(), 200, "Đúng: điểm này"), ("  ", 422, "Chưa có gì để xác minh"), ("x" * 9000, 422, "Dài quá")):
        p.get(f"{exam}/xac-minh")
        equal((text[:9], p.post(f"{exam}/xac-minh", {"proof": text}), words in p.text), (text[:9], status, True))


def budgets(s):
    """The control: what exceeds a budget by a statement, a kB or a ms is refused. And the walks asked most kinds of pages."""
    p = Person(s.port, "giaovu")
    for of, used in enumerate(("statements", "kB", "ms of CPU")):
        p.get("/person")        # each by itself: once a minute a session's page is a statement more
        sql, kb, cpu = int(p.headers["X-Khue-Sql"]), p.size / 1024, int(p.headers["X-Khue-Cpu"]) / 1000
        mine = ([sql - 1, 1000, 1000], [sql, 1000, int(kb)], [sql, 0, 1000])[of]
        p.headers.replace_header("X-Khue-Budget", " ".join(map(str, mine)))
        try:
            p.within("GET", "/person", "text/html", {})
        except AssertionError as e:
            equal(used in str(e), True, str(e))
        else:
            raise AssertionError(f"{used} beyond the budget {mine} passed ({sql} statements, {kb} kB, {cpu} ms)")
    if s is STARTED[max(STARTED)]:
        for route, (n, ms, size, most) in sorted(ASKED.items()):
            print(f"# {route}: {n}/{most[0]} statements, {ms:.1f}/{most[1]} ms, {size:.1f}/{most[2]} kB")
        if len(ASKED) < 100:
            raise AssertionError(f"only {len(ASKED)} routes were held against their budgets")


def on(engine, what):
    def case():
        if engine and not PG:
            return "no PostgreSQL"
        what(STARTED[engine])
    case.__doc__ = f"pages: {what.__name__} ({'postgres' if engine else 'sqlite'})"
    return case


STARTED = {}
SCHEMA = f"pages_{os.getpid()}"


class Both:
    """One demo an engine for all cases."""

    def __init__(self):
        self.open = []

    def start(self, engine):
        db = None
        if engine:
            subprocess.run(["psql", "-q", "-d", PG, "-c", f"CREATE SCHEMA {SCHEMA}"], check=True)
            db = f"{PG}{'&' if '?' in PG else '?'}options=-csearch_path%3D{SCHEMA}"
        s = Demo(db)
        if engine:
            s.port, s.listen = PORT + 1, f"127.0.0.1:{PORT + 1}"
            s.args[s.args.index("--listen") + 1] = s.listen
        STARTED[engine] = s.__enter__()
        self.open.append(s)


if __name__ == "__main__":
    both = Both()
    try:
        for e in (0, 1) if PG else (0,):
            both.start(e)
        run([on(e, what) for e in (0, 1) for what in (roles, forms, stays, same, owners, strangers, mine, saves, marks, proofs, budgets)])
    finally:
        for server in both.open:
            server.__exit__(None, None, None)
