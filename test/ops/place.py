"""What the tests of operation share: installations, schemas of PostgreSQL, the program's commands."""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from net import BUILD, PORT, Server, equal, run, wait_for  # noqa: F401

KHUE = os.path.join(BUILD, "khue")
PG = os.environ.get("KHUE_TEST_PG", "")
HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEEP = bool(os.environ.get("KHUE_DEEP"))
PASSWORD = "Khue-ops-1"
OK, INVALID, DENIED, MISSING, CONFLICT, STATE, LIMIT, BUSY, FAULT = range(9)


def khue(*args, expect=0, env=None):
    """Runs a command; its exit code must be `expect` (None: any). Returns what it said on both channels."""
    p = subprocess.run([KHUE, *args, "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, **(env or {})))
    if expect is not None and p.returncode != expect:
        raise AssertionError(f"khue {' '.join(args)}: {p.returncode}, not {expect}: {p.stdout}")
    return p.stdout


def folder():
    return tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))


def psql(sql, where=None, **more):
    p = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", where or PG], input=sql, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if p.returncode:
        raise AssertionError(p.stdout)
    return p.stdout.strip()


class Schema:
    """An empty schema in the instance of the tests; .where is its address."""

    def __enter__(self):
        self.name = f"ops_{os.getpid()}_{random.randrange(1 << 30)}"
        psql(f"CREATE SCHEMA {self.name}")
        self.where = f"{PG}{'&' if '?' in PG else '?'}options=-csearch_path%3D{self.name}"
        return self

    def __exit__(self, *_):
        psql(f"DROP SCHEMA IF EXISTS {self.name} CASCADE")


class School:
    """A demo school, made once a process; .copy() gives one of its own."""
    made = None

    @classmethod
    def copy(cls):
        if not cls.made:
            cls.made = os.path.join(folder(), "school")
            khue("demo", "--size", "school", "--password", PASSWORD, "--data", cls.made)
            khue("backup", "--new-key", cls.made + ".key", "--data", cls.made)
        to = os.path.join(folder(), "data")
        shutil.copytree(cls.made, to)
        return to

    @classmethod
    def key(cls):
        return cls.made + ".key"


def backup(data, to, *more, expect=0):
    return khue("backup", "--to", to, "--data", data, *more, expect=expect)


def restore(place, data, *more, expect=0):
    return khue("restore", "--from", place, "--key", School.key(), "--data", data, *more, expect=expect)


def sums(where):
    """Rows of each table of an installation, as khue move counts them: comparable between engines."""
    to = os.path.join(folder(), "copy.db")
    said = khue("move", "--data", folder(), "--db", where, "--to", to)
    os.unlink(to)
    return {line.split(":")[0].strip(): line.split(":")[1].strip() for line in said.splitlines() if " rows, sum " in line}


def sqlite(data, sql):
    """Reads with another program's SQLite."""
    d = sqlite3.connect(f"file:{data}/khue.db?mode=ro", timeout=10, uri=True)
    try:
        return d.execute(sql).fetchall()
    finally:
        d.close()


def write(where, sql):
    """Writes as the program does: its pages carry checksums."""
    subprocess.run([os.path.join(BUILD, "test/tool/khue_sql"), where, sql], check=True)


def quiet_database(where):
    """Waits until the server has noticed that a killed process is gone."""
    for _ in range(1200):
        if not int(psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'khue'", where)):
            return
        time.sleep(0.05)
    raise AssertionError("a killed process is still known to the server after a minute")


def killed_after(seconds, *args):
    """Starts a command and kills it; True when it had ended before."""
    p = subprocess.Popen([KHUE, *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        p.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()
        return False


class Serving(Server):
    """build/khue serving a folder."""

    def __init__(self, data, port=PORT, db=None, workers=2, binary=KHUE, listen=None, env=None):
        super().__init__(port=port, listen=listen, env=env)
        self.data = data
        self.args = [binary, "serve", "--data", data, "--listen", self.listen, "--workers", str(workers), *(["--db", db] if db else [])]

    def __enter__(self):
        self.log = open(os.path.join(os.path.dirname(self.data), f"log-{self.port}"), "a+")
        self.p = subprocess.Popen(self.args, stdout=self.log, stderr=self.log, env=self.env)
        if self.listen.startswith("unix"):
            wait_for(lambda: os.path.exists(self.listen[5:].replace("%d", "0")))
        else:
            wait_for(lambda: self.get("/readyz").status == 200)
        return self


def now():
    return time.monotonic()
