#!/usr/bin/env python3
"""The supervisor and its workers: what a crash costs, replacement, draining, limits, and the forms of an answer."""
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time

from net import PORT, Server, equal, one, read_reply, request, run, wait_for


class Load(threading.Thread):
    """Asks on a kept connection without pause; counts answers, and requests that got none."""

    def __init__(self, port, target="/hello", crash_every=0):
        super().__init__(daemon=True)
        self.port, self.target, self.crash_every = port, target, crash_every
        self.answered = self.lost = self.refused = self.crashes = 0
        self.going = True

    def run(self):
        c = None
        while self.going:
            if c is None:
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                try:
                    c.connect()
                except OSError:
                    self.refused += 1
                    c = None
                    time.sleep(0.01)
                    continue
            try:
                c.request("GET", self.target)
                r = c.getresponse()
                r.read()
                self.answered += 1
                if r.getheader("Connection") == "close":
                    c.close()
                    c = None
            except (OSError, http.client.HTTPException):
                self.lost += 1
                c.close()
                c = None


def under_load(s, n, doing, target="/hello"):
    loads = [Load(s.port, target) for _ in range(n)]
    for t in loads:
        t.start()
    time.sleep(0.3)
    doing()
    time.sleep(0.5)
    for t in loads:
        t.going = False
    for t in loads:
        t.join(10)
    return sum(t.answered for t in loads), sum(t.lost for t in loads), sum(t.refused for t in loads)


def crash_loses_one_request():
    """a handler that aborts loses its one request; requests waiting in the same worker are answered by its successor"""
    with Server(workers=1) as s:
        slow = s.connect()
        waiting = [s.connect() for _ in range(20)]
        for c in waiting:                # kept connections, once answered
            c.sendall(request("GET", "/hello"))
            equal(read_reply(c).status, 200)
        slow.sendall(request("GET", "/slow?ms=300"))
        time.sleep(0.1)                  # the worker is busy: all that follows waits in the sockets
        bad = s.connect()
        bad.sendall(request("GET", "/crash"))
        for c in waiting:
            c.sendall(request("GET", "/pid"))
        equal(read_reply(slow).status, 200)
        equal(read_reply(bad), None)
        pids = {read_reply(c).body for c in waiting}
        if not pids:
            raise AssertionError("nobody answered")
        equal(s.get("/counted").json()["died"], 1)


def crash_under_load():
    """twenty crashes under load lose no request of anybody else"""
    with Server(workers=2) as s:
        def crash():
            for _ in range(20):
                equal(s.get("/crash"), None)
                time.sleep(0.05)
        answered, lost, refused = under_load(s, 8, crash)
        equal((lost, refused), (0, 0), f"{answered} answered; lost, refused")


def kill_nine():
    """kill -9 of a worker: another stands in its place"""
    with Server(workers=2) as s:
        before = s.workers()
        os.kill(before[0], signal.SIGKILL)
        wait_for(lambda: len(s.workers()) == 2 and before[0] not in s.workers())
        for _ in range(20):
            equal(s.get("/hello").status, 200)


def stuck_is_named():
    """a stuck worker is ended: its log has what it did and what it was stuck in, who waits is answered; one that cannot speak is ended too"""
    with Server(workers=1, env={"STUCK_S": "1", "LOG_REQUESTS": "1"}) as s:
        pid, waiting, stuck = s.workers()[0], s.connect(60), s.connect(60)
        waiting.sendall(request("GET", "/hello"))
        equal(read_reply(waiting).status, 200)
        # one turn: the lines of the first two wait for its end, which never comes
        stuck.sendall(request("GET", "/echo/1") + request("GET", "/text") + request("GET", "/slow?ms=10000"))
        equal([read_reply(stuck).status], [200])
        waiting.sendall(request("GET", "/pid"))
        equal(int(read_reply(waiting).body) == pid, False, "its successor answers")
        lines = [json.loads(line) for line in logged(s)]
        lost = [(m["verb"], m["route"], len(m["id"])) for m in lines if m["event"] == "request_lost"]
        equal(lost, [("GET", "/slow", 16)])
        equal([m["status"] for m in lines if m.get("route") == "/echo/{x}" and m["event"] == "request"], [200])
        equal([m["signal"] for m in lines if m["event"] == "worker_died"], [str(int(signal.SIGABRT))])
        pid = s.workers()[0]
        stuck = s.connect(60)
        stuck.sendall(request("GET", "/slow?ms=9000"))
        time.sleep(0.3)
        os.kill(pid, signal.SIGSTOP)
        wait_for(lambda: pid not in (s.workers() or [pid]), 60)
        equal(s.get("/hello").status, 200)
        lines = [json.loads(line) for line in logged(s)]
        equal([m["signal"] for m in lines if m["event"] == "worker_died"][1:], [str(int(signal.SIGKILL))])
        equal(len([m for m in lines if m["event"] == "request_lost"]), 1, "only who can speak says so")


def stuck_elder():
    """a worker that is stuck while it retires is ended, and not its successor, who serves on"""
    with Server(workers=1, env={"STUCK_S": "2"}) as s:
        elder, stuck = s.workers()[0], s.connect(60)
        stuck.sendall(request("GET", "/slow?ms=60000"))
        time.sleep(0.2)                  # it is in that request before it is told to retire
        s.p.send_signal(signal.SIGHUP)
        wait_for(lambda: len(s.workers()) == 2)
        heir = [p for p in s.workers() if p != elder][0]
        while elder in s.workers():
            equal(int(s.get("/pid").body), heir)
            time.sleep(0.05)
        equal(int(s.get("/pid").body), heir, "the successor lives")
        equal([m["pid"] for m in map(json.loads, logged(s)) if m["event"] == "worker_died"], [str(elder)])
        equal(s.get("/counted").json()["died"], 1)


def drain_deadline():
    """who has not drained by the deadline is ended, after what it has to log is written"""
    with Server(workers=1, env={"DRAIN_S": "1", "LOG_REQUESTS": "1"}) as s:
        s.get("/hello")
        stuck = s.connect(60)
        # one turn: the line of the first waits for its end, which never comes
        stuck.sendall(request("GET", "/echo/1") + request("GET", "/slow?ms=60000"))
        equal(read_reply(stuck).status, 200)
        s.p.terminate()
        s.p.wait(30)
        lines = [json.loads(line) for line in logged(s)]
        equal([m["status"] for m in lines if m.get("route") == "/echo/{x}" and m["event"] == "request"], [200])
        equal([m["route"] for m in lines if m["event"] == "request_lost"], ["/slow"])


def logged(s):
    return open(s.log.name).read().splitlines()


def drain():
    """SIGTERM under load: every request that was accepted is answered, then it ends with 0"""
    with Server(workers=2) as s:
        answered, lost, refused = under_load(s, 16, s.p.terminate, "/slow?ms=3")
        equal(lost, 0, f"{answered} answered, {refused} refused; lost")
        equal(s.p.wait(5), 0)
        if not refused or answered < 50:
            raise AssertionError("nothing was tested")


def drain_waits():
    """SIGTERM: a slow request is finished first"""
    with Server(workers=1) as s:
        c = s.connect()
        c.sendall(request("GET", "/slow?ms=1500"))
        time.sleep(0.2)
        s.p.terminate()
        equal(read_reply(c).status, 200)
        equal(s.p.wait(5), 0)


def replaced_after_requests():
    """a worker is replaced after its number of requests, and nobody notices"""
    with Server(workers=2, requests=500) as s:
        first = set(s.workers())
        answered, lost, refused = under_load(s, 8, lambda: time.sleep(1))
        equal((lost, refused), (0, 0), f"{answered} answered; lost, refused")
        if first & set(s.workers()) or s.get("/counted").json()["started"] < 4:
            raise AssertionError(f"not replaced after {answered} requests")
        wait_for(lambda: len(s.workers()) == 2)
        equal(s.get("/counted").json()["died"], 0)


def hup():
    """SIGHUP replaces every worker under load, and nobody notices"""
    with Server(workers=3) as s:
        first = set(s.workers())
        def hang_up():
            s.p.send_signal(signal.SIGHUP)
            wait_for(lambda: len(s.workers()) == 3 and not first & set(s.workers()))
        answered, lost, refused = under_load(s, 8, hang_up)
        equal((lost, refused), (0, 0), f"{answered} answered; lost, refused")


def supervisor_gone():
    """when the supervisor is killed, its workers end too"""
    with Server(workers=2) as s:
        pids = s.workers()
        s.p.kill()
        s.p.wait()
        wait_for(lambda: not any(os.path.exists(f"/proc/{p}/stat") and "khue" in open(f"/proc/{p}/cmdline").read() for p in pids))


def cannot_start():
    """a program that cannot start its workers says so and ends with 1"""
    s = Server(workers=2, env={"FAIL_START": "1"})
    s.listen = f"127.0.0.1:{PORT}"
    equal(subprocess.run(s.args, env=s.env, stderr=subprocess.DEVNULL, timeout=10).returncode, 1)


def port_taken():
    """a port in use is an error, not a silent share"""
    with Server(workers=1) as s:
            equal(subprocess.run(s.args, stderr=subprocess.DEVNULL, timeout=10).returncode, 1)


def memory_ceiling():
    """a request beyond the arena's ceiling gets 503, the next one is served by the same worker"""
    with Server(workers=1) as s:
        pid = s.get("/pid").body
        r = s.get("/greedy")
        equal((r.status, r.headers["retry-after"]), (503, "2"))
        equal(s.get("/pid").body, pid)


def head_and_options():
    """HEAD has the length and no body; OPTIONS *"""
    with Server(workers=1) as s:
        r = one(s.connect(), request("HEAD", "/hello"), bodiless=True)
        equal((r.status, r.headers["content-length"], r.left), (200, str(len(s.get("/hello").body)), b""))
        equal(one(s.connect(), request("OPTIONS", "*")).status, 204)
        equal(s.get("/none").status, 404)
        equal(s.post("/hello", "a=1").status, 405)


def keep_alive():
    """HTTP/1.1 keeps the connection, HTTP/1.0 and Connection: close end it"""
    with Server(workers=1) as s:
        c = s.connect()
        for _ in range(3):
            c.sendall(request("GET", "/hello"))
            equal(read_reply(c).status, 200)
        c.sendall(request("GET", "/hello", Connection="close"))
        equal(read_reply(c).headers["connection"], "close")
        equal(c.recv(1), b"")
        c = s.connect()
        c.sendall(b"GET /hello HTTP/1.0\r\n\r\n")
        equal(read_reply(c).status, 200)
        equal(c.recv(1), b"")


def hundred_continue():
    """Expect: 100-continue is answered before the body"""
    with Server(workers=1) as s:
        c = s.connect()
        c.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        equal(c.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
        c.sendall(b"abc")
        equal(read_reply(c).json()["body"], "abc")


def ranges():
    """ranges of files and of bytes in memory"""
    whole = bytes(ord("a") + i % 23 for i in range(100))
    cases = [(None, 200, whole), ("bytes=0-9", 206, whole[:10]), ("bytes=90-", 206, whole[90:]), ("bytes=-5", 206, whole[-5:]),
             ("bytes=95-1000", 206, whole[95:]), ("bytes=-1000", 206, whole), ("bytes=100-", 416, None), ("bytes=-0", 416, None),
             ("bytes=5-4", 200, whole), ("bytes=a-b", 200, whole), ("bytes=0-1,3-4", 200, whole), ("items=0-1", 200, whole)]
    with Server(workers=1) as s:
        for source in ("file", "memory"):
            for spec, status, body in cases:
                r = s.get(f"/bytes?n=100&from={source}", **({"Range": spec} if spec else {}))
                equal(r.status, status, f"{source} {spec}")
                if body is not None:
                    equal(r.body, body, f"{source} {spec}")
            r = s.get(f"/bytes?n=100&from={source}", Range="bytes=2-3", If_Range='"other"')
            equal(r.status, 200)
            equal(s.get(f"/bytes?n=100&from={source}", If_None_Match='"bytes"').status, 304)
        equal(s.get("/bytes?n=100&from=file", Range="bytes=2-3").headers["content-range"], "bytes 2-3/100")


def big_answers():
    """8 MB from file, memory and buffer arrive whole through a slow reader"""
    with Server(workers=1) as s:
        for source in ("file", "memory", "buffer"):
            c = socket.socket()
            c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            c.settimeout(20)
            c.connect(("127.0.0.1", s.port))
            n = 4 << 20 if source == "buffer" else 8 << 20
            c.sendall(request("GET", f"/bytes?n={n}&from={source}") + request("GET", "/hello"))
            time.sleep(0.1)
            equal(s.get("/hello").status, 200)       # nobody waits for the slow reader
            r = read_reply(c)
            equal(len(r.body), n, source)
            equal(r.body[-3:], bytes(ord("a") + (n - 3 + i) % 23 for i in range(3)))
            equal(read_reply(c, r.left).status, 200)
            c.close()


def uploads():
    """a small file stays in memory, a large one goes to disk; fields arrive as parameters"""
    with Server(workers=1) as s:
        def body(n):
            return '--b\r\nContent-Disposition: form-data; name="tên"\r\n\r\nHà\r\nNội'.encode() + \
                b'\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="C:\\x\\danh sach.xlsx"\r\nContent-Type: text/x\r\n\r\n' + \
                b"\r\n--" * (n // 4) + b'\r\n--b\r\nContent-Disposition: form-data; name="g"; filename=""\r\n\r\n\r\n--b--\r\n'
        for n, disk in ((1000, False), (200000, True), (3 << 20, True)):
            r = s.post("/echo", body(n), "multipart/form-data; boundary=\"b\"").json()
            equal(r["params"], [["tên", "Hà\nNội"]])
            equal(r["parts"][1], {"name": "f", "filename": "danh sach.xlsx", "on_disk": disk, "bytes": n // 4 * 4})
            equal(len(r["parts"]), 2)


def compressed():
    """gzip when it is switched on and asked for, never for what is small or already a file"""
    with Server(workers=1, gzip=1) as s:
        plain = s.get("/text")
        packed = s.get("/text", Accept_Encoding="br, gzip;q=0.5")
        equal(packed.headers["content-encoding"], "gzip")
        equal(gzip.decompress(packed.body), plain.body)
        equal(plain.headers["vary"], "Accept-Encoding")
        for target, accept in (("/text", "gzip;q=0"), ("/text", "br"), ("/hello", "gzip"), ("/bytes?n=5000", "gzip")):
            equal(s.get(target, Accept_Encoding=accept).headers.get("content-encoding"), None, target)
    with Server(workers=1) as s:
        equal(s.get("/text", Accept_Encoding="gzip").headers.get("content-encoding"), None)


def cookies_and_headers():
    """cookies out and in; line ends never enter a header"""
    with Server(workers=1) as s:
        r = one(s.connect(), request("GET", "/cookies?v=a%0ab"))
        equal(r.headers["set-cookie"], "sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure")
        if "x-bad" in r.headers or b"y=1" in repr(r.headers).encode():
            raise AssertionError(r.headers)
        equal(s.get("/echo", Cookie="a=b; sid=xyz; c=d").json()["sid"], "xyz")
        equal(s.get("/echo", Cookie="sid=1; sid=2").json()["sid"], "")


def proxies():
    """forwarded addresses are believed only from the trusted proxy, and only the last"""
    forged = {"X_Forwarded_For": "6.6.6.6, 10.0.0.7", "X_Forwarded_Proto": "https"}
    with Server(workers=1) as s:
        r = s.get("/echo", **forged).json()
        equal((r["remote"], r["secure"]), ("127.0.0.1", False))
    with Server(workers=1, env={"TRUSTED": "127.0.0.1"}) as s:
        r = s.get("/echo", **forged).json()
        equal((r["remote"], r["secure"]), ("10.0.0.7", True))


def unix_sockets():
    """a unix socket for each worker, removed at the end"""
    folder = os.environ.get("KHUE_TEST_TMP", "/tmp")
    paths = [f"{folder}/w{i}.sock" for i in range(2)]
    with Server(workers=2, listen=f"unix:{folder}/w%d.sock") as s:
        for path in paths:
            wait_for(lambda p=path: os.path.exists(p))
            c = socket.socket(socket.AF_UNIX)
            c.connect(path)
            c.sendall(request("GET", "/echo", X_Forwarded_For="10.1.2.3"))
            equal(read_reply(c).json()["remote"], "10.1.2.3")
    equal([os.path.exists(p) for p in paths], [False, False])


def many_connections():
    """1,500 kept connections at once, each answered twice"""
    with Server(workers=2) as s:
        conns = [s.connect() for _ in range(1500)]
        for _ in range(2):
            for c in conns:
                c.sendall(request("GET", "/hello"))
            for c in conns:
                equal(read_reply(c).status, 200)
        for c in conns:
            c.close()


def crowd():
    """more at once than can be served in time: some are refused at once, all are answered; a few slow ones refuse nobody"""
    with Server(workers=1) as s:
        for many, ms, refused in ((20, 20, False), (120, 10, True)):
            conns = [s.connect(10) for _ in range(many)]
            blocker = s.connect()
            blocker.sendall(request("GET", "/slow?ms=100"))
            time.sleep(0.03)
            start = time.monotonic()
            for c in conns:
                c.sendall(request("GET", f"/slow?ms={ms}"))
            got = [read_reply(c).status for c in conns]
            took = time.monotonic() - start
            equal(set(got) <= {200, 503} and 200 in got and (503 in got) == refused, True, f"{many} of {ms} ms: {sorted(set(got))}")
            if refused and took > 0.95:
                raise AssertionError(f"the crowd waited {took:.2f} s")
            equal(read_reply(blocker).status, 200)
        equal(s.get("/hello").status, 200)


def too_many():
    """beyond its connections a worker answers newcomers with 503 instead of silence, and serves again when there is room"""
    with Server(workers=1) as s:
        conns = [s.connect() for _ in range(1900)]
        got = []
        for c in conns:
            try:
                c.sendall(request("GET", "/hello"))
            except OSError:
                pass
        for c in conns:
            got.append(read_reply(c).status)
        equal(set(got), {200, 503})
        equal(got.count(200) >= 1700, True, f"{got.count(200)} were served")
        for c in conns:
            c.close()
        wait_for(lambda: s.get("/hello").status == 200)


run([crash_loses_one_request, crash_under_load, kill_nine, stuck_is_named, stuck_elder, drain, drain_deadline, drain_waits,
     replaced_after_requests, hup, supervisor_gone,
     cannot_start, port_taken, memory_ceiling, head_and_options, keep_alive, hundred_continue, ranges, big_answers, uploads,
     compressed, cookies_and_headers, proxies, unix_sockets, many_connections, crowd, too_many])
