"""An installation to break: the program over a small demo on SQLite or a PostgreSQL of its own, started again when it ends."""
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from demo import KHUE, PASSWORD  # noqa: E402
from net import PORT, Server, wait_for  # noqa: E402

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


class Place(Server):
    """before: a command the server is started under (strace, prlimit, faketime)."""

    def __init__(self, db=None, workers=2, port=PORT, data=None, before=(), env=None):
        super().__init__(port=port)
        self.db, self.before, self.more = db, list(before), dict(env or {})
        self.data = data or tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        self.log_path = tempfile.mktemp(dir=os.environ.get("KHUE_TEST_TMP"), suffix=".log")
        self.args = [KHUE, "serve", "--data", self.data, "--listen", self.listen, "--workers", str(workers)] + (["--db", db] if db else [])
        if not os.path.exists(os.path.join(self.data, "secret")):
            made = subprocess.run([KHUE, "demo", "--size", "school", "--password", PASSWORD, "--data", self.data] + (["--db", db] if db else []),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if made.returncode:
                raise AssertionError(made.stdout)

    def start(self, plain=False):
        self.log = open(self.log_path, "a")
        self.p = subprocess.Popen(([] if plain else self.before) + self.args, stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True,
                                  env=dict(os.environ, **({} if plain else self.more)))

    def __enter__(self):
        self.start()
        self.ready(20)
        return self

    def ready(self, seconds):
        """Seconds until it serves."""
        from_ = time.monotonic()
        wait_for(lambda: self.get("/readyz").status == 200, seconds)
        return time.monotonic() - from_

    def kill(self):
        """Everything at once, as when the machine's power button is held: no process may say goodbye."""
        os.killpg(self.p.pid, signal.SIGKILL)
        self.p.wait()
        wait_for(lambda: subprocess.run(["pgrep", "-g", str(self.p.pid)], stdout=subprocess.DEVNULL).returncode, 10)     # they hold the port
        self.log.close()

    def stop(self):
        """Told to end, also below strace; whoever is still there after ten seconds is a finding."""
        os.killpg(self.p.pid, signal.SIGTERM)
        wait_for(lambda: self.p.poll() is not None and subprocess.run(["pgrep", "-g", str(self.p.pid)], stdout=subprocess.DEVNULL).returncode, 10)

    def __exit__(self, *a):
        try:
            os.killpg(self.p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shutil.rmtree(self.data, ignore_errors=True)

    def logged(self):
        return open(self.log_path, errors="replace").read()

    def rows(self, sql):
        """Read with another program; on SQLite once nobody serves."""
        if self.db:
            out = subprocess.run(["psql", "-qXAt", "-F", "\x1f", "-d", self.db, "-c", sql], check=True, stdout=subprocess.PIPE, text=True).stdout
            return [[int(v) if re.fullmatch(r"-?\d+", v) else v for v in line.split("\x1f")] for line in out.splitlines()]
        d = sqlite3.connect(os.path.join(self.data, "khue.db"))
        found = d.execute(sql).fetchall()
        d.close()
        return found

    def sound(self):
        """I2 and I4: pages, trees, references and the chains of the history. What is wrong, as text."""
        out = subprocess.run([KHUE, "check", "--pages", "--drift", "--audit", "--data", self.data, "--lang", "en"] + (["--db", self.db] if self.db else []),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return [] if out.returncode == 0 else [out.stdout[-600:]]

    def weight(self):
        """Open files, threads and memory (MB; not what is mapped from the database's file) of the supervisor and its children."""
        total = [0, 0, 0.0]
        for pid in [self.p.pid, *self.workers()]:
            try:
                total[0] += len(os.listdir(f"/proc/{pid}/fd"))
                total[1] += len(os.listdir(f"/proc/{pid}/task"))
                total[2] += int(re.search(r"RssAnon:\s*(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total


def pg_bin():
    for d in sorted(os.listdir("/usr/lib/postgresql")) if os.path.isdir("/usr/lib/postgresql") else []:
        if os.path.exists(f"/usr/lib/postgresql/{d}/bin/initdb"):
            return f"/usr/lib/postgresql/{d}/bin"
    return None


class Postgres:
    """A cluster of our own on a port of loopback, so that several can follow one another; not as root."""

    def __init__(self, port, name):
        self.port, self.bin = port, pg_bin()
        self.dir = tempfile.mkdtemp(prefix=f"khue-{name}.", dir="/tmp")
        self.data, self.name = os.path.join(self.dir, "data"), name
        self.user = "postgres" if os.getuid() == 0 else os.environ.get("USER", "postgres")
        os.chmod(self.dir, 0o755)
        if os.getuid() == 0:
            shutil.chown(self.dir, "postgres")

    def run(self, *args, check=True, **more):
        as_ = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.getuid() == 0 else []
        return subprocess.run([*as_, "env", "-C", "/", "HOME=/tmp", os.path.join(self.bin, args[0]), *args[1:]], check=check, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, **more)

    def settings(self, text):
        with open(os.path.join(self.data, "postgresql.auto.conf"), "a") as f:
            f.write(text + "\n")

    def make(self):
        self.run("initdb", "-k", "--locale=C.UTF-8", "--auth=trust", "--no-sync", "-D", self.data)
        self.settings(f"listen_addresses='127.0.0.1'\nunix_socket_directories='{self.dir}'\nport={self.port}\nshared_buffers='64MB'\nmax_connections=60\n"
                      f"log_min_messages=fatal\nwal_level=replica\nhot_standby=on\ncluster_name='{self.name}'")
        return self

    def follow(self, primary):
        self.run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", self.user, "-D", self.data, "-R", "-X", "stream", "-c", "fast",
                 "-C", "-S", self.name)
        self.settings(f"unix_socket_directories='{self.dir}'\nport={self.port}\ncluster_name='{self.name}'\nsynchronous_standby_names=''\n"
                      f"primary_conninfo='host=127.0.0.1 port={primary.port} user={self.user} application_name={self.name}'")
        return self

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", os.path.join(self.dir, "log"), "-w", "-t", "60", "start")
        return self

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def kill(self):
        """The whole machine gone."""
        pid = int(open(os.path.join(self.data, "postmaster.pid")).readline())
        children = subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE, text=True).stdout.split()
        for p in [pid, *map(int, children)]:
            try:
                os.kill(p, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def psql(self, sql, db="khue"):
        return subprocess.run(["psql", "-qXAt", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d", db, "-c", sql], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()

    def end(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def address(*clusters, more=""):
    """One address of several servers: whoever may be written to."""
    hosts = ",".join(f"127.0.0.1:{c.port}" for c in clusters)
    return f"postgresql://{clusters[0].user}@{hosts}/khue?target_session_attrs=read-write&connect_timeout=2{more}"


def quote(path):
    return urllib.parse.quote(path, safe="")
