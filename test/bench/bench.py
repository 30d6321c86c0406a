"""What the benches share: servers that start and stop, the load of wrk, and CPU time read from /proc.

Wall-clock rates depend on what else runs; the CPU time of a server per request does not, so that is what is held against a
goal wherever it can be. Server and peer are always measured in the same run.
"""
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("KHUE_BUILD") or os.path.join(HOME, "build")
TMP = os.environ.get("KHUE_TEST_TMP") or tempfile.mkdtemp(prefix="khue-bench.")
PORT = int(os.environ.get("KHUE_TEST_PORT", "18300"))
SECONDS = int(os.environ.get("KHUE_BENCH_S", "6"))
TICK = os.sysconf("SC_CLK_TCK")
DEEP = bool(os.environ.get("KHUE_DEEP"))        # the long form: a province, a million look-ups
RUNS = 3                                        # of each measurement; the worst counts
KHUE, PASSWORD = os.path.join(BUILD, "khue"), "do-luong-2026"
FIGURES = os.environ.get("KHUE_BENCH_FIGURES", os.path.join(BUILD, "bench.jsonl"))   # every figure, for doc/performance.md's chart
failed = []


def cpu_of(pid):
    """Seconds of a process and of its children that have ended; of one that has just ended its parent tells."""
    try:
        f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(x) for x in f[11:15]) / TICK


def children(pid):
    out = subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE, text=True).stdout
    return [int(x) for x in out.split()]


def wait_port(port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


class Server:
    """A process that serves, with its workers: their CPU together."""

    def __init__(self, args, port, env=None, beside=()):
        self.port, self.beside = port, beside
        self.log = open(os.path.join(TMP, f"server-{port}.log"), "w")
        self.p = subprocess.Popen(args, stdout=self.log, stderr=self.log, env=dict(os.environ, **(env or {})), start_new_session=True)

    def __enter__(self):
        wait_port(self.port)
        return self

    def __exit__(self, *_):
        self.p.send_signal(signal.SIGTERM)
        try:
            self.p.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.p.pid, signal.SIGKILL)
        self.log.close()

    def cpu(self):
        return sum(cpu_of(p) for p in [self.p.pid, *children(self.p.pid)])


def nginx(port, root, site):
    """nginx as Debian sets it up (sendfile, an access log), two workers, serving `site` from root."""
    conf = os.path.join(TMP, f"nginx-{port}.conf")
    with open(conf, "w") as f:
        f.write(f"""
{"user root;" if os.getuid() == 0 else ""} daemon off; worker_processes 2; pid {TMP}/nginx-{port}.pid; error_log {TMP}/nginx-{port}.err;
events {{ worker_connections 1024; }}
http {{
  sendfile on; tcp_nopush on; types {{ text/html html; }} default_type text/html; keepalive_requests 100000;
  access_log {TMP}/nginx-{port}.access; client_body_temp_path {TMP}/nb; proxy_temp_path {TMP}/np; fastcgi_temp_path {TMP}/nf;
  uwsgi_temp_path {TMP}/nu; scgi_temp_path {TMP}/ns;
  server {{ listen 127.0.0.1:{port}; root {root}; {site} }}
}}""")
    return Server([shutil.which("nginx") or "/usr/sbin/nginx", "-c", conf, "-p", TMP], port)


class Load:
    """One run of wrk: requests a second, errors, the answers' mean size, and the server's CPU a request."""

    def __init__(self, server, path, script=None, connections=16, seconds=None, env=None):
        args = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or SECONDS}s", "--latency"]
        args += ["-s", script] if script else []
        before = server.cpu()
        out = subprocess.run([*args, f"http://127.0.0.1:{server.port}{path}"], stdout=subprocess.PIPE, text=True,
                             env=dict(os.environ, **(env or {}))).stdout
        used = server.cpu() - before
        self.requests = int(re.search(r"(\d+) requests in", out).group(1))
        self.rate = float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1))
        self.p99 = re.search(r"99%\s+(\S+)", out).group(1)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
        self.bad = int(bad.group(1)) if bad else 0
        self.errors = sum(map(int, errors.groups())) if errors else 0
        self.us = used * 1e6 / max(1, self.requests)

    def __str__(self):
        wrong = f", {self.bad} refused, {self.errors} broken" if self.bad or self.errors else ""
        return f"{self.rate:9,.0f} requests/s, {self.us:7.1f} µs CPU a request, p99 {self.p99}{wrong}"


class Open:
    """One run of test/tool/load over a file of paths: at `rate` requests a second or in phases "seconds:rate,..", latency from the
    time each request was due; without both, each connection asks again when it was answered. base: more processes whose CPU counts."""

    def __init__(self, server, paths, connections=16, rate=None, phases=None, seconds=None, cookie=None, words=False, fresh=False, base=None):
        lines = os.path.join(TMP, f"paths-{os.getpid()}")
        if not isinstance(paths, str):
            with open(lines, "w") as f:
                f.write("\n".join(paths) + "\n")
            paths = lines
        args = [os.path.join(BUILD, "test/tool/load"), str(server.port), paths, "-c", str(connections), "-s", str(seconds or SECONDS)]
        args += ["-r", str(rate)] if rate else ["-p", phases] if phases else []
        args += (["-H", f"Cookie: {cookie}\r\n"] if cookie else []) + (["-w"] if words else []) + (["-k"] if fresh else [])
        before, base_before = server.cpu(), base() if base else 0
        out = subprocess.run(args, stdout=subprocess.PIPE, text=True, check=True).stdout
        self.__dict__.update(json.loads(out))
        self.bad = self.other + self.wrong + self.broken
        done = max(1, self.good + self.busy)
        self.us = (server.cpu() - before) * 1e6 / done
        self.base_us = ((base() if base else 0) - base_before) * 1e6 / done

    def __str__(self):
        more = "".join(f", {getattr(self, n)} {n}" for n in ("busy", "other", "wrong", "broken") if getattr(self, n))
        base = f" + {self.base_us:.0f} of PostgreSQL" if self.base_us else ""
        return f"{self.rate:8,.0f}/s, {self.us:6.0f}{base} µs CPU, p50 {self.p50:.2f} p99 {self.p99:.2f} most {self.most:.1f} ms{more}"


class Postgres:
    """A private PostgreSQL (tool/pg): .url, and the CPU of all its processes. .url is None when it is not installed."""

    def __enter__(self):
        os.chmod(TMP, 0o755)
        self.folder = os.path.join(TMP, "pg")
        os.makedirs(self.folder, exist_ok=True)
        p = subprocess.run([os.path.join(HOME, "tool/pg"), "start", self.folder], stdout=subprocess.PIPE, text=True,
                           env=dict(os.environ, KHUE_PG_CONNECTIONS="150"))
        self.url = p.stdout.strip() if p.returncode == 0 else None
        if not self.url:
            print("  skipped: PostgreSQL is not installed; run tool/deps bench")
        return self

    def __exit__(self, *_):
        if self.url:
            subprocess.run([os.path.join(HOME, "tool/pg"), "stop", self.folder])

    def cpu(self):
        pid = int(open(os.path.join(self.folder, "data/postmaster.pid")).readline())
        return sum(cpu_of(p) for p in [pid, *children(pid)])


class Site(Server):
    """khue serve over a demo of its own; db: None for SQLite. made: seconds it took to make. before, between: done with the folder
    before the demo is made, and before the server starts."""

    def __init__(self, port, db=None, size="school", seed="2", workers=2, data=None, before=None, between=None):
        self.data, self.db = data or os.path.join(TMP, f"site-{port}"), ["--db", db] if db else []
        if before:
            before(self.data)
        self.engine, self.url, begin = "postgres" if db else "sqlite", db, time.monotonic()
        subprocess.run([KHUE, "demo", "--size", size, "--seed", seed, "--password", PASSWORD, "--data", self.data, *self.db],
                       check=True, stdout=subprocess.DEVNULL)
        self.made = time.monotonic() - begin
        if between:
            between(self.data)
        super().__init__([KHUE, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}", "--workers", str(workers), *self.db], port)

    def sign_in(self, login):
        return Person(self.port, login)


class Person:
    """Somebody signed in: .cookie for load, get() and json() for looking."""

    def __init__(self, port, login):
        self.port, self.jar = port, http.cookiejar.CookieJar()
        self.web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.csrf = self.token(self.get("/dang-nhap"))
        form = urllib.parse.urlencode({"login": login, "password": PASSWORD, "_csrf": self.csrf}).encode()
        for left in (4, 3, 2, 1, 0):             # few passwords are hashed at once; a busy machine says 503
            try:
                self.web.open(f"http://127.0.0.1:{port}/dang-nhap", form).read()
                break
            except urllib.error.HTTPError as e:
                if e.code != 503 or not left:
                    raise
                time.sleep(2)
        self.cookie = "; ".join(f"{c.name}={c.value}" for c in self.jar)

    @staticmethod
    def token(text):
        m = re.search(r'name="_csrf" value="([^"]+)"', text)
        return m.group(1) if m else ""

    def get(self, path, accept="text/html"):
        return self.web.open(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Accept": accept})).read().decode()

    def place(self, path):
        """Where an address leads in the end."""
        return self.web.open(f"http://127.0.0.1:{self.port}{path}").geturl().split(str(self.port), 1)[1]

    def json(self, path):
        return json.loads(self.get(path, "application/json"))


def new_circular(data, code, change, like="tt22", grades="6-12"):
    """A circular like one there is, changed, for these grades from the school year of today on."""
    text = open(os.path.join(HOME, f"src/mod/records/data/{like}.scheme")).read()
    today = time.localtime()
    year = today.tm_year if today.tm_mon >= 8 else today.tm_year - 1
    text = re.sub(r"^(cohort|grades) .*\n", "", text, flags=re.M).replace(f"scheme {like} ", f"scheme {code} ", 1)
    text = re.sub(r"^from .*$", f"from {year}-07-01\ngrades {grades} from {year}-{year + 1}", text, count=1, flags=re.M)
    os.makedirs(os.path.join(data, "schemes"), exist_ok=True)
    with open(os.path.join(data, "schemes", f"{code}.scheme"), "w") as f:
        f.write(change(text))


class Book:
    """A subject teacher's book of marks with so many pupils: its page, and saves of its first column as the page's script sends them."""

    def __init__(self, site, login="giaovien", pupils=None):
        self.site, self.who = site, site.sign_in(login)
        for b in self.who.json("/gradebook")["books"]:
            path = f"/gradebook/{b['class']}/{b['subject']}"
            page = self.who.json(path)
            if (pupils is None or b["size"] == pupils) and page["may_write"] and not page["columns"][0]["word"]:
                break
        else:
            sys.exit(f"{login} has no book of {pupils} pupils: choose another seed")
        self.path, self.columns = path, len(page["columns"])
        self.header = f"{self.who.cookie}\r\nX-CSRF-Token: {self.who.token(self.who.get(path))}"

    def saves(self, n):
        """A file of n saves of the whole column, each of what follows the one before: for one connection, from the first line on."""
        page, file = self.who.json(self.path), os.path.join(TMP, f"saves-{os.urandom(6).hex()}")
        # what is shown of an earlier class does not stand in this book
        column, was = page["columns"][0]["key"], [(p["pupil"], "" if p["cells"][0]["old"] else p["cells"][0]["value"]) for p in page["pupils"] if not p["exempt"]]
        with open(file, "w") as f:
            for k in range(n):
                cells = [{"pupil": p, "column": column, "was": v, "to": f"{(k + i) % 9 + 1}.{k // 9 % 10}"} for i, (p, v) in enumerate(was)]
                body = {"term": page["term_code"], "live": True, "base": page["entries"] + k, "reason": "", "cells": cells}
                f.write(f"POST {self.path}\t{json.dumps(body, separators=(',', ':'))}\t{os.urandom(16).hex()}\n")
                was = [(c["pupil"], c["to"]) for c in cells]
        self.marks = len(was)
        return file

    def entries(self):
        return self.who.json(self.path)["entries"]


def worst(make, key=lambda x: -x.us):
    """Three runs; the worst by key (the least of it) and all of them."""
    runs = [make() for _ in range(RUNS)]
    return min(runs, key=key), runs


def record(bench, **figures):
    with open(FIGURES, "a") as f:
        f.write(json.dumps({"bench": bench, **figures}, ensure_ascii=False) + "\n")


def goal(name, value, limit, unit, least=True):
    """Prints a figure beside its goal; the run fails when it falls short."""
    good = value >= limit if least else value <= limit
    print(f"  {name}: {value:.2f}{unit} (goal {'>=' if least else '<='} {limit}{unit}) {'ok' if good else 'FALLS SHORT'}", flush=True)
    if not good:
        failed.append(name)


def need(*programs):
    """Without a program that measures there is nothing to say."""
    for p in programs:
        if not shutil.which(p) and not os.path.exists(f"/usr/sbin/{p}"):
            print(f"  skipped: {p} is not installed; run tool/deps bench")
            sys.exit(0)


def end():
    sys.exit(1 if failed else 0)
