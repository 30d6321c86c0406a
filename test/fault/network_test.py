#!/usr/bin/env python3
"""F13: the network between Khuê and PostgreSQL: slow, cut, half closed, swallowing everything, breaking answers off."""
import http.client
import os
import random
import select
import shutil
import socket
import sys
import threading
import time

from load import Client, Load
from nodes import Cluster
from place import Place, address, pg_bin
from process_test import office
from net import PORT, equal, run, wait_for


class Proxy(threading.Thread):
    """Passes bytes on, as its .how says: pass, slow (.delay s each way), stall (keeps what comes), refuse (lets go and takes nobody in), half (what
    Khuê sends arrives, no answer comes back), crumble (breaks off after some bytes of answer)."""

    def __init__(self, port, to):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port, self.to, self.how, self.delay, self.pairs, self.late, self.going = port, to, "pass", 0.2, {}, [], True
        self.chance = random.Random(3)

    def let_go(self, a):
        b = self.pairs.pop(a, None)
        for s in (a, b):
            if s:
                self.pairs.pop(s, None)
                try:
                    s.shutdown(socket.SHUT_RDWR)     # clients that were forked hold it too
                except OSError:
                    pass
                s.close()

    def run(self):
        while self.going:
            known = list(self.pairs)
            if self.how == "refuse":
                for s in known:
                    self.let_go(s)
                known = []
            wait = known if self.how != "stall" else []
            try:
                ready = select.select([self.listener, *wait], [], [], 0.01)[0]
            except (OSError, ValueError):
                continue
            now = time.monotonic()
            while self.late and self.late[0][0] <= now:
                self.send(*self.late.pop(0)[1:])
            for s in ready:
                if s is self.listener:
                    self.come()
                elif s in self.pairs:
                    self.pass_on(s, now)

    def come(self):
        c, _ = self.listener.accept()
        if self.how == "refuse":
            c.close()
            return
        p = socket.create_connection(("127.0.0.1", self.to))
        c.server, p.server = False, True
        self.pairs[c], self.pairs[p] = p, c

    def pass_on(self, s, now):
        try:
            data = s.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.let_go(s)
        elif self.how == "slow":
            self.late.append((now + self.delay, s, data))
        elif self.how == "half" and s.server:
            pass
        elif self.how == "crumble" and s.server and self.chance.random() < 0.02:
            self.send(s, data[:len(data) // 2])
            self.let_go(s)
        else:
            self.send(s, data)

    def send(self, s, data):
        to = self.pairs.get(s)
        try:
            if to:
                to.sendall(data)
        except OSError:
            self.let_go(s)


class Sock(socket.socket):
    """Sockets that know on which side they are."""


socket.socket = Sock                             # create_connection and accept make these; they take attributes


class Site(Cluster):
    """One node whose way to the database is the proxy."""

    def databases(self):
        self.primary.make().start()
        self.primary.psql("CREATE DATABASE khue", "postgres")

    def nodes(self):
        self.proxy = Proxy(self.ports["two"], self.primary.port)
        self.proxy.start()
        db = f"postgresql://{self.primary.user}@127.0.0.1:{self.proxy.port}/khue?gssencmode=disable"
        self.one = Place(db, port=self.ports["one"], workers=2)
        self.one.start()
        self.one.ready(20)

    def balancers(self):
        pass

    def __exit__(self, *a):
        if hasattr(self, "proxy"):
            self.proxy.going = False
            self.proxy.join(5)
            self.proxy.listener.close()
            for s in list(self.proxy.pairs):
                s.close()
        super().__exit__(*a)


def rows(sql):
    place = Place.__new__(Place)
    place.db = address(site.primary)
    return Place.rows(place, sql)


def ready_within(seconds):
    from_ = time.monotonic()

    def asked():
        c = http.client.HTTPConnection("127.0.0.1", site.one.port, timeout=1)
        try:
            c.request("GET", "/readyz")
            return c.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
    wait_for(asked, seconds)
    return time.monotonic() - from_


def under(how, seconds, back=10, clients=3):
    """A load through a network that is so for so long; then what was acknowledged."""
    with Load([site.one.port], clients=clients) as load:
        time.sleep(0.7)
        before = load.acked()
        site.proxy.how = how
        time.sleep(seconds)
        meanwhile = load.acked() - before
        site.proxy.how = "pass"
        took = ready_within(back)
        time.sleep(0.7)
        after = load.acked()
        wait_for(lambda: load.acked() > after, 45)           # a worker may be waiting for its answer still
        load.end()
        bad, acked, open_ = load.compare(rows)
    shutil.rmtree(load.folder, ignore_errors=True)
    equal(bad[:3], [], f"{len(bad)} findings")
    print(f"# {how}: {acked} acknowledged ({meanwhile} meanwhile), {open_} open, 0 lost; ready {took:.1f} s after it")


def slow():
    """0.2 s each way: slow, and right"""
    under("slow", 6)


def cut():
    """every connection cut, none taken for three seconds: 503 with words, and on again within 10 s"""
    c = office(site.one)
    site.proxy.how = "refuse"
    time.sleep(0.1)
    status, body = c.ask("POST", "/facility", {"name": "Mất mạng", "kind": "class"}, "net-1", timeout=30)
    equal((status, c.after is not None), (503, True), body.decode()[:300])
    equal(site.one.get("/readyz").status, 503, "not ready without the database")
    site.proxy.how = "pass"
    until = time.monotonic() + 10
    while (status := c.ask("POST", "/facility", {"name": "Mất mạng", "kind": "class"}, "net-1")[0]) == 503 and time.monotonic() < until:
        time.sleep(0.2)
    equal(status, 201, "sent again")
    under("refuse", 3)


def stalled():
    """nothing passes for four seconds, as when a switch restarts: what waits goes on"""
    under("stall", 4)


def half():
    """what is sent arrives, no answer comes back for twelve seconds: no COMMIT is acknowledged that is not known, none is done twice"""
    under("half", 12, back=45)


def crumbling():
    """answers that break off in the middle, at random"""
    under("crumble", 4)


def nobody_answers():
    """a database that takes the question and never answers is given up after 35 s: 503, and the node goes on with a new connection"""
    c = office(site.one)
    c.c = None                                   # a connection with more patience
    equal(c.ask("GET", "/facility", timeout=60)[0], 200)
    site.proxy.how = "stall"
    from_ = time.monotonic()
    status, body = c.ask("GET", "/facility", timeout=60)
    took = time.monotonic() - from_
    site.proxy.how = "refuse"
    time.sleep(0.1)
    site.proxy.how = "pass"
    equal(status, 503, body.decode()[:300])
    print(f"# given up after {took:.1f} s; ready {ready_within(10):.1f} s later")
    if not 30 < took < 50:
        raise AssertionError(took)


if __name__ == "__main__":
    if not pg_bin():
        print("ok 1 - the network # SKIP no PostgreSQL\n1..1")
        sys.exit(0)
    wanted = sys.argv[1:]
    cases = [cut, half] + ([slow, stalled, crumbling, nobody_answers] if os.environ.get("KHUE_DEEP") or wanted else [])
    with Site(PORT) as site:
        run([c for c in cases if not wanted or c.__name__ in wanted])
