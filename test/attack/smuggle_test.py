#!/usr/bin/env python3
"""Request smuggling behind the proxies that are shipped with Khuê: real nginx and HAProxy over the sites of deploy/, the program on its
unix sockets. A request hidden in another must never be served: no answer to it, and no answer meant for somebody else."""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(HOME, "test/http"))
from net import BUILD, PORT, equal, run, wait_for  # noqa: E402

HTTP, HTTPS, KHUE = PORT + 4, PORT + 5, os.path.join(BUILD, "khue")
made = []


def data():
    """an empty installation, made once"""
    if not made:
        made.append(tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP")) + "/data")
        subprocess.run([KHUE, "init", "--data", made[0]], check=True, stdout=subprocess.DEVNULL)
    return made[0]


HIDDEN = b"GET /kieu-mau HTTP/1.1\r\nHost: x\r\n\r\n"
H = b"Host: x\r\n"
POST = b"POST /tra-cuu HTTP/1.1\r\n" + H


def chunked(more, name=b"Transfer-Encoding: chunked"):
    return POST + more + name + b"\r\n\r\n0\r\n\r\n" + HIDDEN


# One connection each. What stands behind the first request is a second one only in the eyes of a server that was deceived: so it may
# be served only where the first, read rightly, ends before it (PIPELINED), as another request of the same client.
CASES = {
    "CL.TE": chunked(b"Content-Length: 5\r\n"), "CL.TE, long": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN))),
    "TE.CL": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
    "TE.TE": chunked(b"Content-Length: 5\r\nTransfer-Encoding: identity\r\n"), "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(HIDDEN) + HIDDEN, "signed length": POST + b"Content-Length: +%d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "space before the colon": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer-Encoding : chunked"),
    "tab before the value": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer-Encoding:\tchunked"),
    "vertical tab": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer-Encoding: \x0bchunked"),
    "xchunked": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer-Encoding: xchunked"),
    "folded": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer-Encoding:\r\n chunked"),
    "underscore": chunked(b"Content-Length: %d\r\n" % (5 + len(HIDDEN)), b"Transfer_Encoding: chunked"),
    "bare LF": b"POST /tra-cuu HTTP/1.1\nHost: x\nContent-Length: %d\nTransfer-Encoding: chunked\n\n0\n\n" % (3 + len(HIDDEN)) + HIDDEN,
    "bare CR": POST + b"X: a\rTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n" % (5 + len(HIDDEN)) + HIDDEN,
    "NUL": POST + b"X: a\0b\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "chunk extension": POST + b"Transfer-Encoding: chunked\r\n\r\n1;a=\n%x\r\nx\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
    "chunk size with a sign": POST + b"Transfer-Encoding: chunked\r\n\r\n+%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
    "chunk size too large": POST + b"Transfer-Encoding: chunked\r\n\r\n1000000000000000%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n",
    "length in HTTP/1.0": b"POST /tra-cuu HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n" % (5 + len(HIDDEN)) + HIDDEN,
    "a body that GET has": b"GET /tra-cuu HTTP/1.1\r\n" + H + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "upgrade": b"GET /tra-cuu HTTP/1.1\r\n" + H + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "Connection names Content-Length": POST + b"Connection: Content-Length\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "Expect": POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "absolute address": b"GET http://y/tra-cuu HTTP/1.1\r\n" + H + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
}
PIPELINED = {"CL.TE", "TE.TE", "two lengths", "CL.TE, long"}         # a proxy that reads rightly may see two requests here


class Site:
    """Workers on unix sockets behind one of the two proxies; what the workers were asked is written down."""

    def __init__(self, proxy, program=None):
        self.dir = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        os.chmod(self.dir, 0o755)
        self.proxy, self.program = proxy, program or [KHUE, "serve", "--data", data(), "--listen", f"unix:{self.dir}/%d.sock", "--workers", "4"]

    def nginx(self):
        site = open(HOME + "/deploy/nginx/khue.conf").read()
        for old, new in (("/run/khue/", self.dir + "/"), ("/etc/khue/tls/", self.dir + "/"), ("/var/cache/nginx/khue", self.dir + "/cache"),
                         ("/var/log/nginx/", self.dir + "/"), ("listen 80 ", f"listen 127.0.0.1:{HTTP} "), ("listen 443 ", f"listen 127.0.0.1:{HTTPS} ")):
            equal(old in site, True, old)
            site = site.replace(old, new)
        with open(self.dir + "/nginx.conf", "w") as f:
            f.write(f"pid {self.dir}/pid; daemon off; worker_processes 1; user root;\nevents {{ worker_connections 1024; }}\nhttp {{\n"
                    f"client_body_temp_path {self.dir}/body; proxy_temp_path {self.dir}/proxy;\n" + re.sub(r"\tlisten \[::\].*\n", "", site) + "}\n")
        return ["nginx", "-p", self.dir, "-e", self.dir + "/error.log", "-c", self.dir + "/nginx.conf"]

    def haproxy(self):
        site = open(HOME + "/deploy/haproxy/khue.cfg").read()
        for old, new in (("/run/khue/", self.dir + "/"), ("/etc/khue/tls/", self.dir + "/"), ("maxconn 20000", "maxconn 500"), ("bind :80", f"bind 127.0.0.1:{HTTP}"), ("bind :443", f"bind 127.0.0.1:{HTTPS}")):
            equal(old in site, True, old)
            site = site.replace(old, new)
        with open(self.dir + "/haproxy.cfg", "w") as f:
            f.write(site)
        return ["haproxy", "-db", "-f", self.dir + "/haproxy.cfg"]

    def __enter__(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", self.dir + "/key.pem", "-out", self.dir + "/cert.pem"], check=True, stderr=subprocess.DEVNULL)
        with open(self.dir + "/both.pem", "w") as f:
            f.write(open(self.dir + "/cert.pem").read() + open(self.dir + "/key.pem").read())
        command = getattr(self, self.proxy)()
        self.log = open(self.dir + "/log", "w")
        self.running = [subprocess.Popen(self.program, stdout=self.log, stderr=self.log), subprocess.Popen(command, stdout=self.log, stderr=self.log)]
        try:
            wait_for(lambda: b"200" in self.ask(b"GET /healthz HTTP/1.1\r\n" + H + b"Connection: close\r\n\r\n")[:40])
        except BaseException:
            said = open(self.dir + "/log").read()[-1500:]
            self.__exit__()
            raise AssertionError(said)
        return self

    def __exit__(self, *_):
        for p in reversed(self.running):
            p.terminate()
            p.wait(15)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def ask(self, data, wait=1.5):
        """All that comes back on one connection."""
        c = ssl.create_default_context()
        c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
        got = b""
        try:
            with c.wrap_socket(socket.create_connection(("127.0.0.1", HTTPS), timeout=5)) as s:
                s.sendall(data)
                s.settimeout(wait)
                while piece := s.recv(65536):
                    got += piece
        except (TimeoutError, OSError):
            pass
        return got


def answers(data):
    return re.findall(rb"^HTTP/1\.[01] (\d+)", data, re.M)


def beside(site, stop, wrong):
    """Somebody else, whose every answer must be his own."""
    while not stop.is_set():
        got = site.ask(b"GET /healthz HTTP/1.1\r\n" + H + b"Connection: close\r\n\r\n", 5)
        if b" 200 " in got[:20] and (b"<html" in got or len(answers(got)) != 1):
            wrong.append(got[:300])


def served(site):
    """How often the program was asked for the hidden address, by its own log."""
    return open(site.dir + "/log").read().count("/kieu-mau")


def attack(site):
    wrong, stop = [], threading.Event()
    t = threading.Thread(target=beside, args=(site, stop, wrong))
    t.start()
    try:
        for name, sent in CASES.items():
            before = served(site)
            got = site.ask(sent)
            time.sleep(0.05)
            n = served(site) - before
            if n and not (name in PIPELINED and n == 1 and len(answers(got)) == 2):
                wrong.append(f"{name}: the hidden request was served: {answers(got)} {got[:200]}")
            if len(answers(got)) > (2 if name in PIPELINED else 1) + (b"100 Continue" in got):
                wrong.append(f"{name}: {answers(got)}")
    finally:
        stop.set()
        t.join()
    return wrong


def behind(proxy):
    def case():
        if not shutil.which(proxy):
            return f"no {proxy}: tool/deps test"
        with Site(proxy) as site:
            site.ask(HIDDEN)
            time.sleep(0.2)
            equal(served(site), 1, "asked for openly, it stands in the log")
            for _ in range(2):                       # connections to the workers that were kept open are used again
                equal(attack(site), [])
    case.__doc__ = f"{len(CASES)} hidden requests behind {proxy}: none is served, nobody gets another's answer"
    return case


LAX = r'''
import os, socketserver, re, sys, threading
class H(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            head, length = {}, 0
            while (h := self.rfile.readline().strip()):
                k, _, v = h.partition(b":"); head[k.strip().lower()] = v.strip()
            path = line.split()[1] if len(line.split()) > 1 else b"?"
            # deceived: what it is told of a body's length it believes only for POST
            if line.startswith(b"POST"):
                self.rfile.read(int(re.sub(rb"\D", b"", head.get(b"content-length", b"0")) or 0))
            print(path.decode(), file=sys.stderr, flush=True)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path)); self.wfile.flush()
class S(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): daemon_threads = True
for i in range(4):
    threading.Thread(target=S(sys.argv[1] % i, H).serve_forever, daemon=i < 3).start()
'''


def control():
    """the control: a program that forgets the body of GET is found out behind nginx"""
    if not shutil.which("nginx"):
        return "no nginx: tool/deps test"
    site = Site("nginx", ["?"])
    site.program = [sys.executable, "-c", LAX, site.dir + "/%d.sock"]
    with site:
        if not attack(site):
            raise AssertionError("nothing was noticed")


run([behind("nginx"), behind("haproxy"), control])
