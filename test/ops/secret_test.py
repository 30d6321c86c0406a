#!/usr/bin/env python3
"""Secrets: a password typed once is nowhere afterwards; no core file, no other process looks in; addresses with a password come from
files only; the doctor finds what is planted."""
import glob
import json
import os
import re
import resource
import signal
import subprocess
import time
import urllib.parse

from net import one, request, wait_for
from place import INVALID, KHUE, PASSWORD, PG, PORT, STATE, School, Schema, Serving, backup, equal, folder, khue, psql, run, sqlite, write

MARK = "Kh0-hoang-yen-94xq"


def sign_in(s, login, password):
    page = s.get("/dang-nhap")
    token = page.body.decode().split('name="_csrf" value="')[1].split('"')[0]
    cookie = page.headers.get("set-cookie", "").split(";")[0]
    form = urllib.parse.urlencode({"_csrf": token, "login": login, "password": password})
    return one(s.connect(20), request("POST", "/dang-nhap", form, Cookie=cookie, Origin="http://x", **{"Content-Type": "application/x-www-form-urlencoded"}))


def memory_of(pid):
    """Every readable byte of a process, as a debugger sees it: only root may, and does here."""
    out = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            m = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if not m or "vvar" in line or "vsyscall" in line:
                continue
            a, b = int(m.group(1), 16), int(m.group(2), 16)
            try:
                mem.seek(a)
                out.append(mem.read(b - a))
            except (OSError, ValueError, OverflowError):
                pass
    return out


def processes(s):
    found = [s.p.pid]
    for pid in found:
        found += [int(x) for x in subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE, text=True).stdout.split()]
    return found


def canary():
    """a password that was typed stands in no log, no row, no file, no backup, no environment and no memory; a planted one is found"""
    data, place = School.copy(), folder()
    root = os.path.dirname(data)
    with Serving(data, PORT + 7) as s:
        for password in (MARK, PASSWORD + MARK, PASSWORD):
            sign_in(s, "giaovu", password)
        equal(sign_in(s, "giaovu", PASSWORD).status, 303)
        sign_in(s, "khong.co.ai", MARK)
        one(s.connect(), request("POST", "/dang-nhap", json.dumps({"login": "giaovu", "password": MARK}), **{"Content-Type": "application/json"}))
        s.get("/tra-cuu")
        backup(data, place)
        marks = (MARK.encode(), PASSWORD.encode(), urllib.parse.quote(MARK).encode())

        def holders(words):
            bad = []
            for pid in processes(s):
                for what in ("environ", "cmdline"):
                    text = open(f"/proc/{pid}/{what}", "rb").read()
                    bad += [f"{pid}/{what}" for w in words if w in text]
                if os.geteuid() == 0:
                    blocks = memory_of(pid)
                    bad += [f"{pid}/memory: {sum(b.count(w) for b in blocks)} x {w.decode()}" for w in words if any(w in b for b in blocks)]
            for path in glob.glob(root + "/**/*", recursive=True) + glob.glob(place + "/**/*", recursive=True):
                if os.path.isfile(path):
                    text = open(path, "rb").read()
                    bad += [path for w in words if w in text]
            return bad
        equal(holders(marks), [])
        # the control: a word that was in an address is in the memory of a worker, and one in a file is found
        s.get("/tra-cuu?sbd=Kh0-thu-nghiem-77")
        with open(data + "/planted", "w") as f:
            f.write(MARK)
        found = holders((MARK.encode(), b"Kh0-thu-nghiem-77"))
        if data + "/planted" not in found or (os.geteuid() == 0 and not any("memory" in x for x in found)):
            raise AssertionError(f"the control was not found: {found}")


def channel_secrets():
    """the gateway's secret and the key of push messages stand in no log, row, file, backup or environment but in their own files"""
    data, place = School.copy(), folder()
    root, gateway, secret = os.path.dirname(data), folder() + "/sms", "kh0-cong-sms-81qz"
    with open(gateway, "w") as f:
        f.write(f"url: http://127.0.0.1:1/send?k={{secret}}\nheader: Authorization: Bearer {{secret}}\nsecret: {secret}\n")
    os.chmod(gateway, 0o600)
    env = {"KHUE_SMS_FILE": gateway, "KHUE_PUSH": "https://push.example.net"}
    with Serving(data, PORT + 7, env=env) as s:
        cookie = sign_in(s, "giaovu", PASSWORD).headers.get("set-cookie", "").split(";")[0]
        page = one(s.connect(), request("GET", "/tai-khoan/bao-tin", Cookie=cookie))
        equal(page.status, 200)
        write(data + "/khue.db", "UPDATE person SET phone = '0912345678' WHERE id = (SELECT min(person) FROM account WHERE person > 0);"
              "INSERT INTO notice (id, account, vi, en, made, seen, kind, person, urgent, sms, spread) SELECT 1, 0, 'x', 'x', 1, 1, 'notice', min(person), 1, 'x', 0"
              " FROM account WHERE person > 0; UPDATE job_clock SET due = 1 WHERE name = 'channel/spread'")
        wait_for(lambda: sqlite(data, "SELECT count(*) FROM delivery WHERE state = 'waiting' AND tries > 0") == [(1,)])
        backup(data, place)
        lines = [x for x in open(data + "/keys/push.key").read().split("\n") if x and "-----" not in x]
        equal((len(lines) >= 2, oct(os.stat(data + "/keys/push.key").st_mode)[-3:]), (True, "400"))

        def holders(words):
            bad = []
            for pid in processes(s):
                for what in ("environ", "cmdline"):
                    text = open(f"/proc/{pid}/{what}", "rb").read()
                    bad += [f"{pid}/{what}" for w in words if w.encode() in text]
            for path in glob.glob(root + "/**/*", recursive=True) + glob.glob(place + "/**/*", recursive=True):
                if os.path.isfile(path) and not path.endswith("keys/push.key"):
                    text = open(path, "rb").read()
                    bad += [path for w in words if w.encode() in text]
            return bad
        equal(holders([secret, *lines]), [])
        if any(x in page.body.decode() for x in lines):
            raise AssertionError("the page shows the key")
        # the control: what is planted is found
        with open(data + "/planted", "w") as f:
            f.write(secret + lines[0])
        equal(len(holders([secret, lines[0]])), 2)
    equal(secret in open(s.log.name).read(), False)


def no_core():
    """a worker that crashes leaves no core file, and only root may look into one that lives"""
    data, where = School.copy(), folder()
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        s = Serving(data, PORT + 7)
        with s:
            for pid in processes(s):
                limits = open(f"/proc/{pid}/limits").read()
                equal(re.search(r"Max core file size +(\S+)", limits).group(1), "0")
                # what belongs to a process that may not be dumped belongs to root, whoever runs it
                if os.geteuid():
                    equal(os.stat(f"/proc/{pid}/environ").st_uid, 0)
            victim = s.workers()[0]
            os.kill(victim, signal.SIGABRT)
            time.sleep(0.3)
            equal(s.get("/healthz").status, 200)
        equal(glob.glob(where + "/core*") + glob.glob(data + "/core*") + glob.glob("core*"), [])
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def addresses():
    """a password in --db or KHUE_DB is refused, one in a file is taken, and no message shows it"""
    data, r = School.copy(), folder()
    for args, env in ((["--db", "postgres://a:bimat@127.0.0.1:1/x"], {}), ([], {"KHUE_DB": "postgres://a@127.0.0.1:1/x?password=bimat"})):
        said = khue("check", "--drift", "--data", data, *args, expect=INVALID, env=env)
        if "bimat" in said or "--db-file" not in said:
            raise AssertionError(said)
    path = r + "/db"
    with open(path, "w") as f:
        f.write("postgres://a:bimat@127.0.0.1:1/x?connect_timeout=2\n")
    os.chmod(path, 0o600)
    said = khue("check", "--drift", "--data", data, "--db-file", path, expect=None)
    if "bimat" in said or "***" not in said:
        raise AssertionError(said)
    said = khue("doctor", "--data", data, expect=STATE, env={"CREDENTIALS_DIRECTORY": r})
    if "bimat" in said or "***" not in said:
        raise AssertionError(said)
    os.chmod(path, 0o644)
    khue("check", "--drift", "--data", data, "--db-file", path, expect=STATE)


def credentials():
    """the installation's secret from a systemd credential: without it in DATA the same accounts sign in"""
    data, r = School.copy(), folder()
    os.rename(data + "/secret", r + "/secret")
    khue("user", "list", "--data", data, expect=3)
    with Serving(data, PORT + 7, env={"CREDENTIALS_DIRECTORY": r}) as s:
        equal(sign_in(s, "giaovu", PASSWORD).status, 303)
        khue("backup", "--to", r + "/b", "--data", data, env={"CREDENTIALS_DIRECTORY": r})
    khue("restore", "--from", r + "/b", "--key", School.key(), "--data", r + "/x")
    equal(open(r + "/x/secret", "rb").read(), open(r + "/secret", "rb").read())


def findings(data, *more, expect=0, env=None):
    said = json.loads(khue("doctor", "--json", "--data", data, *more, expect=expect, env=env))
    return {x["check"]: x["level"] for x in said if x["level"] != "good"}


def doctor():
    """the doctor: nothing wrong with a good installation, each planted fault found under its name"""
    data, r = School.copy(), folder()
    good = findings(data)
    equal([k for k, v in good.items() if v == "wrong"], [])
    equal({k: good.get(k) for k in ("backup", "mail", "clamd")}, {"backup": "note", "mail": "note", "clamd": "note"})
    place = folder()
    backup(data, place)
    khue("restore", "--drill", "--from", place, "--key", School.key(), "--scratch", r)
    again = findings(data)
    equal(("backup" in again, "drill" in again), (False, False))

    other = School.copy()
    with Serving(other, PORT + 8, workers=2):       # another installation on this machine is not this one
        equal((findings(data).get("serving"), findings(other).get("serving")), ("note", None))
        with Serving(data, PORT + 9, workers=1):
            said = {x["check"]: x["text"] for x in json.loads(khue("doctor", "--json", "--data", data))}
            equal(int(re.search(r"\d+", said["serving"]).group()), 3, said["serving"])     # supervisor, worker, jobs

    equal(good.get("fonts"), None)
    with open(r + "/fonts.conf", "w") as f:         # a machine that has nothing in the measures of Times New Roman
        f.write(f"<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{r}</cachedir></fontconfig>")
    equal(findings(data, env={"FONTCONFIG_FILE": r + "/fonts.conf"}).get("fonts"), "note")
    with open(r + "/fonts.conf", "w") as f:         # and one whose font of these measures has no Vietnamese letters
        f.write(f'''<fontconfig><dir>/usr/share/fonts</dir><cachedir>{r}/letters</cachedir>
<match target="scan"><test name="family"><string>Liberation Serif</string></test><edit name="charset" mode="assign"><minus>
<name>charset</name><charset><range><int>0x1ea0</int><int>0x1ef9</int></range></charset></minus></edit></match></fontconfig>''')
    equal(findings(data, env={"FONTCONFIG_FILE": r + "/fonts.conf"}).get("fonts"), "note")

    os.chmod(data + "/secret", 0o644)
    equal(findings(data, expect=STATE).get("secret"), "wrong")
    os.chmod(data + "/secret", 0o400)
    os.chmod(data, 0o755)
    equal(findings(data, expect=STATE).get("data"), "wrong")
    os.chmod(data, 0o700)
    with open(data + "/backup.last", "w") as f:
        f.write(f"{int(time.time() * 1000) - 9 * 86400000} old {place}\n")
    equal(findings(data, expect=STATE).get("backup"), "wrong")
    os.unlink(data + "/backup.last")
    for sql, check in (("UPDATE audit_head SET seq = seq + 1 WHERE org = (SELECT min(org) FROM audit_head)", "history"),
                       ("DELETE FROM schema_version WHERE module = 'core' AND number = 4", "schema"),
                       ("INSERT INTO schema_version (module, number, name, digest, done) VALUES ('core', 900, 'x-breaks', '', 0)", "schema"),
                       ("INSERT INTO job (id, name, org, made_by, made, actor, lang, input, state, due) VALUES (1, 'x', 0, 0, 0, '', 'vi', '', 'queued', 1)",
                        "jobs")):
        sick = School.copy()
        write(sick + "/khue.db", sql)
        equal(findings(sick, expect=STATE).get(check), "wrong", check)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "5", "-subj", "/CN=x", "-keyout", r + "/k",
                    "-out", r + "/c"], check=True, stderr=subprocess.DEVNULL)
    equal(findings(data, "--cert", r + "/c").get("certificate"), "note")
    equal(findings(data, expect=STATE, env={"KHUE_SMTP": "smtp://127.0.0.1:1", "KHUE_CLAMD": r + "/no.sock"}).get("mail"), "wrong")
    equal(findings(r + "/nowhere", expect=STATE).get("data"), "wrong")
    sick = School.copy()
    size = os.path.getsize(sick + "/khue.db")
    with open(sick + "/khue.db", "r+b") as f:
        f.seek(size // 2)
        f.write(b"\xff" * 64)
    equal(findings(sick, expect=STATE).get("pages"), "wrong")
    if PG:
        with Schema() as s:
            khue("move", "--data", data, "--to", s.where)
            equal([k for k, v in findings(data, "--db", s.where).items() if v == "wrong"], [])
            unsafe = s.where + "%20-csynchronous_commit%3Doff"
            equal(findings(data, "--db", unsafe, expect=STATE).get("synchronous_commit"), "wrong")


def said_of(channel, data, *more, env=None, expect=0, lang="en"):
    args = [KHUE, "doctor", "--json", "--data", data, "--lang", lang, *more]
    p = subprocess.run(args, stdout=subprocess.PIPE, text=True, env=dict(os.environ, **(env or {})))
    equal(p.returncode, expect, p.stdout)
    return next(((x["level"], x["text"]) for x in json.loads(p.stdout) if x["check"] == "channel_" + channel), ("", ""))


def channels():
    """the doctor on channels: not set up, wrongly set up, idle, sending, failing and why, in both languages"""
    data, r, now = School.copy(), folder(), int(time.time() * 1000)
    write(data + "/khue.db", "DELETE FROM delivery")
    level, text = said_of("sms", data, lang="vi")
    equal((level, "KHUE_SMS_FILE" in text and "chưa cấu hình" in text), ("note", True), text)
    equal("not set up" in said_of("sms", data)[1], True)
    sms = {"KHUE_SMS_FILE": r + "/sms"}
    equal(said_of("sms", data, env=sms, expect=STATE)[0], "wrong")                    # no such file
    with open(r + "/sms", "w") as f:
        f.write("url: https://127.0.0.1:9/\nbody: to={to}\n")
    os.chmod(r + "/sms", 0o644)
    equal("chmod 0600" in said_of("sms", data, env=sms, expect=STATE)[1], True)
    os.chmod(r + "/sms", 0o600)
    level, text = said_of("sms", data, env=sms)
    equal((level, "nothing has gone out" in text), ("good", True), text)
    row = "INSERT INTO delivery (id, channel, state, due, ended, problem) VALUES ({}, 'sms', '{}', 0, {}, '{}')"
    write(data + "/khue.db", row.format(1, "sent", now - 7200000, ""))
    equal(said_of("sms", data, env=sms)[0], "good")
    write(data + "/khue.db", row.format(2, "failed", now - 3600000, "so khong dung"))
    level, text = said_of("sms", data, env=sms)
    equal((level, "so khong dung" in text), ("note", True), text)
    equal("không gửi được" in said_of("sms", data, lang="vi", env=sms)[1], True)
    write(data + "/khue.db", row.format(3, "arrived", now - 60000, ""))
    equal(said_of("sms", data, env=sms)[0], "good")                                   # mended since
    with open(r + "/sms", "w") as f:
        f.write("url: ftp://127.0.0.1\n")
    equal("url must begin" in said_of("sms", data, env=sms, expect=STATE)[1], True)
    write(data + "/khue.db", "INSERT INTO outbox (id, address, subject, body, made, due, tries, problem) "
          f"VALUES (1, 'a@b.vn', 'x', 'x', {now}, {now}, 2, 'hop thu day')")
    level, text = said_of("email", data, env={"KHUE_SMTP": "smtp://127.0.0.1:1"}, expect=STATE)
    equal((level, "hop thu day" in text), ("note", True), text)
    if PG:
        with Schema() as s:
            khue("move", "--data", data, "--to", s.where)
            equal("hop thu day" in said_of("email", data, "--db", s.where, env={"KHUE_SMTP": "smtp://127.0.0.1:1"}, expect=STATE)[1], True)
            equal(said_of("push", data, "--db", s.where)[0], "note")


run([canary, channel_secrets, no_core, addresses, credentials, doctor, channels])
