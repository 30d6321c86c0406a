"""Clients that write and note what was acknowledged, in processes of their own and on another file system; and the
comparison with the database afterwards: test/fault/README.md.

A client retries with the same Idempotency-Key until it knows. It writes a line after each answer: number, key, kind of
write, what it wrote, status, and the SHA-256 of the answer's bytes."""
import hashlib
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from demo import PASSWORD, Person  # noqa: E402


class Client:
    """One person at the school's office; `ports`: addresses to try in turn, as behind a balancer that retries."""

    def __init__(self, number, ports, folder, login="giaovu"):
        self.number, self.ports, self.login = number, ports, login
        self.acks = open(os.path.join(folder, f"acks-{number}"), "a", buffering=1)
        self.turn, self.seq, self.c, self.wrong, self.mark = number, 0, None, [], None
        self.random = random.Random(number * 7919 + os.getpid())

    def sign_in(self):
        for left in range(40, -1, -1):           # few passwords are checked at once: the others are told to come again
            try:
                self.p = Person(self.ports[0], self.login)
                break
            except AssertionError:
                if not left:
                    raise
                time.sleep(0.2)
        self.p.get("/facility/new")
        self.csrf = self.p.hidden("_csrf")
        self.cookie = "; ".join(f"{k}={v}" for k, v in self.p.cookies.items())
        classes = [k for k in self.p.json("/school_class?limit=50")["items"] if k["size"] > 1]
        self.class_, self.like, self.room, self.full = classes[self.number % len(classes)]["id"], classes[0], None, 0
        sheet = self.p.json(f"/attendance/{self.class_}")
        self.pupil, self.day = sheet["pupils"][self.number % len(sheet["pupils"])]["pupil"], sheet["day_input"]
        for _ in range(50):                      # the control: an answer of another session is noticed
            if self.ask("GET", "/facility?limit=1")[0] == 200:
                break                            # a worker that was cut off a moment ago says 503
            time.sleep(0.2)
        if len(self.wrong) != 1:
            raise AssertionError(f"no word about another session's answer: {self.wrong}")
        self.wrong, self.mark = [], self.p.headers["Khue-Session"]

    def ask(self, verb, path, body=None, key=None, timeout=15):
        """Status and body; 0 when nothing came back."""
        headers = {"Accept": "application/json", "Accept-Language": "vi", "Cookie": self.cookie}
        if body is not None:
            headers.update({"Content-Type": "application/json", "X-CSRF-Token": self.csrf, "Idempotency-Key": key})
        try:
            if not self.c:
                self.c = http.client.HTTPConnection("127.0.0.1", self.ports[self.turn % len(self.ports)], timeout=timeout)
            self.c.request(verb, path, json.dumps(body) if body is not None else None, headers)
            r = self.c.getresponse()
            self.after, mark = r.headers.get("Retry-After"), r.headers.get("Khue-Session")
            if mark != self.mark and (mark or r.status < 300):
                self.wrong.append(f"{verb} {path}: {r.status} of the session {mark}, not of {self.mark}")
            return r.status, r.read()
        except (OSError, http.client.HTTPException):
            self.c, self.turn = None, self.turn + 1
            return 0, b""

    def note(self, kind, key, what, status, body, row):
        self.acks.write(json.dumps([self.seq, key, kind, what, status, hashlib.sha256(body).hexdigest(), row]) + "\n")

    def until_known(self, path, body, key, stop):
        """Sends until there is an answer that settles it; every answer in between must say what is the matter."""
        first = True
        while True:
            status, answer = self.ask("POST", path, body, key)
            if 200 <= status < 500:
                return status, answer
            if status >= 500:
                text = answer.decode("utf-8", "replace")
                if not self.after and status in (503, 507):
                    self.wrong.append(f"{status} without Retry-After: {text[:200]}")
                if '"instance"' not in text and "Máy chủ" not in text:
                    self.wrong.append(f"{status} without words: {text[:200]}")
            if stop.is_set() and not first:
                return status, answer
            first = False
            time.sleep(0.05 + 0.1 * self.random.random())

    def write(self, kind, path, body, stop, name=None):
        key = f"{self.number}-{self.seq}-{self.random.getrandbits(64):x}"
        self.seq += 1
        status, answer = self.until_known(path, body, key, stop)
        row = None
        if 200 <= status < 300:
            got = json.loads(answer) if answer else {}
            row = got.get("id")
            if name and got.get("name") != name:
                self.wrong.append(f"{path}: asked for {name}, answered {answer[:200]!r}")
        elif 400 <= status < 500:
            self.wrong.append(f"{path}: {status} {answer[:300]!r}")
        self.note(kind, key, body, status, answer, row)
        return status, row

    def one(self, stop):
        name = f"Tải {self.number} {self.seq} {self.random.getrandbits(40):x}"
        dice = self.random.random()
        if dice < 0.5:
            self.write("facility", "/facility", {"name": name, "kind": "class", "seats": 40}, stop, name)
        elif dice < 0.75:
            self.write("attendance", f"/attendance/{self.class_}", {"on_day": self.day, "session": "morning", "marks": [
                {"pupil": self.pupil, "kind": "unexcused", "note": f"{self.number}/{self.seq}"}]}, stop)
        else:
            name = f"Nguyễn Thị {''.join(self.random.choice('abcdeghiklmnoprstuvxy') for _ in range(9)).capitalize()}"
            status, row = self.write("person", "/person", {"name": name, "born": "2014-03-02", "pupil": True}, stop, name)
            if row and self.full % 40 == 0:          # a class holds 45
                fresh = {"name": f"T{self.number}.{self.random.getrandbits(20)}", "year": self.like["year"], "grade": self.like["grade"], "session": "morning"}
                self.room = self.write("school_class", "/school_class", fresh, stop, fresh["name"])[1] or self.room
            if row and self.room:
                self.full += 1
                self.write("enrolment", "/enrolment", {"pupil": row, "class": self.room}, stop)
        status, answer = self.ask("GET", "/facility?limit=1") if dice < 0.2 else (200, b"")
        if status and status not in (200, 500, 503):
            self.wrong.append(f"GET /facility: {status}")


def run(number, ports, folder, stop, ready, queue, pause):
    c = Client(number, ports, folder)
    try:
        c.sign_in()
        ready.release()
        while not stop.is_set():
            c.one(stop)
            if pause:
                time.sleep(pause)
    except Exception as e:  # a client that breaks has found something
        c.wrong.append(f"client {number}: {type(e).__name__} {e}")
        ready.release()
    queue.put(c.wrong)


class Load:
    """with Load(ports, clients=6) as load: ...faults...   then load.compare(read)"""

    def __init__(self, ports, clients=6, pause=0.0):
        shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = tempfile.mkdtemp(prefix="khue-acks.", dir=shm)
        self.ports, self.n, self.pause, self.wrong = ports, clients, pause, []

    def __enter__(self):
        m = multiprocessing.get_context("fork")
        self.stop, self.ready, self.queue = m.Event(), m.Semaphore(0), m.Queue()
        self.clients = [m.Process(target=run, args=(i, self.ports, self.folder, self.stop, self.ready, self.queue, self.pause)) for i in range(self.n)]
        for c in self.clients:
            c.start()
        for _ in self.clients:
            self.ready.acquire()
        return self

    def __exit__(self, *a):
        self.end()

    def end(self):
        if self.stop.is_set():
            return
        self.stop.set()
        for _ in self.clients:
            self.wrong += self.queue.get(timeout=60)
        for c in self.clients:
            c.join(20)

    def written(self):
        for name in sorted(os.listdir(self.folder)):
            for line in open(os.path.join(self.folder, name)):
                yield json.loads(line)

    def acked(self):
        return sum(1 for w in self.written() if 200 <= w[4] < 300)

    def compare(self, rows):
        """rows(sql): of the database. I1 and I3: what was acknowledged is there once; what was not is there at most once; and the
        key stands exactly where the row does (I2)."""
        bad, acked, open_ = list(self.wrong), 0, 0
        keys = {r[0].split("/", 1)[1]: r[1] for r in rows("SELECT key, status FROM once")}
        facilities = {r[0]: r[1] for r in rows("SELECT id, name FROM facility")}
        persons = {r[0]: r[1] for r in rows("SELECT id, name FROM person")}
        enrolled = [r[0] for r in rows("SELECT pupil FROM enrolment")]
        notes = {r[0] for r in rows("SELECT note FROM absence")}
        history = {(r[0], r[1]) for r in rows("SELECT entity, item FROM audit WHERE verb = 'create'")}
        names = list(facilities.values()) + list(persons.values())
        count = {}
        for n in names:
            count[n] = count.get(n, 0) + 1
        last = {}
        for seq, key, kind, what, status, sha, row in self.written():
            good = 200 <= status < 300
            acked, open_ = acked + good, open_ + (not good)
            if good and key not in keys:
                bad.append(f"{kind} {key}: acknowledged, and the key is not there")
            if kind in ("facility", "person"):
                here = count.get(what["name"], 0)
                if good and (here != 1 or (facilities if kind == "facility" else persons).get(row) != what["name"]):
                    bad.append(f"{kind} {row} {what['name']}: acknowledged, there {here} times")
                if not good and here != (key in keys):
                    bad.append(f"{kind} {what['name']}: not acknowledged, there {here} times, its key {key in keys}")
                if good and (kind, row) not in history:
                    bad.append(f"{kind} {row}: acknowledged, not in the history")
            elif kind == "enrolment" and good and enrolled.count(what["pupil"]) != 1:
                bad.append(f"enrolment of {what['pupil']}: acknowledged, there {enrolled.count(what['pupil'])} times")
            elif kind == "attendance" and good:
                last[key.split("-")[0]] = what["marks"][0]["note"]
            elif kind == "attendance":
                last.pop(key.split("-")[0], None)
        for client, note in last.items():
            if note not in notes:
                bad.append(f"attendance: the last roll of client {client} ({note}) is not there")
        if not acked:
            bad.append("nothing was acknowledged")
        return bad, acked, open_


__all__ = ["Load", "Client", "PASSWORD", "socket"]
