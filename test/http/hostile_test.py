#!/usr/bin/env python3
"""Hostile and malformed requests: each gets the right refusal, the connection ends, and the server goes on."""
import glob
import os
import random
import time
import urllib.parse

from net import Server, SHARED, equal, one, read_reply, replies, request, run

H = b"Host: x\r\n"
# What must be refused, with its status; a single reply, then the end of the connection: nothing behind it is served.
REFUSED = {
    "two Content-Length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
    "Content-Length and chunked": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked and Content-Length": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
    "list of lengths": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 3, 3\r\n\r\nabc", 400),
    "signed length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: +3\r\n\r\nabc", 400),
    "negative length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: -1\r\n\r\n", 400),
    "hexadecimal length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 0x3\r\n\r\nabc", 400),
    "huge length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "empty length": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length:\r\n\r\n", 400),
    "two Transfer-Encoding": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "gzip, chunked": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked, identity": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    "xchunked": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    "chunked in HTTP/1.0": (b"POST /echo HTTP/1.0\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "blank before the colon": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length : 3\r\n\r\nabc", 400),
    "tab before the colon": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400),
    "folded line": (b"GET /echo HTTP/1.1\r\n" + H + b"X-A: a\r\n b\r\n\r\n", 400),
    "folded first line": (b"GET /echo HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    "header without a colon": (b"GET /echo HTTP/1.1\r\n" + H + b"nonsense\r\n\r\n", 400),
    "header without a name": (b"GET /echo HTTP/1.1\r\n" + H + b": v\r\n\r\n", 400),
    "bare LF line ends": (b"GET /echo HTTP/1.1\nHost: x\n\n", 400),
    "one bare LF": (b"GET /echo HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n", 400),
    "bare LF at the end": (b"GET /echo HTTP/1.1\r\nHost: x\r\n\n", 400),
    "bare CR in a value": (b"GET /echo HTTP/1.1\r\n" + H + b"X-A: a\rX-B: b\r\n\r\n", 400),
    "NUL in a value": (b"GET /echo HTTP/1.1\r\n" + H + b"X-A: a\0b\r\n\r\n", 400),
    "NUL in the address": (b"GET /ec\0ho HTTP/1.1\r\n" + H + b"\r\n", 400),
    "control character in a name": (b"GET /echo HTTP/1.1\r\n" + H + b"X-\x01A: a\r\n\r\n", 400),
    "value that is not UTF-8": (b"GET /echo HTTP/1.1\r\n" + H + b"X-A: \xff\xfe\r\n\r\n", 400),
    "two Host": (b"GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "no Host": (b"GET /echo HTTP/1.1\r\nX-A: b\r\n\r\n", 400),
    "absolute address": (b"GET http://x/echo HTTP/1.1\r\n" + H + b"\r\n", 400),
    "address without a slash": (b"GET echo HTTP/1.1\r\n" + H + b"\r\n", 400),
    "fragment": (b"GET /echo#a HTTP/1.1\r\n" + H + b"\r\n", 400),
    "two blanks": (b"GET  /echo HTTP/1.1\r\n" + H + b"\r\n", 400),
    "blank at the end of the line": (b"GET /echo HTTP/1.1 \r\n" + H + b"\r\n", 400),
    "no version": (b"GET /echo\r\n" + H + b"\r\n", 400),
    "lower-case version": (b"GET /echo http/1.1\r\n" + H + b"\r\n", 400),
    "HTTP/1.2": (b"GET /echo HTTP/1.2\r\n" + H + b"\r\n", 505),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "empty first line": (b"\r\nGET /echo HTTP/1.1\r\n" + H + b"\r\n", 400),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\n" * 40, 400),
    "unknown verb": (b"BREW /echo HTTP/1.1\r\n" + H + b"\r\n", 501),
    "lower-case verb": (b"get /echo HTTP/1.1\r\n" + H + b"\r\n", 501),
    "CONNECT": (b"CONNECT x:443 HTTP/1.1\r\n" + H + b"\r\n", 501),
    "TRACE": (b"TRACE /echo HTTP/1.1\r\n" + H + b"\r\n", 501),
    "strange Expect": (b"POST /echo HTTP/1.1\r\n" + H + b"Expect: 200-ok\r\nContent-Length: 1\r\n\r\na", 417),
    "header of 40 KB": (b"GET /echo HTTP/1.1\r\n" + H + b"X-A: " + b"a" * 40000 + b"\r\n\r\n", 431),
    "header without end": (b"GET /echo HTTP/1.1\r\n" + H + (b"X-A: " + b"a" * 1000 + b"\r\n") * 60, 431),
    "200 headers": (b"GET /echo HTTP/1.1\r\n" + H + b"".join(b"X-%d: a\r\n" % i for i in range(200)) + b"\r\n", 431),
    "address of 9 KB": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + H + b"\r\n", 414),
    "first line without end": (b"GET /" + b"a" * 20000, 414),
    "chunk extension": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n", 400),
    "chunk with bare LF": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", 400),
    "chunk longer than said": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400),
    "chunk of negative size": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk size 0x3": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk size overflow": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n", 400),
    "chunk size missing": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n", 400),
    "trailer": (b"POST /echo HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\r\n\r\n", 400),
    "body of 2 MB": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Length: 2000000\r\n\r\n", 413),
    "multipart of 5 MB": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n", 413),
    "multipart without boundary": (b"POST /echo HTTP/1.1\r\n" + H + b"Content-Type: multipart/form-data\r\nContent-Length: 5\r\n\r\nabcde", 400),
    "%zz in the path": (b"GET /echo/%zz HTTP/1.1\r\n" + H + b"\r\n", 400),
    "%00 in the path": (b"GET /echo/a%00b HTTP/1.1\r\n" + H + b"\r\n", 400),
    "%0d%0a in the path": (b"GET /echo/a%0d%0aX:y HTTP/1.1\r\n" + H + b"\r\n", 400),
    "..": (b"GET /echo/../../etc/passwd HTTP/1.1\r\n" + H + b"\r\n", 400),
    ". segment": (b"GET /echo/./x HTTP/1.1\r\n" + H + b"\r\n", 400),
    "..%2f": (b"GET /echo/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + H + b"\r\n", 400),
    "%2e%2e/": (b"GET /echo/%2e%2e/x HTTP/1.1\r\n" + H + b"\r\n", 400),
    "..%5c": (b"GET /echo/..%5c..%5cx HTTP/1.1\r\n" + H + b"\r\n", 400),
    "//": (b"GET //echo HTTP/1.1\r\n" + H + b"\r\n", 400),
    "overlong UTF-8 slash": (b"GET /echo/%c0%af HTTP/1.1\r\n" + H + b"\r\n", 400),
    "overlong UTF-8 NUL": (b"GET /echo/%c0%80 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "surrogate in UTF-8": (b"GET /echo/%ed%a0%80 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "lone continuation byte": (b"GET /echo/%80 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "%00 in a parameter": (b"GET /echo?a=%00 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "overlong UTF-8 in a parameter": (b"GET /echo?a=%c0%ae HTTP/1.1\r\n" + H + b"\r\n", 400),
    "escape control in a parameter": (b"GET /echo?a=%1b%5b31m HTTP/1.1\r\n" + H + b"\r\n", 400),
    "broken % in a form": (request("POST", "/echo", "a=%4", Content_Type="application/x-www-form-urlencoded"), 400),
}
B = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n"
# Bodies of multipart/form-data; boundary=b and what they must give.
MULTIPART = {
    "well formed": (B, 200),
    "epilogue": (B + b"nonsense", 200),
    "truncated": (B[:-9], 400),
    "no closing boundary": (B[:-6], 400),
    "only a boundary": (b"--b\r\n", 400),
    "wrong boundary": (B.replace(b"--b", b"--c"), 400),
    "text before the boundary": (b"hello\r\n" + B, 400),
    "no name": (B.replace(b"; name=\"a\"", b""), 400),
    "unclosed name": (B.replace(b"name=\"a\"", b"name=\"a"), 400),
    "two names": (B.replace(b"name=\"a\"", b"name=\"a\"; name=\"b\""), 400),
    "two dispositions": (B.replace(b"\r\n\r\n1", b"\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n1"), 400),
    "not form-data": (B.replace(b"form-data", b"attachment"), 400),
    "head of 10 KB": (B.replace(b"\r\n\r\n1", b"\r\nX: " + b"a" * 10000 + b"\r\n\r\n1"), 413),
    "field that is not UTF-8": (B.replace(b"\r\n1\r\n", b"\r\n\xff\r\n"), 400),
    "NUL in a field": (B.replace(b"\r\n1\r\n", b"\r\n\0\r\n"), 200),
    "filename with control": (B.replace(b"\"a\"", b"\"a\"; filename=\"x\x01y\""), 400),
    "300 parts": (b"".join(b"--b\r\nContent-Disposition: form-data; name=\"a%d\"\r\n\r\n1\r\n" % i for i in range(300)) + b"--b--\r\n", 413),
    "field of 2 MB": (B.replace(b"\r\n1\r\n", b"\r\n" + b"1" * 2000000 + b"\r\n"), 413),
    "LF line ends": (B.replace(b"\r\n", b"\n"), 400),
}


def check(s, name, data, status):
    out, ended = s.raw(data + b"GET /pid HTTP/1.1\r\nHost: x\r\n\r\n" if status in (400, 417, 501, 505) else data)
    equal([r.status for r in out], [status], name)
    if not ended:
        raise AssertionError(f"{name}: the connection stays open")


def case(name, data, status):
    def test():
        check(server, name, data, status)
    test.__doc__ = f"refused: {name} ({status})"
    return test


def multipart(name, body, status):
    def test():
        r = server.post("/echo", body, "multipart/form-data; boundary=b")
        equal(r.status, status, name)
    test.__doc__ = f"multipart: {name} ({status})"
    return test


def split_anywhere():
    """a request is understood the same however its bytes arrive"""
    data = (b"POST /echo/x?q=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n"
            + request("POST", "/echo?z=%E1%BA%BF", "a=1&b=2", Content_Type="application/x-www-form-urlencoded") + request("GET", "/echo"))
    data = data.replace(b"/echo/x", b"/echo")
    want = [r.body for r in server.raw(data)[0]]
    equal(len(want), 3)
    for cut in range(1, len(data) - 1, 1):
        s = server.connect()
        s.sendall(data[:cut])
        if cut % 7 == 0:
            time.sleep(0.002)
        s.sendall(data[cut:])
        have, got = b"", []
        for _ in want:
            r = read_reply(s, have)
            got.append(r.body)
            have = r.left
        s.close()
        equal(got, want, f"cut at {cut}")


def byte_by_byte():
    """a request byte by byte"""
    s = server.connect()
    for b in request("POST", "/echo", "tên=Hà", Content_Type="application/x-www-form-urlencoded"):
        s.sendall(bytes([b]))
    equal(read_reply(s).json()["params"], [["tên", "Hà"]])
    s.close()


def pipelined():
    """a hundred requests in one packet are answered in order"""
    out, _ = server.raw(b"".join(request("GET", f"/echo?i={i}") for i in range(100)))
    equal([r.json()["params"][0][1] for r in out], [str(i) for i in range(100)])


def slow_head():
    """a client that never finishes its header is cut off at 10 s, others are served meanwhile"""
    s, start = server.connect(20), time.monotonic()
    s.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n")
    while time.monotonic() - start < 8:
        s.sendall(b"X-A: b\r\n")
        equal(server.get("/hello").status, 200)
        time.sleep(1)
    equal(read_reply(s).status, 408)
    if not 8 < time.monotonic() - start < 14:
        raise AssertionError(f"after {time.monotonic() - start:.1f} s")


def slow_body():
    """a body of a byte a second is cut off"""
    s, start = server.connect(30), time.monotonic()
    s.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    try:
        while time.monotonic() - start < 20:
            s.sendall(b"a")
            time.sleep(0.5)
    except OSError:
        pass
    if time.monotonic() - start > 18:
        raise AssertionError("still open")


def truncated():
    """a body that ends too early has no effect"""
    s = server.connect()
    s.sendall(request("POST", "/echo", "a" * 100)[:-50])
    s.shutdown(1)
    equal(replies(s)[0], [])


def naughty():
    """naughty strings come back unchanged or are refused"""
    files = sorted(glob.glob(os.path.join(SHARED, "data/hostile-inputs/strings/*.txt")))
    if not files:
        return "shared/data/hostile-inputs is not there"
    served = 0
    for path in files:
        for line in open(path, "rb").read().split(b"\n"):
            if not line or len(line) > 2000:
                continue
            raw = one(server.connect(), b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(line), line))
            if raw.status not in (200, 422):
                raise AssertionError(f"{line!r}: {raw.status}")
            r = server.post("/echo", b"q=" + urllib.parse.quote_from_bytes(line).encode())
            if r.status not in (200, 400):
                raise AssertionError(f"{line!r}: {r.status}")
            served += r.status == 200
            target = line.replace(b" ", b"%20").replace(b"\r", b"").replace(b"#", b"%23")
            out = one(server.connect(), b"GET /echo/" + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            if out.status not in (200, 400, 404):
                raise AssertionError(f"GET {line!r}: {out.status}")
    if served < 1000:
        raise AssertionError(f"only {served} served")


def noise():
    """a thousand mutated requests never end a worker"""
    rnd = random.Random(7)
    seeds = [d for d, _ in REFUSED.values()] + [request("POST", "/echo", "a=1", Content_Type="application/x-www-form-urlencoded")]
    for _ in range(1000):
        data = bytearray(rnd.choice(seeds)[:2000])
        for _ in range(rnd.randint(1, 6)):
            i = rnd.randrange(len(data))
            data[i:i + rnd.randint(0, 2)] = bytes(rnd.randrange(256) for _ in range(rnd.randint(0, 3)))
        s = server.connect()
        try:
            s.sendall(data)
            s.shutdown(1)
            s.settimeout(5)
            while s.recv(65536):
                pass
        except OSError:
            pass
        s.close()
    equal(server.get("/counted").json()["died"], 0)


with Server(workers=3) as server:
    run([case(n, d, st) for n, (d, st) in REFUSED.items()] + [multipart(n, b, st) for n, (b, st) in MULTIPART.items()] +
        [split_anywhere, byte_by_byte, pipelined, truncated, naughty, noise, slow_head, slow_body])
