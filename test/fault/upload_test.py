#!/usr/bin/env python3
"""A file in pieces over everything that breaks: the server killed between and within pieces, another node, a node that comes back. What
was acknowledged is there, the file comes out byte for byte, and a piece is never taken twice."""
import hashlib
import http.client
import json
import os
import random
import re
import signal
import threading
import time

from place import Place
from demo import PG, Person, schema
from net import PORT, equal, run, wait_for

PIECE, PIECES = 96 * 1024, 24


def ask(p, verb, path, body=None, **headers):
    """Status and the JSON of an answer; (0, {}) where the line broke."""
    try:
        status = p.ask(verb, path, body, accept="application/json", again=False, **headers)
        return status, json.loads(p.text or "{}"), p.headers
    except (OSError, http.client.HTTPException, AssertionError, ValueError):
        p.c.close()
        return 0, {}, {}


def begin(p, size):
    p.get("/tai-khoan")
    token = p.hidden("_csrf")
    status, told, _ = ask(p, "POST", "/tai-len", f"name=anh.txt&size={size}&_csrf={token}", **{"Content-Type": "application/x-www-form-urlencoded"})
    equal(status, 201)
    return told["id"], token


def patch(p, id, token, offset, piece):
    return ask(p, "PATCH", f"/tai-len/{id}", piece, **{"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset),
                                                       "X-CSRF-Token": token})


def killer(place, until, count, stop):
    chance = random.Random(7)
    while not stop.is_set() and count[0] < until:
        time.sleep(chance.uniform(0.05, 0.25))
        place.kill()
        place.start()
        count[0] += 1
        try:
            place.ready(20)
        except AssertionError:
            return


def sent_whole(ports, place, kills):
    data = "".join(random.Random(3).choices("aăâbcdđeêghiklmnoôơpqrstuưvxy \n", k=PIECE * PIECES)).encode()[:PIECE * PIECES - 5]
    while data[-1] >= 0x80:                      # ends with a whole letter
        data = data[:-1]
    people = [Person(port, "giaovu") for port in ports]
    for p in people[1:]:
        p.cookies = people[0].cookies
    id, token = begin(people[0], len(data))
    stop, count, broken, again = threading.Event(), [0], 0, 0
    t = threading.Thread(target=killer, args=(place, kills, count, stop), daemon=True)
    t.start()
    have, turn, end = 0, 0, time.monotonic() + 120
    while have < len(data):
        if time.monotonic() > end:
            raise AssertionError(f"{have} of {len(data)} after two minutes")
        turn += 1
        p = people[turn % len(people)]
        status, told, headers = ask(p, "GET", f"/tai-len/{id}")
        if status != 200:
            broken += 1
            time.sleep(0.03)
            continue
        if told["offset"] < have:
            raise AssertionError(f"{told['offset']} where {have} were acknowledged")
        again += told["offset"] > have
        have = told["offset"]
        equal(int(headers["Upload-Offset"]), have)
        status, told, _ = patch(p, id, token, have, data[have:have + PIECE])
        if status == 200:
            have = told["offset"]
            wait_for(lambda: count[0] >= kills or have < len(data) * (count[0] + 1) // (kills + 1), 60)     # a share of the file for each kill
            equal(patch(p, id, token, have - 1, b"x")[0] in (0, 409), True, "a piece that does not follow is refused")
        elif count[0] < kills:
            time.sleep(0.02)
    stop.set()
    t.join(30)
    place.ready(20)
    for p in people:
        p.c.close()
    p = people[0]
    equal(ask(p, "GET", f"/tai-len/{id}")[1]["offset"], len(data))
    form(p, id, data)
    print(f"# {len(data)} bytes, {count[0]} kills: {broken} broken questions, {again} pieces whose answer was lost; whole")


def form(p, id, data):
    """The form names the upload; the file comes back as it was sent; the upload cannot be used again."""
    p.get("/person")
    person = re.search(r'href="[^"]*/person/(\d+)"', p.text).group(1)
    p.get(f"/person/{person}")
    equal("name=\"file\"" in p.text, True)
    fields = {"_csrf": p.hidden("_csrf"), "_key": p.hidden("_key")}
    equal(p.post(f"/person/{person}/file", {**fields, "file.sent": id}), 303, p.text[:500])
    p.get(f"/person/{person}")
    file = re.findall(r'href="(/tep/\d+)"', p.text)[-1]
    p.c.request("GET", file, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in p.cookies.items())})
    got = p.c.getresponse().read()
    equal(hashlib.sha256(got).hexdigest(), hashlib.sha256(data).hexdigest())
    equal(p.post(f"/person/{person}/file", {**fields, "_key": "lan-hai", "file.sent": id}), 422)


def killed_on_sqlite():
    """F15: kill -9 of everything between and within the pieces of an upload, SQLite"""
    with Place(workers=2) as s:
        sent_whole([s.port], s, 3)
        equal(s.sound(), [])


def killed_on_postgres():
    """F15: the same on PostgreSQL, every other piece by a second node that stays"""
    if not PG:
        return "no PostgreSQL"
    db = schema("fault_upload")
    with Place(db) as s, Place(db, port=PORT + 1, data=s.data) as other:
        sent_whole([s.port, other.port], s, 3)
        os.killpg(other.p.pid, signal.SIGTERM)
        wait_for(lambda: other.p.poll() is not None, 20)


run([killed_on_sqlite, killed_on_postgres])
