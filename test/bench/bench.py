"""What the benches share: servers that start and stop, the load of wrk, and CPU time read from /proc.

Wall-clock rates depend on what else runs; the CPU time of a server per request does not, so that is what is held against a
goal wherever it can be. Server and peer are always measured in the same run.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("KHUE_BUILD") or os.path.join(HOME, "build")
TMP = os.environ.get("KHUE_TEST_TMP") or tempfile.mkdtemp(prefix="khue-bench.")
PORT = int(os.environ.get("KHUE_TEST_PORT", "18300"))
SECONDS = int(os.environ.get("KHUE_BENCH_S", "6"))
TICK = os.sysconf("SC_CLK_TCK")
failed = []


def cpu_of(pid):
    """Seconds of a process and of its children that have ended."""
    f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return sum(int(x) for x in f[11:15]) / TICK


def children(pid):
    out = subprocess.run(["pgrep", "-P", str(pid)], stdout=subprocess.PIPE, text=True).stdout
    return [int(x) for x in out.split()]


def wait_port(port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


class Server:
    """A process that serves, with its workers: their CPU together."""

    def __init__(self, args, port, env=None, beside=()):
        self.port, self.beside = port, beside
        self.log = open(os.path.join(TMP, f"server-{port}.log"), "w")
        self.p = subprocess.Popen(args, stdout=self.log, stderr=self.log, env=dict(os.environ, **(env or {})), start_new_session=True)

    def __enter__(self):
        wait_port(self.port)
        return self

    def __exit__(self, *_):
        self.p.send_signal(signal.SIGTERM)
        try:
            self.p.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.p.pid, signal.SIGKILL)
        self.log.close()

    def cpu(self):
        return sum(cpu_of(p) for p in [self.p.pid, *children(self.p.pid)])


def nginx(port, root, site):
    """nginx as Debian sets it up (sendfile, an access log), two workers, serving `site` from root."""
    conf = os.path.join(TMP, f"nginx-{port}.conf")
    with open(conf, "w") as f:
        f.write(f"""
{"user root;" if os.getuid() == 0 else ""} daemon off; worker_processes 2; pid {TMP}/nginx-{port}.pid; error_log {TMP}/nginx-{port}.err;
events {{ worker_connections 1024; }}
http {{
  sendfile on; tcp_nopush on; types {{ text/html html; }} default_type text/html; keepalive_requests 100000;
  access_log {TMP}/nginx-{port}.access; client_body_temp_path {TMP}/nb; proxy_temp_path {TMP}/np; fastcgi_temp_path {TMP}/nf;
  uwsgi_temp_path {TMP}/nu; scgi_temp_path {TMP}/ns;
  server {{ listen 127.0.0.1:{port}; root {root}; {site} }}
}}""")
    return Server([shutil.which("nginx") or "/usr/sbin/nginx", "-c", conf, "-p", TMP], port)


class Load:
    """One run of wrk: requests a second, errors, the answers' mean size, and the server's CPU a request."""

    def __init__(self, server, path, script=None, connections=16, seconds=None, env=None):
        args = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or SECONDS}s", "--latency"]
        args += ["-s", script] if script else []
        before = server.cpu()
        out = subprocess.run([*args, f"http://127.0.0.1:{server.port}{path}"], stdout=subprocess.PIPE, text=True,
                             env=dict(os.environ, **(env or {}))).stdout
        used = server.cpu() - before
        self.requests = int(re.search(r"(\d+) requests in", out).group(1))
        self.rate = float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1))
        self.p99 = re.search(r"99%\s+(\S+)", out).group(1)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
        self.bad = int(bad.group(1)) if bad else 0
        self.errors = sum(map(int, errors.groups())) if errors else 0
        self.us = used * 1e6 / max(1, self.requests)

    def __str__(self):
        wrong = f", {self.bad} refused, {self.errors} broken" if self.bad or self.errors else ""
        return f"{self.rate:9,.0f} requests/s, {self.us:7.1f} µs CPU a request, p99 {self.p99}{wrong}"


def goal(name, value, limit, unit, least=True):
    """Prints a figure beside its goal; the run fails when it falls short."""
    good = value >= limit if least else value <= limit
    print(f"  {name}: {value:.2f}{unit} (goal {'>=' if least else '<='} {limit}{unit}) {'ok' if good else 'FALLS SHORT'}", flush=True)
    if not good:
        failed.append(name)


def need(*programs):
    """Without a program that measures there is nothing to say."""
    for p in programs:
        if not shutil.which(p) and not os.path.exists(f"/usr/sbin/{p}"):
            print(f"  skipped: {p} is not installed; run tool/deps bench")
            sys.exit(0)


def end():
    sys.exit(1 if failed else 0)
