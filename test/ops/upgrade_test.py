#!/usr/bin/env python3
"""Upgrades: the schema of every released version comes to this one, on both engines, killed or not, two at once; two nodes are
upgraded one after the other under load and no request fails."""
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import urllib.parse

from net import one, read_reply, request
from place import DEEP, HOME, KHUE, PASSWORD, PG, PORT, STATE, School, Schema, Serving, equal, folder, khue, killed_after, now, psql, quiet_database, run, \
    wait_for, write

NODES, FRONT = (PORT + 8, PORT + 9), PORT + 10


def released(path):
    """The installation of a released version, from its frozen text."""
    data = folder()
    d = sqlite3.connect(data + "/khue.db")
    d.executescript(open(path).read())
    d.execute("PRAGMA journal_mode = WAL")
    d.close()
    with open(os.open(data + "/secret", os.O_CREAT | os.O_WRONLY, 0o400), "w") as f:
        f.write("khue released 0.1.0 test secret!")
    return data


def users(data, *where):
    return [x.split("\t")[:2] for x in khue("user", "list", "--data", data, *where).splitlines()[1:]]


def from_every_release():
    """every released schema comes to this one on both engines, with its rows and a whole history"""
    for path in glob.glob(HOME + "/test/ops/released/*.sql"):
        want = [["nguyen.van.a", "Nguyễn Văn Ạ"], ["quantri", "Quản Trị"]]
        old = released(path)
        khue("user", "list", "--data", old, expect=STATE)
        if PG:
            with Schema() as s:                  # moved from the old schema: comes to the new one on the way
                khue("move", "--data", old, "--to", s.where)
                khue("check", "--drift", "--audit", "--data", old, "--db", s.where)
                equal(sorted(users(old, "--db", s.where)), want)
                os.unlink(old + "/khue.db.moved")
        khue("migrate", "--data", old)
        khue("check", "--drift", "--audit", "--data", old)
        equal(sorted(users(old)), want)
        if "at this version" not in khue("migrate", "--data", old):
            raise AssertionError("migrated twice")


def killed_and_resumed():
    """khue migrate killed at any moment is taken up again; from nothing and from each release, on both engines"""
    kills = 40 if DEEP else 4
    for path in [None, *glob.glob(HOME + "/test/ops/released/*.sql")]:
        start = now()
        data = released(path) if path else folder()
        khue("migrate", "--data", data)
        took = now() - start
        for i in range(kills):
            data = released(path) if path else folder()
            killed_after(took * (i + 0.5) / kills, "migrate", "--data", data)
            khue("migrate", "--data", data)
            khue("check", "--drift", "--data", data)
    for i in range(kills if PG else 0):
        with Schema() as s:
            killed_after(took * (i + 0.5) / kills * 2, "migrate", "--data", data, "--db", s.where)
            quiet_database(PG)
            khue("migrate", "--data", data, "--db", s.where)
            khue("check", "--drift", "--data", data, "--db", s.where)


def two_at_once():
    """two nodes that migrate at once take turns: each migration ran once"""
    for engine in ("sqlite", "postgres")[:2 if PG else 1]:
        data = folder()
        with Schema() if engine == "postgres" else open("/dev/null") as s:
            where = ["--db", s.where] if engine == "postgres" else []
            both = [subprocess.Popen([KHUE, "migrate", "--data", data, *where], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
            said = [p.communicate()[0] for p in both]
            equal([p.returncode for p in both], [0, 0, 0], said)
            ran = re.findall(r"^đã chạy (\S+)|^ran (\S+)", "\n".join(said), re.M)
            equal(len(ran), len({a or b for a, b in ran}), "each once")
            khue("check", "--drift", "--data", data, *where)


# ---- two nodes -------------------------------------------------------------------------------------------------

class Balancer:
    """nginx before the nodes, with what deploy/nginx says about the next upstream."""

    def __init__(self):
        self.dir = folder()
        os.chmod(self.dir, 0o755)
        shipped = open(HOME + "/deploy/nginx/khue.conf").read()
        keep = [x for x in shipped.split("\n") if re.match(r"\tproxy_(http_version|set_header Connection|connect_timeout|next_upstream)|\tproxy_next_upstream_tries", x)]
        servers = "".join(f"server 127.0.0.1:{p} max_fails=3 fail_timeout=2s;" for p in NODES)
        with open(self.dir + "/nginx.conf", "w") as f:
            f.write(f"pid {self.dir}/pid; error_log {self.dir}/error.log; daemon off; worker_processes 1; user root;\nevents {{ worker_connections 1024; }}\n"
                    f"http {{ access_log off; client_body_temp_path {self.dir}/b; proxy_temp_path {self.dir}/p;\nupstream khue {{ least_conn; {servers} keepalive 32; }}\n"
                    f"server {{ listen 127.0.0.1:{FRONT};\n" + "\n".join(keep) + "\nproxy_set_header Host x; location / { proxy_pass http://khue; } } }\n")
        self.args = ["nginx", "-p", self.dir, "-e", self.dir + "/error.log", "-c", self.dir + "/nginx.conf"]

    def __enter__(self):
        self.p = subprocess.Popen(self.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        front = Serving("/x", FRONT)
        wait_for(lambda: front.get("/healthz").status == 200)
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.wait(10)


class Load:
    """Clients, one of which signs in and so writes, through the balancer until stopped; .done and .failed count their requests."""

    def __init__(self, n=4):
        self.stop, self.done, self.failed, self.said = threading.Event(), 0, 0, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(n)]

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for t in self.threads:
            t.join()

    def work(self, i):
        front = Serving("/x", FRONT)
        while not self.stop.is_set():
            try:
                # one of them writes: sign-ins beyond what the hashing can bear are refused on purpose
                what = "write" if i == 0 else ("/tra-cuu", "/dang-nhap", "/readyz")[self.done % 3]
                status = self.write(front) if what == "write" else front.get(what).status
            except Exception as e:
                status, what = repr(e), what
            with self.lock:
                self.done += 1
                if status not in (200, 303):
                    self.failed += 1
                    self.said.append((what, status))
            time.sleep(0.01)

    def write(self, front):
        page = front.get("/dang-nhap")
        token = page.body.decode().split('name="_csrf" value="')[1].split('"')[0]
        form = urllib.parse.urlencode({"_csrf": token, "login": "giaovu", "password": PASSWORD})
        return one(front.connect(30), request("POST", "/dang-nhap", form, Cookie=page.headers.get("set-cookie", "").split(";")[0], Origin="http://x",
                                              **{"Content-Type": "application/x-www-form-urlencoded"})).status


NEXT = "-- what the next release brings\nCREATE TABLE next_thing (id BIGINT PRIMARY KEY, name TEXT);\nALTER TABLE account ADD COLUMN next_note TEXT;\n"


def next_program():
    """The program of the next release: this tree with one more migration, built in a folder of its own."""
    tree = folder() + "/next"
    subprocess.run(["git", "-C", HOME, "worktree", "list"], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(HOME, tree, ignore=shutil.ignore_patterns("build*", "node_modules", ".git", "var", "corpus"))
    os.makedirs(tree + "/test/fuzz/corpus", exist_ok=True)
    with open(tree + "/src/core/migrate/900-next.sql", "w") as f:
        f.write(NEXT)
    subprocess.run(["meson", "setup", "build"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["nice", "ninja", "-C", "build", "khue"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return tree + "/build/khue"


def rolling():
    """two nodes upgraded one after the other under load: no request fails, and the older one serves on the newer schema"""
    if not PG:
        return "no PostgreSQL"
    if not shutil.which("nginx"):
        return "no nginx"
    data, binary = School.copy(), next_program() if DEEP else KHUE
    with Schema() as s:
        khue("move", "--data", data, "--to", s.where)
        nodes = [Serving(data, p, db=s.where) for p in NODES]
        for n in nodes:
            n.__enter__()
        try:
            with Balancer(), Load() as load:
                time.sleep(1.5)
                if DEEP:
                    subprocess.run([binary, "migrate", "--data", data, "--db", s.where], check=True, stdout=subprocess.DEVNULL)
                else:
                    write(s.where, NEXT + "INSERT INTO schema_version (module, number, name, digest, done) VALUES ('core', 900, 'next', '', 0)")
                for n in nodes:                  # the older program, on the newer schema
                    equal(n.get("/readyz").status, 200)
                time.sleep(1)
                for i, n in enumerate(nodes):
                    n.__exit__()
                    nodes[i] = Serving(data, n.port, db=s.where, binary=binary)
                    nodes[i].__enter__()
                    time.sleep(3)                # until the balancer asks it again: fail_timeout and a second
            equal(load.failed, 0, load.said[:5])
            if load.done < 100:
                raise AssertionError(f"only {load.done} requests")
            print(f"# {load.done} requests, {load.failed} failed")
            # the control: a migration that breaks takes the older nodes out
            write(s.where, "INSERT INTO schema_version (module, number, name, digest, done) VALUES ('core', 901, 'away-breaks', '', 0)")
            equal([n.get("/readyz").status for n in nodes], [503, 503])
        finally:
            for n in nodes:
                n.__exit__()


def counted():
    """the control of the test above: two nodes stopped at once are counted as failures"""
    if not PG or not shutil.which("nginx"):
        return "no PostgreSQL or nginx"
    data = School.copy()
    with Schema() as s:
        khue("move", "--data", data, "--to", s.where)
        nodes = [Serving(data, p, db=s.where) for p in NODES]
        for n in nodes:
            n.__enter__()
        with Balancer(), Load() as load:
            time.sleep(0.5)
            for n in nodes:
                n.__exit__()
            time.sleep(0.5)
        if load.failed == 0:
            raise AssertionError("nothing failed while nothing served")


run([from_every_release, killed_and_resumed, two_at_once, rolling, counted])
