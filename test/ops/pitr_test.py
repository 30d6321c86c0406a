#!/usr/bin/env python3
"""deploy/postgres/pitr: PostgreSQL back to any minute, beside Khuê's own backups."""
import glob
import os
import shutil
import subprocess
import tempfile
import time

from place import DEEP, HOME, equal, khue, psql, run, write

PITR = HOME + "/deploy/postgres/pitr"


def as_postgres(*args, **more):
    bins = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    env = dict(os.environ, PATH=bins[-1] + ":" + os.environ["PATH"], HOME="/tmp")
    who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []
    p = subprocess.run([*who, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, cwd="/tmp", **more)
    if p.returncode:
        raise AssertionError(f"{args}: {p.stdout}")
    return p.stdout.strip()


def back_to_a_minute():
    """a base backup and the log bring back a chosen second: what came before is there, what came after is not, the history is whole"""
    if not DEEP:
        return "KHUE_DEEP=1"
    if not glob.glob("/usr/lib/postgresql/*/bin/pg_basebackup"):
        return "no PostgreSQL"
    top = tempfile.mkdtemp(prefix="khue-pitr.", dir="/tmp")
    os.chmod(top, 0o755)
    try:
        at(top)
    finally:
        for data in (top + "/two", top + "/one/data"):
            if os.path.exists(data + "/postmaster.pid"):
                as_postgres("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(top)


def at(top):
    url = subprocess.run([HOME + "/tool/pg", "start", top + "/one"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    archive, two, data = top + "/archive", top + "/two", top + "/data"
    for folder in (archive, two):
        os.mkdir(folder)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
    script = shutil.copy(PITR, top + "/pitr")
    with open(top + "/one/data/postgresql.conf", "a") as f:
        f.write(subprocess.run([script, "conf", archive], stdout=subprocess.PIPE, text=True, check=True).stdout)
    as_postgres("pg_ctl", "-D", top + "/one/data", "-w", "-l", top + "/one/log", "restart")
    khue("init", "--data", data, "--db", url)
    as_postgres(script, "base", archive, url)
    khue("user", "add", "truoc", "--data", data, "--db", url)
    time.sleep(1.2)
    moment = psql("SELECT now()", url)
    time.sleep(1.2)
    khue("user", "add", "sau", "--data", data, "--db", url)
    write(url, "DELETE FROM seat; UPDATE account SET name = 'hỏng'")
    segment = psql("SELECT pg_walfile_name(pg_switch_wal())", url)
    for _ in range(300):
        if os.path.exists(f"{archive}/wal/{segment}"):
            break
        time.sleep(0.1)
    as_postgres("pg_ctl", "-D", top + "/one/data", "-m", "immediate", "-w", "stop")

    as_postgres(script, "restore", archive, two, moment)
    with open(two + "/postgresql.conf", "a") as f:
        f.write(f"unix_socket_directories = '{two}'\n")
    as_postgres("pg_ctl", "-D", two, "-w", "-t", "60", "-l", two + "/log", "start")
    again = url.replace("%2F".join(["", *top.split("/")[1:], "one"]), "%2F".join(["", *top.split("/")[1:], "two"]))
    for _ in range(100):
        if psql("SELECT pg_is_in_recovery()", again) == "f":
            break
        time.sleep(0.1)
    equal(psql("SELECT login FROM account WHERE login IN ('truoc', 'sau')", again), "truoc")
    equal(psql("SELECT count(*) FROM account WHERE name = 'hỏng'", again), "0")
    khue("check", "--audit", "--drift", "--data", data, "--db", again)
    # a folder with data is not restored into, and a moment before the first base has none
    for args in ((archive, two), (archive, top + "/three", "2001-01-01 00:00:00+00")):
        p = subprocess.run([script, "restore", *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if p.returncode == 0:
            raise AssertionError(args)


run([back_to_a_minute])
