"""What the HTTP tests share: a server of our own, raw bytes over a socket, TAP."""
import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback

PORT = int(os.environ.get("KHUE_TEST_PORT", "18300"))
BUILD = os.environ.get("KHUE_BUILD", "build")
SHARED = os.environ.get("KHUE_SHARED") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared")


class Server:
    """The small server of server.c: with Server(workers=2) as s: ..."""

    def __init__(self, workers=2, requests=0, gzip=0, listen=None, env=None, port=PORT):
        self.port, self.listen = port, listen or f"127.0.0.1:{port}"
        self.args = [os.path.join(BUILD, "test/http_server"), self.listen, str(workers), str(requests), str(gzip)]
        self.env = dict(os.environ, **(env or {}))

    def __enter__(self):
        self.log = open(os.path.join(os.environ.get("KHUE_TEST_TMP", "/tmp"), f"http-{os.getpid()}.log"), "w+")
        self.p = subprocess.Popen(self.args, stderr=self.log, env=self.env)
        if self.listen.startswith("127"):
            wait_for(lambda: self.get("/hello").status == 200)
        return self

    def __exit__(self, *_):
        if self.p.poll() is None:
            self.p.terminate()
            try:
                self.p.wait(15)
            except subprocess.TimeoutExpired:
                self.p.kill()
        self.log.close()

    def connect(self, timeout=15):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def raw(self, data, timeout=5):
        """Sends bytes; returns all replies until the server closes or is silent."""
        s = self.connect(timeout)
        try:
            s.sendall(data)
        except OSError:
            pass
        return replies(s)

    def get(self, target, **headers):
        return one(self.connect(), request("GET", target, **headers))

    def post(self, target, body, type="application/x-www-form-urlencoded"):
        return one(self.connect(15), request("POST", target, body, **{"Content-Type": type}))

    def workers(self):
        out = subprocess.run(["pgrep", "-P", str(self.p.pid)], stdout=subprocess.PIPE, text=True).stdout
        return [int(x) for x in out.split()]


class Reply:
    def __init__(self, status, headers, body, left=b""):
        self.status, self.headers, self.body, self.left = status, headers, body, left

    def json(self):
        return json.loads(self.body)


def request(verb, target, body=None, **headers):
    if isinstance(body, str):
        body = body.encode()
    head = [f"{verb} {target} HTTP/1.1".encode(), b"Host: x"]
    head += [f"{k.replace('_', '-')}: {v}".encode() for k, v in headers.items()]
    if body is not None:
        head.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(head) + b"\r\n\r\n" + (body or b"")


def read_reply(s, have=b"", bodiless=False):
    """One whole reply from a socket; None when the connection ended before one."""
    while b"\r\n\r\n" not in have:
        more = s.recv(65536)
        if not more:
            return None
        have += more
    head, rest = have.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, value = line.split(":", 1)
        headers.setdefault(name.lower(), value.strip())
    status = int(lines[0].split()[1])
    if status == 100:
        return read_reply(s, rest)
    n = 0 if bodiless or status in (204, 304) else int(headers.get("content-length", 0))
    while len(rest) < n:
        more = s.recv(65536)
        if not more:
            return None
        rest += more
    return Reply(status, headers, rest[:n], rest[n:])


def one(s, data, bodiless=False):
    with s:
        s.sendall(data)
        return read_reply(s, bodiless=bodiless)


def replies(s):
    """Every reply until the end of the connection, or until the server says nothing for a second."""
    out, have = [], b""
    with s:
        s.settimeout(1.0)
        while True:
            try:
                r = read_reply(s, have)
            except (TimeoutError, OSError):
                return out, False
            if r is None:
                return out, True
            out.append(r)
            have = r.left


def wait_for(fn, seconds=30):
    end = time.monotonic() + seconds
    while True:
        try:
            if fn():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise AssertionError("waited too long")
        time.sleep(0.02)


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


def run(cases):
    """TAP of functions; ends the program."""
    failed = 0
    for i, fn in enumerate(cases, 1):
        name, start = fn.__doc__ or fn.__name__.replace("_", " "), time.monotonic()
        try:
            said = fn()
            print(f"ok {i} - {name}" + (f" # SKIP {said}" if isinstance(said, str) else f" # {time.monotonic() - start:.1f} s"), flush=True)
        except Exception:
            failed += 1
            print(f"not ok {i} - {name}", flush=True)
            print(re.sub(r"^", "# ", traceback.format_exc(limit=4).rstrip(), flags=re.M), flush=True)
    print(f"1..{len(cases)}")
    sys.exit(1 if failed else 0)
