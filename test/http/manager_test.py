#!/usr/bin/env python3
"""What the service manager is told (sd_notify), and what is left when the supervisor is killed."""
import os
import signal
import socket
import subprocess
import time

from net import Server, equal, request, run, wait_for


class Manager:
    """The socket systemd would listen on; `abstract`: a name that is no file, as systemd has it too."""

    def __init__(self, abstract=False):
        self.path = f"\0khue-{os.getpid()}" if abstract else os.path.join(os.environ.get("KHUE_TEST_TMP", "/tmp"), f"notify-{os.getpid()}.sock")
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.s.bind(self.path)
        self.env = {"NOTIFY_SOCKET": self.path.replace("\0", "@"), "WATCHDOG_USEC": "900000"}

    def heard(self, seconds):
        """What was said within so many seconds."""
        words, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            self.s.settimeout(max(0.001, until - time.monotonic()))
            try:
                words += self.s.recv(1000).decode().split("\n")
            except (TimeoutError, BlockingIOError):
                break
        return words

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()
        if self.path[0] == "/":
            os.unlink(self.path)


def ready_when_serving():
    """READY=1 once, after every worker serves; then the watchdog's pulse; STOPPING=1 at the end"""
    for abstract in (False, True):
        with Manager(abstract) as m:
            with Server(workers=2, env=m.env) as s:
                words = m.heard(3)
                equal(words.count("READY=1"), 1, f"{words}")
                equal(words.index("READY=1") < words.index("WATCHDOG=1"), True, f"{words}")
                equal(words.count("WATCHDOG=1") >= 2, True, f"{words}")
                s.p.terminate()
                s.p.wait(10)
                equal("STOPPING=1" in m.heard(0.5), True)


def never_ready():
    """a program whose workers cannot start never says that it is ready"""
    with Manager() as m:
        s = Server(workers=2)
        equal(subprocess.run(s.args, env=dict(s.env, **m.env, FAIL_START="1"), stderr=subprocess.DEVNULL, timeout=10).returncode, 1)
        equal([w for w in m.heard(0.3) if w in ("READY=1", "WATCHDOG=1")], [])


def stuck_workers_are_told():
    """one stuck worker of two: the pulse goes on; both stuck: it stops, and comes back with them"""
    with Manager() as m, Server(workers=2, env=m.env) as s:
        m.heard(1)
        pids = s.workers()
        os.kill(pids[0], signal.SIGSTOP)
        try:
            m.heard(4)                           # older than what counts as an answer
            equal(m.heard(2).count("WATCHDOG=1") >= 1, True, "one worker still answers")
            os.kill(pids[1], signal.SIGSTOP)
            m.heard(4.5)
            equal(m.heard(2), [], "nobody answers, and the manager is told that all is well")
        finally:
            for p in pids:
                os.kill(p, signal.SIGCONT)
        equal("WATCHDOG=1" in m.heard(3), True)


def restart_after_kill():
    """the supervisor is killed while a worker is busy and another stands still: nothing of it is left, the port serves again at once"""
    with Server(workers=2) as s:
        old, busy = s.workers(), s.connect()
        os.kill(old[0], signal.SIGSTOP)
        for _ in range(8):                       # the one that is left gets some of them
            busy = s.connect()
            busy.sendall(request("GET", "/slow?ms=9000"))
        time.sleep(0.2)
        s.p.kill()
        s.p.wait()
        from_ = time.monotonic()
        with Server(workers=2, port=s.port) as t:
            took = time.monotonic() - from_
            equal(t.get("/hello").status, 200)
            equal([p for p in old if alive(p)], [], "workers of the killed one")
        print(f"# served again {took:.2f} s after the kill")
        if took > 3:
            raise AssertionError(f"{took:.1f} s")


def alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def idle_after_kill():
    """the same with workers that wait: they end by themselves"""
    with Server(workers=2) as s:
        old = s.workers()
        s.p.kill()
        s.p.wait()
        wait_for(lambda: not any(alive(p) for p in old), 2)


run([ready_when_serving, never_ready, stuck_workers_are_told, restart_after_kill, idle_after_kill])
