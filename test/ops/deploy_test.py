#!/usr/bin/env python3
"""The package, the units and the site for nginx as they are shipped: the hardening, a real request, a slow crowd, the cache."""
import glob
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zipfile

from place import DEEP, HOME, KHUE, PORT, School, Serving, equal, folder, khue, run, wait_for

UNITS = sorted(glob.glob(HOME + "/deploy/systemd/*.service"))
HTTP, HTTPS = PORT + 4, PORT + 5


def exposure(unit):
    p = subprocess.run(["systemd-analyze", "security", "--offline=true", unit], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       env=dict(os.environ, LANG="C.UTF-8", SYSTEMD_PAGER="cat"))
    m = re.search(r"Overall exposure level for \S+: ([0-9.]+)", p.stdout)
    if not m:
        raise AssertionError(p.stdout[-500:])
    return float(m.group(1))


def hardened():
    """every unit is exposed at most 1.5; one without its hardening is found"""
    if not shutil.which("systemd-analyze"):
        return "no systemd-analyze"
    for unit in UNITS:
        if exposure(unit) > 1.5:
            raise AssertionError(f"{unit}: {exposure(unit)}")
    planted = folder() + "/khue.service"
    text = open(UNITS[-1]).read()
    with open(planted, "w") as f:
        f.write("\n".join(x for x in text.split("\n") if not re.match(r"SystemCallFilter|CapabilityBoundingSet|ProtectSystem|PrivateUsers|NoNewPriv", x)))
    if exposure(planted) <= 1.5:
        raise AssertionError("the control passes")


def allowed_calls(unit):
    """The system calls a unit allows, by systemd's own sets; as numbers do not matter here, as names."""
    sets, current = {}, None
    for line in subprocess.run(["systemd-analyze", "syscall-filter"], stdout=subprocess.PIPE, text=True).stdout.split("\n"):
        if line.startswith("@"):
            current = sets.setdefault(line.split()[0], [])
        elif line.startswith("    ") and "#" not in line and current is not None:
            current.append(line.strip())

    def flat(name):
        return set().union(*map(flat, sets[name])) if name in sets else {name}
    calls = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", open(unit).read(), re.M):
        for word in line.lstrip("~").split():
            calls = calls - flat(word) if line.startswith("~") else calls | flat(word)
    return calls | {"execve", "exit", "exit_group", "rt_sigreturn", "sigreturn", "restart_syscall", "arch_prctl", "set_tid_address"}


FILTER = r'''
import ctypes, os, sys
lib = ctypes.CDLL("libseccomp.so.2")
lib.seccomp_init.restype = ctypes.c_void_p
lib.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
lib.seccomp_load.argtypes = [ctypes.c_void_p]
f = lib.seccomp_init(0x00050000 | 1)             # EPERM, as the unit says
for name in open(sys.argv[1]).read().split():
    n = lib.seccomp_syscall_resolve_name(name.encode())
    if n >= 0:
        lib.seccomp_rule_add(f, 0x7fff0000, n, 0)
if lib.seccomp_load(f):
    sys.exit("no filter")
os.execv(sys.argv[2], sys.argv[2:])
'''


def workbook(path, rows):
    """The smallest xlsx that Excel opens."""
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>" for row in rows)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as z:
        for name, text in parts.items():
            z.writestr(name, text)


def under_the_filter():
    """the program serves, opens an uploaded workbook in its sandbox and backs up under the unit's own filter of system calls"""
    if not shutil.which("systemd-analyze"):
        return "no systemd-analyze"
    data, r = School.copy(), folder()
    for name in ("khue", "khue-backup"):
        with open(f"{r}/{name}", "w") as f:
            f.write("\n".join(sorted(allowed_calls(f"{HOME}/deploy/systemd/{name}.service"))))
    with open(r + "/filter.py", "w") as f:
        f.write(FILTER)

    def filtered(unit, *args):
        return ["python3", r + "/filter.py", f"{r}/{unit}", KHUE, *args]
    p = subprocess.run(filtered("khue-backup", "backup", "--to", r + "/b", "--data", data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    equal(p.returncode, 0, p.stdout)
    # the import opens the file in its sandbox: Landlock and a filter of its own, below the unit's
    workbook(r + "/lop.xlsx", [["Họ và tên", "Ngày sinh", "Giới tính"], ["Nguyễn Văn Thử", "5/9/2014", "Nam"]])
    p = subprocess.run(filtered("khue", "import", "pupils", r + "/lop.xlsx", "--org", "thcs-nguyen-trai", "--dry-run", "--data", data, "--lang", "en"),
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if p.returncode or "new" not in p.stdout:
        raise AssertionError(p.stdout)
    s = Serving(data, PORT + 2)
    s.args = filtered("khue", *s.args[1:])
    with s:
        equal(s.get("/").status, 200)
        equal(s.get("/dang-nhap").status, 200)
    # the control: without writing allowed nothing starts
    with open(r + "/khue", "w") as f:
        f.write("\n".join(sorted(allowed_calls(HOME + "/deploy/systemd/khue.service") - {"fdatasync", "fsync", "flock", "openat", "open"})))
    p = subprocess.run(filtered("khue", "backup", "--list", "--to", r + "/b"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if p.returncode == 0:
        raise AssertionError("the filter filters nothing")


class Nginx:
    """The shipped site, with this test's ports, sockets and folders."""

    def __init__(self, sockets):
        self.dir = folder()
        os.chmod(self.dir, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", self.dir + "/key.pem", "-out", self.dir + "/cert.pem"], check=True, stderr=subprocess.DEVNULL)
        site = open(HOME + "/deploy/nginx/khue.conf").read()
        for old, new in (("/run/khue/", sockets + "/"), ("/etc/khue/tls/", self.dir + "/"), ("/var/cache/nginx/khue", self.dir + "/cache"),
                         ("/var/log/nginx/", self.dir + "/"), ("listen 80 ", f"listen 127.0.0.1:{HTTP} "), ("listen 443 ", f"listen 127.0.0.1:{HTTPS} ")):
            if old not in site:
                raise AssertionError(f"the site has no {old}")
            site = site.replace(old, new)
        site = re.sub(r"\tlisten \[::\].*\n", "", site)
        with open(self.dir + "/nginx.conf", "w") as f:
            f.write(f"pid {self.dir}/pid; error_log {self.dir}/error.log; daemon off; worker_processes 1; user root;\nevents {{ worker_connections 8192; }}\n"
                    f"http {{\nclient_body_temp_path {self.dir}/body; proxy_temp_path {self.dir}/proxy;\n"
                    f"access_log {self.dir}/access.log;\n{site}}}\n")
        self.args = ["nginx", "-p", self.dir, "-e", self.dir + "/error.log", "-c", self.dir + "/nginx.conf"]

    def __enter__(self):
        t = subprocess.run([*self.args, "-t"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        equal(t.returncode, 0, t.stdout)
        self.p = subprocess.Popen(self.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: connect(HTTPS).close() is None)
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.wait(10)

    def log(self):
        time.sleep(0.1)
        return [x.split() for x in open(self.dir + "/khue.log")]


def connect(port, timeout=10):
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


def tls():
    c = ssl.create_default_context()
    c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
    return c


def ask(*args):
    """status, headers, body by curl; -k: the certificate is the test's own."""
    p = subprocess.run(["curl", "-sk", "-i", "--http2", "--max-time", "20", *args], stdout=subprocess.PIPE)
    head, _, body = p.stdout.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return lines[0], headers, body


def behind_nginx():
    """through the site: TLS, HTTP/2, the redirect, a sign-in, the cache for strangers only, no addresses in the log"""
    data, sockets = School.copy(), folder()
    base = f"https://127.0.0.1:{HTTPS}"
    with Serving(data, PORT + 3, workers=4, listen=f"unix:{sockets}/%d.sock"), Nginx(sockets) as n:
        status, headers, _ = ask(base + "/")
        if not status.startswith("HTTP/2 200"):
            raise AssertionError(status)
        if "strict-transport-security" not in headers or "server" in headers and "1." in headers["server"]:
            raise AssertionError(headers)
        p = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", f"http://127.0.0.1:{HTTP}/x?y"], stdout=subprocess.PIPE, text=True)
        equal(p.stdout, "301 https://127.0.0.1/x?y")
        for _ in range(3):
            equal(ask(base + "/tra-cuu")[0].split()[1], "200")
        for _ in range(2):
            ask("-H", "Cookie: khue=stranger", base + "/tra-cuu")
        for _ in range(2):
            ask(base + "/dang-nhap")
        caches = [x[-1] for x in n.log()]
        equal(caches[1:], ["MISS", "HIT", "HIT", "BYPASS", "BYPASS", "-", "-"])
        ask(base + "/tra-cuu/BIMAT/01000001?BIMAT2")
        ask(f"http://127.0.0.1:{HTTP}/lich/1.BIMAT3.ics?code=BIMAT4")
        for name in ("khue.log", "access.log", "error.log"):
            if "BIMAT" in open(n.dir + "/" + name).read():
                raise AssertionError(f"an address stands in {name}")
        equal(ask(base + "/metrics")[0].split()[1], "200")
        big = n.dir + "/big"
        with open(big, "wb") as f:
            f.truncate(60 << 20)
        equal(ask("-H", "Expect:", "--data-binary", "@" + big, base + "/tra-cuu")[0].split()[1], "413")
    equal(ask(base + "/")[0], "")


def down():
    """without a worker nginx says so in words, with 503 and when to come again"""
    with Nginx(folder()):
        status, headers, body = ask(f"https://127.0.0.1:{HTTPS}/")
        equal((status.split()[1], headers.get("retry-after")), ("503", "5"))
        if "Xin thử lại" not in body.decode():
            raise AssertionError(body)


def slow_crowd():
    """200 clients that send a byte at a time hold no worker: the others are answered as fast, and the slow ones are cut off"""
    data, sockets = School.copy(), folder()
    base = f"https://127.0.0.1:{HTTPS}"

    def many(n=30):
        times = []
        for _ in range(n):
            p = subprocess.run(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code} %{time_starttransfer}", "--max-time", "20", base + "/dang-nhap"],
                               stdout=subprocess.PIPE, text=True)
            code, seconds = p.stdout.split()
            equal(code, "200")
            times.append(float(seconds))
        return sorted(times)[len(times) // 2]
    with Serving(data, PORT + 3, workers=2, listen=f"unix:{sockets}/%d.sock"), Nginx(sockets):
        alone = many()
        slow, stop = [], threading.Event()
        context = tls()
        for i in range(200):
            s = context.wrap_socket(connect(HTTPS))
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-" if i % 2 else b"POST /tra-cuu HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            slow.append(s)

        def drip():
            while not stop.is_set():
                for s in slow:
                    try:
                        s.sendall(b"a")
                    except OSError:
                        pass
                stop.wait(2)
        t = threading.Thread(target=drip)
        t.start()
        try:
            beside = many()
            time.sleep(0.2)
            started = time.monotonic()
            gone = 0
            while time.monotonic() - started < 15 and gone < 100:
                gone = 0
                for s in slow[1::2]:             # those whose head never ends
                    s.settimeout(0.01)
                    try:
                        gone += s.recv(1) == b""
                    except (TimeoutError, ssl.SSLWantReadError):
                        pass
                    except OSError:
                        gone += 1
                time.sleep(0.5)
        finally:
            stop.set()
            t.join()
            for s in slow:
                s.close()
        equal(gone, 100, "cut off")
        if beside > alone * 2 + 0.1:
            raise AssertionError(f"{alone:.3f} s alone, {beside:.3f} s beside the slow ones")


def dead_links(doc):
    """The links of a folder's pages that lead to no file in it, or to no heading."""
    dead = []
    for path in glob.glob(doc + "/**/*.md", recursive=True):
        for to in re.findall(r"\]\(([^)\s]+)\)", open(path, encoding="utf-8").read()):
            if "://" in to or to.startswith("mailto:"):
                continue
            name, _, at = to.partition("#")
            name = os.path.join(os.path.dirname(path), name) if name else path
            heads = re.findall(r"^#+ (.*)$", open(name, encoding="utf-8").read(), re.M) if at and os.path.isfile(name) else []
            if not os.path.isfile(name) or at and at not in [re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in heads]:
                dead.append(f"{os.path.relpath(path, doc)}: {to}")
    return dead


def package():
    """the package: files in their places, settings kept as conffiles, a manual page, and its program works"""
    r = folder()
    deb = subprocess.run([HOME + "/tool/deb", r], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    again = folder()
    subprocess.run([HOME + "/tool/deb", again], stdout=subprocess.DEVNULL, check=True)
    equal(open(deb, "rb").read() == open(f"{again}/{os.path.basename(deb)}", "rb").read(), True, "built twice, the same bytes")
    subprocess.run(["dpkg-deb", "-x", deb, r + "/root"], check=True)
    subprocess.run(["dpkg-deb", "-e", deb, r + "/control"], check=True)
    for path in ("usr/bin/khue", "lib/systemd/system/khue.service", "lib/systemd/system/khue-backup.timer", "lib/systemd/system/khue-drill.timer",
                 "etc/khue/khue.env", "etc/khue/nginx.conf", "usr/share/man/man8/khue.8.gz", "usr/share/man/vi/man8/khue.8.gz", "usr/share/doc/khue/copyright"):
        if not os.path.exists(f"{r}/root/{path}"):
            raise AssertionError(path)
    doc = r + "/root/usr/share/doc/khue"
    equal(sorted(glob.glob("*.md", root_dir=doc + "/guide")), sorted(glob.glob("*.md", root_dir=HOME + "/doc/guide")), "every guide is there")
    equal(dead_links(doc), [])
    with open(doc + "/guide/planted.md", "w", encoding="utf-8") as f:
        f.write("[a](missing.md) [b](admin.md#nowhere) [c](admin.md) [d](../../x.md)")
    equal(len(dead_links(doc)), 3, "the check finds dead links")
    os.remove(doc + "/guide/planted.md")
    for path in open(r + "/control/conffiles").read().split():
        if not os.path.exists(r + "/root" + path):
            raise AssertionError(path)
    for script in ("postinst", "prerm", "postrm"):
        subprocess.run(["sh", "-n", f"{r}/control/{script}"], check=True)
    depends = re.search(r"^Depends: (.*)$", open(r + "/control/control").read(), re.M).group(1)
    for lib in ("libpq5", "libsqlite3-0", "libsodium23"):
        if lib not in depends:
            raise AssertionError(depends)
    page = subprocess.run(["zcat", r + "/root/usr/share/man/man8/khue.8.gz"], stdout=subprocess.PIPE, text=True).stdout
    for word in ("khue backup", "khue restore", "khue doctor", "EXIT STATUS"):
        if word not in page:
            raise AssertionError(word)
    program = r + "/root/usr/bin/khue"
    subprocess.run([program, "init", "--data", r + "/d"], check=True, stdout=subprocess.DEVNULL)
    equal(subprocess.run([program, "doctor", "--data", r + "/d"], stdout=subprocess.DEVNULL).returncode, 0)
    with Serving(r + "/d", PORT + 6, binary=program) as s:
        equal(s.get("/readyz").status, 200)
    if shutil.which("lintian"):
        said = subprocess.run(["lintian", "--fail-on", "error", deb], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        equal(said.returncode, 0, said.stdout)


def on_a_bare_machine():
    """installed by apt on a bare Debian 12: user, folders, first administrator, nginx, the doctor; an upgrade keeps everything"""
    if not DEEP:
        return "KHUE_DEEP=1"
    if os.geteuid() or not shutil.which("debootstrap"):
        return "needs root and debootstrap"
    r = folder()
    subprocess.run([HOME + "/tool/deb", r], stdout=subprocess.DEVNULL, check=True)
    p = subprocess.run([HOME + "/test/ops/bare.sh", glob.glob(r + "/*.deb")[0], r + "/debian", str(HTTP), str(HTTPS)], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True)
    if p.returncode:
        raise AssertionError(p.stdout[-3000:])


def a_clone_on_a_bare_machine():
    """a bare Debian 12 with git and make: clone, make demo, it serves and says with which accounts to enter"""
    if not DEEP:
        return "KHUE_DEEP=1"
    if os.geteuid() or not shutil.which("debootstrap"):
        return "needs root and debootstrap"
    p = subprocess.run([HOME + "/test/ops/clone.sh", HOME, folder() + "/debian", str(PORT + 7)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if p.returncode:
        raise AssertionError(p.stdout[-3000:])
    print("#", p.stdout.strip().splitlines()[-1])


run([hardened, under_the_filter, behind_nginx, down, slow_crowd, package, on_a_bare_machine, a_clone_on_a_bare_machine])
