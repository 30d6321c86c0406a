"""The whole program over the smallest demo, and people who use it as browsers do."""
import html
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse

from net import BUILD, Server, equal, wait_for

KHUE = os.path.join(BUILD, "khue")
PG = os.environ.get("KHUE_TEST_PG", "")
PASSWORD = "hoa-gao-thang-ba-1987"


def schema(name):
    """An empty schema of the PostgreSQL of the tests: its address."""
    subprocess.run(["psql", "-q", "-d", PG, "-c", f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"], check=True, stderr=subprocess.DEVNULL)
    return f"{PG}{'&' if '?' in PG else '?'}options=-csearch_path%3D{name}"


class Demo(Server):
    """build/khue (or another program) with the smallest demo; db None: SQLite."""

    def __init__(self, db=None, workers=1, program=KHUE, **server):
        super().__init__(**server)
        self.data = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        self.args = [program, "serve", "--data", self.data, "--listen", self.listen, "--workers", str(workers)] + (["--db", db] if db else [])
        made = subprocess.run([KHUE, "demo", "--size", "school", "--password", PASSWORD, "--data", self.data] + (["--db", db] if db else []),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if made.returncode:
            raise AssertionError(made.stdout)

    def __enter__(self):
        self.log = open(os.path.join(self.data, "log"), "w+")
        self.p = subprocess.Popen(self.args, stdout=subprocess.DEVNULL, stderr=self.log, env=dict(self.env, KHUE_TEST="1"))
        wait_for(lambda: self.get("/healthz").status == 200)
        return self

    def __exit__(self, *a):
        super().__exit__(*a)
        shutil.rmtree(self.data, ignore_errors=True)


ASKED = {}      # route: the most it used of sql, ms, kB, and its budget


class Person:
    """A browser of somebody; follows nothing by itself."""

    def __init__(self, port, login=None):
        self.c, self.port, self.cookies = http.client.HTTPConnection("127.0.0.1", port, timeout=20), port, {}
        if login:
            self.get("/dang-nhap")
            status = self.post("/dang-nhap", {"login": login, "password": PASSWORD})
            equal((login, status), (login, 303), "sign in")

    def ask(self, verb, path, body=None, accept="text/html", again=True, **headers):
        h = {"Accept": accept, "Accept-Language": "vi", **headers}
        if self.cookies:
            h["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        self.c.request(verb, path, body, h)
        r = self.c.getresponse()
        body = r.read()
        self.text, self.size, self.status, self.headers = body.decode("utf-8", "replace"), len(body), r.status, r.headers
        for line in r.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        self.place = r.headers.get("Location", "")
        if r.status >= 500:
            raise AssertionError(f"{verb} {path}: {r.status}")
        if r.status == 200 and again:
            self.within(verb, path, accept, headers)
        return self.status

    def within(self, verb, path, accept, headers):
        """Holds an answer against its route's budget: statements, kB of the body, ms of the server's CPU. Time is the best of five
        of a GET, so that a busy machine does not fail it; a write is done once and may take three times its budget."""
        budget = [int(n) for n in self.headers.get("X-Khue-Budget", "").split()]
        sql, kb, cpu = int(self.headers.get("X-Khue-Sql", 0)), self.size / 1024, int(self.headers.get("X-Khue-Cpu", 0)) / 1000
        if not budget or self.headers["X-Khue-Route"] == "-":
            return
        route, kept = f"{verb} {self.headers['X-Khue-Route']}", (self.text, self.size, self.status, self.headers, self.place)
        ASKED.setdefault(route, [0, 0, 0, budget])
        if sql > budget[0]:
            raise AssertionError(f"{verb} {path}: {sql} statements, {budget[0]} allowed")
        if kb > budget[2]:
            raise AssertionError(f"{verb} {path}: {kb:.1f} kB, {budget[2]} allowed")
        for _ in range(4):
            if verb != "GET" or cpu <= budget[1]:
                break
            self.ask(verb, path, accept=accept, again=False, **headers)
            cpu = min(cpu, int(self.headers.get("X-Khue-Cpu", 0)) / 1000)
        if cpu > budget[1] * (1 if verb == "GET" else 3):
            raise AssertionError(f"{verb} {path}: {cpu:.1f} ms of CPU, {budget[1]} allowed")
        ASKED[route][:3] = [max(a, b) for a, b in zip(ASKED[route], (sql, cpu, kb))]
        self.text, self.size, self.status, self.headers, self.place = kept

    def get(self, path, **headers):
        status = self.ask("GET", path, **headers)
        if "html" in self.headers.get("Content-Type", ""):
            self.sound(path)
        return status

    def json(self, path):
        equal(self.ask("GET", path, accept="application/json"), 200, path)
        return json.loads(self.text)

    def hidden(self, name):
        m = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return html.unescape(m.group(1)) if m else ""

    def post(self, path, fields, csrf=None, **headers):
        """As a form of the page that was read last."""
        all_fields = {"_csrf": self.hidden("_csrf") if csrf is None else csrf, "_key": self.hidden("_key"), **fields}
        return self.ask("POST", path, urllib.parse.urlencode(all_fields), **{"Content-Type": "application/x-www-form-urlencoded",
                        "Origin": f"http://127.0.0.1:{self.port}", **headers})

    def send_file(self, path, name, file, fields):
        """As post, of a form with a file."""
        parts = {"_csrf": self.hidden("_csrf"), "_key": self.hidden("_key"), **fields}
        body = "".join(f'--b0\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items()).encode()
        body += f'--b0\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + file + b"\r\n--b0--\r\n"
        return self.ask("POST", path, body, **{"Content-Type": "multipart/form-data; boundary=b0", "Origin": f"http://127.0.0.1:{self.port}"})

    def sound(self, path):
        """Nothing a strict policy forbids, no id twice, every input with a name people can read."""
        if re.search(r"<[^>]*\sstyle=|<[^>]*\son[a-z]+=|<script(?![^>]*\bsrc=)[^>]*>", self.text):
            raise AssertionError(f"{path}: inline style or script: {re.search(r'<[^>]*(style=|on[a-z]+=)[^>]*>|<script>', self.text)}")
        ids = re.findall(r'\sid="([^"]+)"', self.text)
        twice = {i for i in ids if ids.count(i) > 1}
        if twice:
            raise AssertionError(f"{path}: ids twice: {sorted(twice)[:5]}")
        if "default-src 'none'" not in self.headers.get("Content-Security-Policy", ""):
            raise AssertionError(f"{path}: no policy")
        if re.search(r"\{\{|t\.[a-z]+\.[a-z_]+\}", self.text):
            raise AssertionError(f"{path}: a template's own words")
