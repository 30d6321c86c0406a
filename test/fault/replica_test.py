#!/usr/bin/env python3
"""Reads from a standby: pages that may lag are read there, and nothing is decided there. The standby is stopped from applying the
primary's log, so that whatever is read from it is old, and each page is looked at by what it shows."""
import json
import os
import subprocess
import sys
import time

from nodes import Cluster
from place import KHUE, Place, address, pg_bin
from process_test import office
from load import Client
from net import PORT, equal, run, wait_for


class Pair(Cluster):
    """One node, a primary, and a standby that a COMMIT does not wait for applying."""

    def nodes(self):
        self.read = address(self.standby).replace("target_session_attrs=read-write&", "")
        self.one = Place(address(self.primary), port=self.ports["one"], workers=1, env={"KHUE_DB_READ": self.read})
        self.one.args += ["--db-lag", "60000"]
        self.one.start()
        self.one.ready(20)

    def balancers(self):
        pass

    def lag(self, ms):
        """The node anew with this bound."""
        self.one.kill()
        self.one.args[-1] = str(ms)
        self.one.start()
        self.one.ready(20)
        wait_for(lambda: self.metric("khue_replica_lag_seconds") >= 0, 20)

    def metric(self, name):
        text = self.one.get("/metrics").body.decode()
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))

    def pause(self, on):
        self.standby.psql(f"SELECT pg_wal_replay_{'pause' if on else 'resume'}()")
        if on:
            wait_for(lambda: self.standby.psql("SELECT pg_get_wal_replay_pause_state()") == "paused", 10)
        else:
            self.caught_up()

    def caught_up(self):
        end = self.primary.psql("SELECT pg_current_wal_lsn()")
        wait_for(lambda: self.standby.psql(f"SELECT pg_last_wal_replay_lsn() >= '{end}'") == "t", 20)
        time.sleep(2.2)                          # the node measures once a second


class paused:
    def __enter__(self):
        pair.caught_up()
        pair.pause(True)

    def __exit__(self, *a):
        pair.pause(False)


def names(c, path="/facility?limit=200"):
    status, body = c.ask("GET", path)
    equal(status, 200, body.decode()[:300])
    return {r["name"] for r in json.loads(body)["items"]}


def person(login, number):
    c = Client(number, [pair.one.port], pair.folder, login)
    c.p = __import__("demo").Person(pair.one.port, login)
    c.cookie = "; ".join(f"{k}={v}" for k, v in c.p.cookies.items())
    return c


def plain(c):
    """The same person without the cookie that says what was written last: as if on another device."""
    c.cookie = "; ".join(x for x in c.cookie.split("; ") if not x.startswith("khue-at="))
    return c


def wrote_at(c, path, body, key):
    """A write, whose cookie is kept as a browser does."""
    import http.client
    h = http.client.HTTPConnection("127.0.0.1", pair.one.port, timeout=20)
    h.request("POST", path, json.dumps(body), {"Accept": "application/json", "Content-Type": "application/json", "Cookie": c.cookie, "X-CSRF-Token": c.csrf,
                                               "Idempotency-Key": key})
    r = h.getresponse()
    answer = r.read()
    at = [v.split(";")[0] for v in r.headers.get_all("Set-Cookie") or [] if v.startswith("khue-at=")]
    equal((r.status in (200, 201), len(at)), (True, 1), answer.decode()[:300])
    c.cookie = plain(c).cookie + "; " + at[0]
    return json.loads(answer)


def lists_come_from_it():
    """a list is read from the standby: while it applies nothing, what others wrote is not there yet; a row's own page is the primary's"""
    c = plain(office(pair.one))
    wait_for(lambda: pair.metric("khue_replica_lag_seconds") >= 0, 20)
    before = pair.metric("khue_replica_reads_total")
    with paused():
        id_ = pair.primary.psql("UPDATE facility SET name = 'Tên mới' WHERE id = (SELECT min(id) FROM facility) RETURNING id").split()[0]
        equal("Tên mới" in names(c), False, "the list is the standby's")
        equal(json.loads(c.ask("GET", f"/facility/{id_}")[1])["name"], "Tên mới", "a row's page is the primary's")
    equal("Tên mới" in names(c), True, "once it is applied")
    equal(pair.metric("khue_replica_reads_total") > before, True, "counted")


def own_writes():
    """a person sees at once what he wrote, on any list, however far the standby is behind"""
    c = office(pair.one)
    with paused():
        wrote_at(c, "/facility", {"name": "Vừa ghi", "kind": "class"}, "own-1")
        equal("Vừa ghi" in names(c), True, "his own write")
        equal("Vừa ghi" in names(plain(c)), False, "control: without the cookie the standby is read")


def rights():
    """who was let go sees nothing more at once, on lists too: a change of rights is compared before the standby is asked"""
    office_ = office(pair.one)
    with paused():
        parent = plain(person("phuhuynh", 71))
        mine = names(parent, "/person?limit=50")
        equal(len(mine) > 1, True, f"a parent's list: {mine}")
        me = pair.primary.psql("SELECT person FROM account WHERE login = 'phuhuynh'")
        # control: written past the program there is no mark, and the standby's old rights are believed
        pair.primary.psql(f"UPDATE guardianship SET barred = 1 WHERE guardian = {me}")
        equal(names(parent, "/person?limit=50"), mine, "control: without a mark old rights hold")
        pair.primary.psql(f"UPDATE guardianship SET barred = 0 WHERE guardian = {me}")
        for line in pair.primary.psql(f"SELECT id, rev FROM guardianship WHERE guardian = {me} AND gone = 0").split():
            id_, rev = line.split("|")
            wrote_at(office_, f"/guardianship/{id_}/retire", {"rev": int(rev)}, f"right-{id_}")
        left = names(parent, "/person?limit=50")
        equal(left & mine < mine and len(left) < 2, True, f"{left} of {mine} after the tie is gone")
        # a seat is found on the primary, always
        clerk = plain(person("giaovu", 72))
        equal(len(names(clerk, "/person?limit=50")) > 5, True, "a clerk's list")
        pair.primary.psql("UPDATE seat SET gone = 1 WHERE account = (SELECT id FROM account WHERE login = 'giaovu')")
        status, body = clerk.ask("GET", "/person?limit=50")
        equal(status == 404 or len(json.loads(body)["items"]) < 3, True, f"{status} without a seat")
        pair.primary.psql("UPDATE session SET gone = 1")
        equal([x.ask("GET", "/person?limit=50")[0] for x in (clerk, parent)], [401, 401], "an ended session")
        pair.primary.psql("UPDATE seat SET gone = 0 WHERE account = (SELECT id FROM account WHERE login = 'giaovu')")


def too_far_behind():
    """beyond the bound pages are read from the primary, and again from the standby when it has caught up"""
    pair.lag(1500)
    c = plain(office(pair.one))
    with paused():
        pair.primary.psql("UPDATE facility SET name = 'Trễ quá' WHERE id = (SELECT max(id) FROM facility)")
        equal("Trễ quá" in names(c), False, "within the bound")
        pair.primary.psql("SELECT pg_switch_wal()")
        time.sleep(3)
        equal("Trễ quá" in names(c), True, "beyond it")
        equal(pair.metric("khue_replica_lag_seconds") > 1.5, True, "measured")
    before = pair.metric("khue_replica_reads_total")
    names(c)
    equal(pair.metric("khue_replica_reads_total"), before + 1, "read from the standby again")


def away():
    """the standby goes while it is read: no page fails; it comes back and is read again; the doctor says which"""
    pair.lag(3000)
    c = plain(office(pair.one))
    pair.caught_up()
    doctor = lambda: subprocess.run([KHUE, "doctor", "--lang", "en", "--data", pair.one.data, "--db", address(pair.primary), "--db-read", pair.read],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    equal("The standby for reads follows" in doctor(), True, doctor())
    pair.primary.psql("ALTER SYSTEM SET synchronous_standby_names = ''")
    pair.primary.psql("SELECT pg_reload_conf()")
    pair.standby.stop()
    slow = 0.0
    for _ in range(30):
        from_ = time.monotonic()
        names(c)
        slow = max(slow, time.monotonic() - from_)
    equal("cannot be used" in doctor(), True, doctor())
    pair.standby.start()
    before = pair.metric("khue_replica_reads_total")
    wait_for(lambda: names(c) and pair.metric("khue_replica_reads_total") > before, 40)
    print(f"# the slowest page when it went: {slow:.2f} s")
    if slow > 3:
        raise AssertionError(slow)


def another_database():
    """an address of another database, or of the primary itself, is not read"""
    pair.one.kill()
    pair.one.more["KHUE_DB_READ"] = address(pair.primary)
    pair.one.start()
    pair.one.ready(20)
    c = plain(office(pair.one))
    time.sleep(1.5)
    names(c)
    equal((pair.metric("khue_replica_reads_total"), pair.metric("khue_replica_lag_seconds")), (0, -1))
    equal("it is no standby" in pair.one.logged(), True)


if __name__ == "__main__":
    if not pg_bin():
        print("ok 1 - reads from a standby # SKIP no PostgreSQL\n1..1")
        sys.exit(0)
    wanted = sys.argv[1:]
    with Pair(PORT) as pair:
        run([c for c in (lists_come_from_it, own_writes, rights, too_far_behind, away, another_database) if not wanted or c.__name__ in wanted])
