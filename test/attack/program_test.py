#!/usr/bin/env python3
"""Attacks on the whole program: a flood of passwords, a session on a second node, reports of the content policy."""
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from demo import KHUE, PG, Demo, Person, schema  # noqa: E402
from net import PORT, equal, run, wait_for  # noqa: E402


def metric(s, name):
    for line in s.get("/metrics").body.decode().split("\n"):
        if line.startswith(name + " "):
            return int(line.split()[1])
    raise AssertionError(f"no {name}")


def policy_reports():
    """S7: a browser's report is counted without a token, the policy names where to send it; another write without a token is refused"""
    before = metric(server, "khue_policy_reports_total")
    equal("report-uri /csp" in server.get("/dang-nhap").headers["content-security-policy"], True)
    report = {"csp-report": {"document-uri": "http://x/person/1?q=Ng%E1%BB%8Dc", "effective-directive": "script-src", "blocked-uri": "inline"}}
    for body in (json.dumps(report), "nonsense", "[]", '{"csp-report": 7}', "x" * 30000):
        equal(server.post("/csp", body, "application/csp-report").status, 204)
    equal(metric(server, "khue_policy_reports_total"), before + 5)
    equal(server.post("/thong-bao", "id=1").status, 403)
    log = open(server.log.name).read()
    equal("policy_report" in log and "/person/1" in log, True, "logged")
    equal("Ng%E1" in log, False, "the query of an address is not logged")


def flood(answers, until, login):
    while time.monotonic() < until:
        p = Person(PORT)
        p.get("/dang-nhap")
        r = None
        try:
            p.post("/dang-nhap", {"login": login, "password": "sai"})
            r = p.status
        except AssertionError:
            r = 503
            if not p.headers.get("Retry-After"):
                r = "503 without Retry-After"
        answers.append(r)


def passwords_do_not_stop_pages():
    """S1: while thirty clients guess passwords, a signed-in person's pages stay below a second; who is refused is told when to return"""
    p, answers, slow = Person(PORT, "giaovu"), [], []
    until = time.monotonic() + 6
    threads = [threading.Thread(target=flood, args=(answers, until, f"ai{i}")) for i in range(30)]
    for t in threads:
        t.start()
    while time.monotonic() < until:
        start = time.monotonic()
        p.get("/person")
        slow.append(time.monotonic() - start)
        time.sleep(0.05)
    for t in threads:
        t.join()
    slow.sort()
    print(f"# {len(answers)} tries, {sum(a == 503 for a in answers)} told to wait; a page took {slow[len(slow) // 2] * 1000:.0f} ms (median), "
          f"{slow[-1] * 1000:.0f} ms (worst) of {len(slow)}")
    equal([a for a in answers if a not in (422, 503)], [])
    if slow[len(slow) * 95 // 100] > 1.0:
        raise AssertionError("pages are held up")


class Node:
    """A second process over the same data."""

    def __init__(self, first, port):
        self.port = port
        args = [a for a in first.args]
        args[args.index("--listen") + 1] = f"127.0.0.1:{port}"
        self.p = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, KHUE_TEST="1"))

    def __enter__(self):
        wait_for(lambda: Person(self.port).get("/dang-nhap") == 200)
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.wait(15)


def second_node(first):
    with Node(first, PORT + 1) as node:
        here = Person(first.port, "giaovu")
        there = Person(node.port)
        there.cookies = dict(here.cookies)
        equal(there.get("/tai-khoan"), 200, "the session counts on both nodes")
        stolen = dict(here.cookies)
        here.get("/dang-xuat")
        equal(here.post("/dang-xuat", {}), 303)
        start = time.monotonic()
        there.cookies = dict(stolen)
        equal(there.get("/tai-khoan"), 303, "signed out here, out there")
        here = Person(first.port, "giaovu")
        there.cookies = dict(here.cookies)
        equal(there.get("/tai-khoan"), 200)
        out = subprocess.run([KHUE, "user", "revoke-all", "--data", first.data] + first.args[first.args.index("--workers") + 2:],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal(out.returncode, 0, out.stdout)
        start = time.monotonic()
        equal(there.get("/tai-khoan"), 303, "revoked for everybody")
        equal(here.get("/tai-khoan"), 303)
        if time.monotonic() - start > 1:
            raise AssertionError("later than a second")


def second_node_sqlite():
    """S5: a session ended on one node is over on the other, and revoke-all ends all of them within a second (SQLite)"""
    second_node(server)


def second_node_postgres():
    """S5: a session ended on one node is over on the other, and revoke-all ends all of them within a second (PostgreSQL)"""
    if not PG:
        return "no PostgreSQL"
    with Demo(schema(f"attack_{os.getpid()}"), port=PORT + 2) as first:
        second_node(first)


with Demo(workers=4) as server:
    run([policy_reports, passwords_do_not_stop_pages, second_node_sqlite, second_node_postgres])
