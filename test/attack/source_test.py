#!/usr/bin/env python3
"""What can be told from the sources and the program itself: outgoing connections, hardening, bill of materials, the table of ASVS."""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "../http"))
from net import BUILD, equal, run  # noqa: E402

# who may open a connection, and why
OUTGOING = {"src/core/notify.c": "mail, KHUE_SMTP", "src/core/clam.c": "ClamAV, a socket of this machine", "src/app/backup/drill.c": "the drill asks its own server",
            "src/mod/channel/gateway.c": "the SMS gateway, KHUE_SMS_FILE, and Zalo, KHUE_ZALO_FILE", "src/mod/channel/smpp.c": "the SMS gateway, KHUE_SMS_FILE",
            "src/mod/channel/push.c": "push services of browsers, KHUE_PUSH", "src/web/manager.c": "the service manager, NOTIFY_SOCKET", "src/app/cmd_doctor.c": "does what the administrator configured answer"}
CALLS = re.compile(r"(?<![\w.>])(connect|curl_easy_init|curl_easy_perform|sendto)\s*\(")


def connects(text):
    text = re.sub(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"", "", text, flags=re.S)
    return bool(CALLS.search(text))


def outgoing():
    """S14: only the listed files open connections, and none follows redirects; a planted connect() is found"""
    found = set()
    for folder, _, files in os.walk(os.path.join(HOME, "src")):
        for f in files:
            path = os.path.join(folder, f)
            text = open(path, encoding="utf-8").read() if f.endswith(".c") and not f.endswith("_test.c") else ""
            if connects(text):
                found.add(os.path.relpath(path, HOME))
            if re.search(r"CURLOPT_FOLLOWLOCATION\s*,\s*1", text):
                raise AssertionError(f"{path} follows redirects")
    equal(found - OUTGOING.keys(), set(), "unlisted")
    equal(connects("int f(int s) { return connect(s, &a, sizeof a); }"), True)
    equal(connects("/* connect( */ x->connect(1); \"connect(\""), False)


def hardening_of(program):
    out = subprocess.run(["hardening-check", "--nocfprotection", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return [line.strip() for line in out.splitlines() if re.search(r": no[,!]?|: no\b", line) and "ignored" not in line]


def hardening():
    """S21: the program has PIE, stack protector, fortified functions, RELRO and immediate binding; one without is flagged"""
    if subprocess.run(["sh", "-c", "command -v hardening-check"], stdout=subprocess.DEVNULL).returncode:
        return "hardening-check is not installed"
    equal(hardening_of(os.path.join(BUILD, "khue")), [])
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/a.c", "w") as f:
            f.write('#include <stdio.h>\nint main(void) { char b[9]; return !fgets(b, 9, stdin); }\n')
        subprocess.run(["cc", "-O2", "-no-pie", "-fno-stack-protector", "-Wl,-z,norelro", "-Wl,-z,lazy", f"{folder}/a.c", "-o", f"{folder}/a"], check=True)
        if len(hardening_of(f"{folder}/a")) < 3:
            raise AssertionError("a soft program passes")


def sbom():
    """S22: the bill of materials names every linked library and npm package with version and digest; one changed digest is told"""
    tool = os.path.join(HOME, "tool/sbom")
    text = subprocess.run([tool, BUILD], stdout=subprocess.PIPE, text=True, check=True).stdout
    equal(text, subprocess.run([tool, BUILD], stdout=subprocess.PIPE, text=True, check=True).stdout, "twice the same")
    parts = json.loads(text)["components"]
    names = {c["name"] for c in parts}
    for want in ("libsodium23", "libsqlite3-0", "libpq5", "libseccomp2"):
        if want not in names:
            raise AssertionError(f"{want} is not in the bill")
    equal([c["name"] for c in parts if not c["version"] or not c["hashes"][0]["content"]], [])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        changed = json.loads(text)
        changed["components"][3]["hashes"][0]["content"] = "0" * 64
        json.dump(changed, f)
        f.flush()
        out = subprocess.run([tool, "--check", f.name, BUILD], stdout=subprocess.PIPE, text=True)
        equal((out.returncode, out.stdout.strip()), (1, changed["components"][3]["bom-ref"]))


def lock_faults(packages):
    return [k for k, p in packages.items() if k and not p.get("link") and not re.match(r"sha512-[A-Za-z0-9+/=]{80,}$", p.get("integrity", ""))]


def lockfiles():
    """S22: every package of a lockfile is fixed by a SHA-512; one without is told"""
    for name in ("ui", "test/browser"):
        equal(lock_faults(json.load(open(os.path.join(HOME, name, "package-lock.json")))["packages"]), [], name)
    equal(lock_faults({"": {}, "node_modules/x": {"version": "1.0.0"}}), ["node_modules/x"])


TESTS = [os.path.join(folder, f) for top in ("src", "test") for folder, _, files in os.walk(os.path.join(HOME, top)) for f in files if re.search(r"_test\.(c|py)$", f)]
FAULTS = {"P": "process_test.py", "N": "nodes_test.py", "W": "network_test.py", "A": "around_test.py"}


def names_missing(text):
    """Tests that a page names, as `file_test.c` one, two or by the letter of a tool of test/fault, and that do not exist."""
    named = [(f, n) for f, names in re.findall(r"([\w/]+_test\.(?:c|py))`?((?:,? [a-z0-9]+(?:_[a-z0-9]+)+)+)", text) for n in re.findall(r"\w+", names)]
    named += [(FAULTS[k], n) for k, names in re.findall(r"`([PNWA]) ([a-z0-9_ ]+)`", text) for n in names.split()]
    return [f"no {n} in {f}" for f, n in named if not any(p.endswith("/" + f) and re.search(rf"\b{n}", open(p, encoding="utf-8").read()) for p in TESTS)]


def table_faults(text):
    rows = [[c.strip() for c in line.strip("|\n ").split(" | ")] for line in text.split("\n") if re.match(r"\| V\d", line)]
    faults = [] if len(rows) == len({r[0] for r in rows}) == 253 else [f"{len(rows)} lines, not 253 different ones"]
    faults += [f"{r[0]}: no reason" for r in rows if len(r) != 3 or len(r[2]) < 8]
    for r in rows:
        for path in re.findall(r"(?:src|test|tool|doc|deploy)/[\w./-]+[\w]", r[-1]):
            if not os.path.exists(os.path.join(HOME, path)) and not os.path.exists(os.path.join(HOME, path + ".c")):
                faults.append(f"{r[0]}: there is no {path}")
    return faults + names_missing(text)


def asvs_table():
    """doc/security.md answers each of the 253 requirements of ASVS 5.0 levels 1 and 2; a wrong line is told"""
    text = open(os.path.join(HOME, "doc/security.md"), encoding="utf-8").read()
    equal(table_faults(text), [])
    bad = re.sub(r"\| V1\.5\.1 \|.*", "| V1.5.1 | x | test/unit/xml_test.c no_such_test |", text)
    equal(len(table_faults(bad)), 1)
    equal(len(table_faults(text.replace("| V7.2.3 ", "| V7.2.2 ", 1))) > 0, True)


def tests_named():
    """the tests that doc/security.md and doc/reliability.md name are there; a wrong name is told"""
    for page in ("security", "reliability"):
        equal(names_missing(open(os.path.join(HOME, f"doc/{page}.md"), encoding="utf-8").read()), [], page)
    equal(names_missing("`seat_test.c` codes_count_once, no_such_thing and `P leaks no_fault`"), ["no no_such_thing in seat_test.c", "no no_fault in process_test.py"])


run([outgoing, hardening, sbom, lockfiles, asvs_table, tests_named])
