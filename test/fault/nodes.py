#!/usr/bin/env python3
"""Two Khuê nodes behind HAProxy and nginx, on a PostgreSQL primary with a synchronous standby, all on loopback.

  test/fault/nodes.py        sets it up, prints the addresses and waits for Ctrl+C
                             KHUE_BUILD: the build folder; KHUE_TEST_PORT: the first of 10 ports (18300)

The same lines, with other addresses, are an installation of several machines: doc/guide/nodes.md."""
import os
import subprocess
import sys
import tempfile
import time

from place import KHUE, PASSWORD, Place, Postgres, address, pg_bin
from net import PORT, wait_for

HAPROXY = """
global
	maxconn 4000
defaults
	mode http
	timeout connect 2s
	timeout client 60s
	timeout server 60s
	# Sending a write again is safe: every form carries its Idempotency-Key.
	option http-buffer-request
	option redispatch
	retries 3
	retry-on conn-failure empty-response response-timeout
	# when no node can answer: words, and when to come back
	http-error status 503 content-type "text/plain; charset=utf-8" string "Máy chủ đang gián đoạn; hãy gửi lại sau ít giây. / The server is away; please send again in a moment." hdr Retry-After 5
frontend khue
	bind 127.0.0.1:%(haproxy)d
	default_backend nodes
backend nodes
	balance leastconn
	option httpchk GET /readyz
	default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
	server one 127.0.0.1:%(one)d
	server two 127.0.0.1:%(two)d
"""

NGINX = """
daemon off; worker_processes 1; pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log;
events { worker_connections 2000; }
http {
	access_log off; client_max_body_size 50m;
	client_body_temp_path %(folder)s/body; proxy_temp_path %(folder)s/proxy; fastcgi_temp_path %(folder)s/f; uwsgi_temp_path %(folder)s/u; scgi_temp_path %(folder)s/s;
	upstream khue { least_conn; server 127.0.0.1:%(one)d max_fails=1 fail_timeout=1s; server 127.0.0.1:%(two)d max_fails=1 fail_timeout=1s; }
	server {
		listen 127.0.0.1:%(nginx)d;
		location / {
			proxy_pass http://khue;
			proxy_set_header Host $host:$server_port;
			proxy_connect_timeout 2s;
			proxy_read_timeout 10s;
			# as above: a write may be sent to the other node
			proxy_next_upstream error timeout non_idempotent;
			error_page 502 504 = @away;
		}
		location @away {
			default_type "text/plain; charset=utf-8";
			add_header Retry-After 5 always;
			return 503 "Máy chủ đang gián đoạn; hãy gửi lại sau ít giây. / The server is away; please send again in a moment.";
		}
	}
}
"""


class Cluster:
    def __init__(self, port=PORT):
        self.ports = {"one": port, "two": port + 1, "haproxy": port + 2, "nginx": port + 3}
        self.primary, self.standby = Postgres(port + 4, "khue_a"), Postgres(port + 5, "khue_b")
        self.folder = tempfile.mkdtemp(dir=os.environ.get("KHUE_TEST_TMP"))
        os.chmod(self.folder, 0o755)
        self.running = []

    def databases(self):
        self.primary.make().start()
        self.primary.psql("CREATE DATABASE khue", "postgres")
        self.standby.follow(self.primary).start()
        # from here on a COMMIT is answered when both have it
        self.primary.psql("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (khue_b)'")
        self.primary.psql("SELECT pg_reload_conf()")
        wait_for(lambda: self.primary.psql("SELECT sync_state FROM pg_stat_replication") == "quorum", 20)
        self.db = address(self.primary, self.standby)

    def nodes(self):
        # one folder for both: the secret, uploaded files and published results (over several machines: NFS or the like)
        self.one = Place(self.db, port=self.ports["one"])
        self.two = Place(self.db, port=self.ports["two"], data=self.one.data)
        for node in (self.one, self.two):
            node.start()
        for node in (self.one, self.two):
            node.ready(20)

    def balancers(self):
        for name, text in (("haproxy.cfg", HAPROXY), ("nginx.conf", NGINX)):
            with open(os.path.join(self.folder, name), "w") as f:
                f.write(text % dict(self.ports, folder=self.folder))
        for command in (["haproxy", "-db", "-f", f"{self.folder}/haproxy.cfg"], ["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf"]):
            self.running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for name in ("haproxy", "nginx"):
            wait_for(lambda: Place.get(type("At", (Place,), {"__init__": lambda s: setattr(s, "port", self.ports[name])})(), "/readyz").status == 200, 10)

    def __enter__(self):
        try:
            self.databases()
            self.nodes()
            self.balancers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def fail_over(self):
        """The primary's machine is gone; the standby takes its place. Seconds until it accepts writes."""
        from_ = time.monotonic()
        self.primary.kill()
        self.standby.promote()
        return time.monotonic() - from_

    def __exit__(self, *a):
        for p in self.running:
            p.terminate()
            p.wait(10)
        for node in (getattr(self, "one", None), getattr(self, "two", None)):
            if node and hasattr(node, "p"):
                node.__exit__()
        self.standby.end()
        self.primary.end()


def main():
    if not pg_bin():
        sys.exit("PostgreSQL is missing: tool/deps test")
    with Cluster() as c:
        print(f"HAProxy http://127.0.0.1:{c.ports['haproxy']}/   nginx http://127.0.0.1:{c.ports['nginx']}/")
        print(f"nodes   http://127.0.0.1:{c.ports['one']}/ http://127.0.0.1:{c.ports['two']}/   sign in as giaovu with {PASSWORD}")
        print(f"database {c.db}\nprogram  {KHUE}")
        try:
            while True:
                time.sleep(60)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
