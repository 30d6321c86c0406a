#!/usr/bin/env python3
"""wapiti and sqlmap against the smallest demo, signed in as two roles: test/attack/scan.py [MINUTES [ROLE ..]]: minutes of crawling,
and as much for each address sqlmap tries. Part of the long runs (KHUE_DEEP=1). Anything found fails, but for what ALLOWED says why.
Prints how much was asked: a scan that never got past the door is no success. The control is an address that pastes its parameter into
SQL, which sqlmap must find."""
import http.server
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from demo import Demo, Person  # noqa: E402
from net import PORT, equal, run  # noqa: E402

MINUTES = float(sys.argv[1]) if len(sys.argv) > 1 else 5
ROLES = tuple(sys.argv[2:]) or ("giaovu", "chuyenvien")
MODULES = "backup,crlf,exec,file,htaccess,htp,log4shell,methods,permanentxss,redirect,sql,ssl,ssrf,timesql,xss,xxe,csp,http_headers,cookieflags"
# Category of wapiti: why it is none of ours. Over plain HTTP on loopback, as here, TLS and its flags are nginx's.
ALLOWED = {
    "Secure Flag cookie": "cookies are Secure behind TLS: login_test.c sessions_are_kept_as_digests",
    "HTTP Secure Headers": "HSTS is sent behind TLS only: program_test.py headers",
    "Htaccess Bypass": "a verb nobody knows is answered 501 before anything is looked at: hostile_test.py unknown verb",
    "Internal Server Error": None,           # never allowed
}
# Debian's wapiti 3.0.4 puts the flags of what it leaves out behind the pattern, which its Python 3.11 refuses.
WAPITI = """
import re, sys
from importlib.metadata import distribution
plain = re.compile
re.compile = lambda p, flags=0: plain(p[:-5], flags | re.M | re.S) if isinstance(p, str) and p.endswith("(?ms)") else plain(p, flags)
sys.argv[0] = "wapiti"
sys.exit(next(e for e in distribution("wapiti3").entry_points if e.name == "wapiti").load()())
"""
# What would end the scan itself.
LEFT_ALONE = ("/dang-xuat", "/tai-khoan", "/tai-khoan/phien", "/tai-khoan/mat-khau", "/tai-khoan/xac-thuc", "/tai-khoan/khoa-truy-cap")
# Addresses with parameters that reach a query: lists, search, filters, sorting, autocomplete.
ASKED = ("/person?q=an", "/person?sort=name&page=1", "/school_class?year=1&q=6", "/tim?q=an", "/person/pick?q=an", "/enrolment?q=1&sort=class",
         "/account?q=a&state=active", "/org?q=tru&kind=school")


def sign_in(port, login):
    p = Person(port, login)
    return "; ".join(f"{k}={v}" for k, v in p.cookies.items())


def wapiti(server, cookie, login):
    """the report's findings, and how many addresses were crawled"""
    r = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
    args = ["/usr/bin/python3", "-c", WAPITI, "-u", f"http://127.0.0.1:{server.port}/", "--scope", "folder", "-m", MODULES, "-H", f"Cookie: {cookie}", "--flush-session",
            *[x for path in LEFT_ALONE for x in ("-x", f"http://127.0.0.1:{server.port}{path}")], "--store-session", r, "--no-bugreport",
            "--max-scan-time", str(int(MINUTES * 60)), "--max-attack-time", str(int(MINUTES * 20)), "--max-links-per-page", "40", "-d", "4", "-t", "5", "-f", "json", "-o", r + "/found.json", "-v", "1"]
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, HOME=r), timeout=MINUTES * 60 + 20 * (MINUTES * 20 + 20) + 120)
    if not os.path.exists(r + "/found.json"):
        raise AssertionError(p.stdout[-1500:])
    found = json.load(open(r + "/found.json"))
    wrong = []
    for kind in ("vulnerabilities", "anomalies"):
        for category, hits in found[kind].items():
            wrong += [f"{category}: {h['method']} {h['path']} {h.get('parameter')}: {h['info']}" for h in hits if not ALLOWED.get(category)]
    pages = len(set(re.findall(r"\[\+\] (?:GET|POST) (\S+)", p.stdout))) or found["infos"].get("crawled_pages_nbr", 0)
    print(f"# wapiti as {login}: {pages} pages crawled, {len(wrong)} findings")
    return wrong, pages


def sqlmap(url, cookie, seconds):
    """what sqlmap calls injectable there; None: it could not say within its time"""
    r = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
    try:
        p = subprocess.run(["sqlmap", "-u", url, "--cookie", cookie, "--batch", "--level", "2", "--risk", "2", "--technique", "BEUST", "--time-sec", "2", "--threads", "4",
                            "--output-dir", r, "--disable-coloring", "--flush-session", "--skip", "cookie", "--ignore-code", "404,422"], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    said = re.findall(r"(?:Parameter: .*|GET parameter .* is vulnerable.*|.*appears to be .* injectable.*)", p.stdout)
    if not said and "all tested parameters do not appear to be injectable" not in p.stdout:
        raise AssertionError(f"{url}: {p.stdout[-1200:]}")
    return said


def scanned():
    """wapiti and sqlmap find nothing in what a school's office and the department's officer can reach"""
    if not shutil.which("wapiti") or not shutil.which("sqlmap"):
        return "no wapiti or no sqlmap: tool/deps test"
    with Demo(workers=2) as server:
        wrong = []
        for login in ROLES:
            cookie = sign_in(server.port, login)
            found, pages = wapiti(server, cookie, login)
            wrong += found
            if pages < 20:
                raise AssertionError(f"only {pages} pages: the scan was not let in")
            cookie = sign_in(server.port, login)
            late, done = 0, 0
            for path in ASKED:
                said = sqlmap(f"http://127.0.0.1:{server.port}{path}", cookie, max(60, MINUTES * 60))
                late += said is None
                done += said is not None
                wrong += [f"sqlmap {login} {path}: {s}" for s in said or []]
            print(f"# sqlmap as {login}: {done} addresses tried to the end, {late} cut off")
            if not done:
                raise AssertionError("sqlmap came to no end anywhere")
        equal(Person(server.port).get("/healthz"), 200)
        equal(wrong, [])


class Planted(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        q = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).get("q", [""])[0]
        db = sqlite3.connect(":memory:")
        db.executescript("CREATE TABLE person (name TEXT); INSERT INTO person VALUES ('An'), ('Binh');")
        try:
            body = "<p>".join(r[0] for r in db.execute(f"SELECT name FROM person WHERE name = '{q}'"))
        except sqlite3.Error as e:
            body = f"SQLite error: {e}"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<html><body>{body}</body></html>".encode())

    def log_message(self, *_):
        pass


def planted():
    """the control: an address that pastes its parameter into SQL is found"""
    if not shutil.which("sqlmap"):
        return "no sqlmap"
    s = http.server.ThreadingHTTPServer(("127.0.0.1", PORT + 7), Planted)
    threading.Thread(target=s.serve_forever, daemon=True).start()
    try:
        if not sqlmap(f"http://127.0.0.1:{PORT + 7}/?q=An", "a=b", 240):
            raise AssertionError("not found")
    finally:
        s.shutdown()


run([planted, scanned])
