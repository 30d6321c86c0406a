#!/usr/bin/env python3
"""What machines that watch the program ask, on both engines: /healthz, /readyz, /metrics, and the request log."""
import json
import os
import re
import shutil
import subprocess
import tempfile

from net import BUILD, PORT, Server, equal, run, wait_for

KHUE = os.path.join(BUILD, "khue")
PG = os.environ.get("KHUE_TEST_PG", "")


class Program(Server):
    """build/khue on a new, empty installation; db: None for SQLite."""

    def __init__(self, db=None, proxy=None):
        super().__init__()
        self.data = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        self.db = ["--db", db] if db else []
        subprocess.run([KHUE, "init", "--data", self.data, *self.db], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.args = [KHUE, "serve", "--data", self.data, "--listen", self.listen, "--workers", "2", *self.db, *(["--proxy", proxy] if proxy else [])]

    def __enter__(self):
        self.log = open(os.path.join(self.data, "log"), "w+")
        self.p = subprocess.Popen(self.args, stdout=subprocess.DEVNULL, stderr=self.log)
        wait_for(lambda: self.get("/healthz").status == 200)
        return self

    def __exit__(self, *a):
        super().__exit__(*a)
        shutil.rmtree(self.data, ignore_errors=True)

    def sql(self, text):
        where = self.db[1] if self.db else os.path.join(self.data, "khue.db")
        subprocess.run([os.path.join(BUILD, "test/tool/khue_sql"), where, text], check=True)

    def lines(self):
        return [json.loads(x) for x in open(os.path.join(self.data, "log"), encoding="utf-8")]


def postgres():
    """A schema of our own in the instance of the tests."""
    name = f"ops_{os.getpid()}"
    subprocess.run(["psql", "-q", "-d", PG, "-c", f"CREATE SCHEMA {name}"], check=True)
    return f"{PG}{'&' if '?' in PG else '?'}options=-csearch_path%3D{name}"


def watch(s):
    equal((s.get("/healthz").status, s.get("/healthz").body), (200, b"ok\n"))
    equal((s.get("/readyz").status, s.get("/readyz").body), (200, b"ok\n"))
    s.sql("INSERT INTO job (id, name, org, made_by, made, actor, lang, input, state, due) VALUES (1, 'x', 0, 0, 0, '', 'vi', '', 'failed', 0)")
    before = metrics(s)["khue_requests_total"]       # counted after the answer has left
    wait_for(lambda: metrics(s)["khue_requests_total"] > before)
    wait_for(lambda: metrics(s)["khue_workers_started_total"] == 2)
    after = metrics(s)
    equal(after['khue_jobs{state="failed"}'], 1)
    equal(after[f'khue_database_up{{kind="{"postgres" if s.db else "sqlite"}"}}'], 1)
    equal(after["khue_backup_age_seconds"], -1)
    equal(after['khue_request_seconds_bucket{le="+Inf"}'], after["khue_request_seconds_count"])
    s.sql("DELETE FROM schema_version WHERE module = 'core' AND number = 3")
    equal((s.get("/readyz").status, s.get("/readyz").body), (503, b"schema\n"))
    equal(s.get("/healthz").status, 200)


def metrics(s):
    """Every line is a comment or `name{labels} number`; a name's lines stand together after its HELP and TYPE."""
    r = s.get("/metrics")
    equal(r.status, 200)
    out, typed, name = {}, set(), None
    for line in r.body.decode().rstrip("\n").split("\n"):
        m = re.fullmatch(r"# (HELP|TYPE) (khue_[a-z_]+) (.+)", line)
        if m:
            if m.group(1) == "TYPE":
                name = m.group(2)
                equal(name in typed, False, "twice: " + name)
                typed.add(name)
            continue
        m = re.fullmatch(r"(khue_[a-z_]+)(\{[a-z]+=\"[^\"]*\"\})? (-?[0-9.]+)", line)
        if not m or not m.group(1).startswith(name):
            raise AssertionError(line)
        out[m.group(1) + (m.group(2) or "")] = float(m.group(3))
    return out


def on_sqlite():
    """health, readiness and metrics on SQLite"""
    with Program() as s:
        watch(s)


def on_postgres():
    """health, readiness and metrics on PostgreSQL"""
    if not PG:
        return "no PostgreSQL"
    with Program(postgres()) as s:
        watch(s)


def request_log():
    """a line a request, with the route and never what stands in it"""
    with Program() as s:
        r = s.get("/tra-cuu/BIMAT-KY-THI/BIMAT-SBD?ten=BIMAT-TEN", Cookie="khue=BIMAT-PHIEN", User_Agent="BIMAT-MAY", X_Forwarded_For="203.0.113.77")
        s.post("/dang-nhap", "login=BIMAT-NGUOI&password=BIMAT-KHAU")
        s.get("/BIMAT-DUONG")
        def lines():                     # written after the answer has left
            return [x for x in s.lines() if x["event"] == "request"]
        wait_for(lambda: len(lines()) >= 4)
        for x in lines():
            equal(set(x), {"t", "level", "event", "id", "verb", "route", "status", "ms", "bytes", "sql"})
        text = open(os.path.join(s.data, "log"), encoding="utf-8").read()
        for word in ("BIMAT", "203.0.113.77", "127.0.0.1"):
            equal(word in text.replace(s.listen, ""), False, word)
        if r.status >= 500:
            raise AssertionError(r.status)


def metrics_are_not_public():
    """/metrics answers the machine itself; whoever comes through the proxy from elsewhere finds no such page"""
    with Program(proxy="127.0.0.1") as s:
        equal([s.get("/metrics", X_Forwarded_For=a).status for a in ("127.0.0.1", "203.0.113.7", "192.0.2.10, 203.0.113.7")], [200, 404, 404])
        equal(s.get("/healthz", X_Forwarded_For="203.0.113.7").status, 200)


run([on_sqlite, on_postgres, request_log, metrics_are_not_public])
