#!/usr/bin/env python3
"""The control of F11: an asynchronous standby loses what was acknowledged, and the comparison finds it."""
import os
import shutil
import signal
import subprocess
import sys
import time

from load import Load
from nodes import Cluster
from nodes_test import missing
from place import Place, address
from net import PORT, run, wait_for


def rows(cluster, sql):
    place = Place.__new__(Place)
    place.db = address(cluster.standby)
    return place.rows(sql)


def recovering(cluster):
    try:
        return cluster.psql("SELECT pg_is_in_recovery()", "postgres") == "t"
    except subprocess.CalledProcessError:        # it starts anew after its receiver's death
        return False


def asynchronous():
    """control of F11: without a synchronous standby the promotion of one loses what was acknowledged, and the comparison finds it"""
    with Cluster(PORT) as c:
        c.primary.psql("ALTER SYSTEM SET synchronous_standby_names = ''")
        c.primary.psql("SELECT pg_reload_conf()")
        c.one.kill(), c.one.start(), c.one.ready(20)
        with Load([c.one.port], clients=3) as load:
            time.sleep(0.5)
            receiver = int(c.standby.psql("SELECT pid FROM pg_stat_wal_receiver", "postgres"))
            os.kill(receiver, signal.SIGSTOP)    # the way to the standby is slow
            time.sleep(1)
            c.primary.kill()
            os.kill(receiver, signal.SIGKILL)    # and what was on it is lost
            wait_for(lambda: recovering(c.standby), 30)
            c.standby.promote()
            load.end()
            bad, acked, open_ = load.compare(lambda sql: rows(c, sql))
        shutil.rmtree(load.folder, ignore_errors=True)
        lost = [b for b in bad if "acknowledged, " in b]
        print(f"# {acked} acknowledged, {len(lost)} findings of what is missing: rows, keys, history")
        if not lost:
            raise AssertionError(f"nothing was lost: the comparison proves nothing {bad[:3]}")


if __name__ == "__main__":
    why = missing()
    if why:
        print(f"ok 1 - an asynchronous standby # SKIP {why}\n1..1")
        sys.exit(0)
    run([asynchronous])
