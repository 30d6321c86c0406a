#!/usr/bin/env python3
"""The control of the fuzz targets: a defect is planted in a parser, in a copy of this tree, and libFuzzer has to find it within ten
minutes from the corpus of the repository.

  test/fuzz/planted.py [TARGET ..]     all without a name; KHUE_PLANTED_S: seconds a target may take (600)
  test/fuzz/planted.py --there         only asks whether every target has a defect and the tree still the line it goes into"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SECONDS = int(os.environ.get("KHUE_PLANTED_S", "600"))
# target: file, what stands there, what is planted
PLANTED = {
    "http1": ("src/web/http1.c", "while (value.n && (value.p[value.n - 1] == ' '", "while ((value.p[value.n - 1] == ' '"),
    "multipart": ("src/web/body.c", "\t\tif (m->n_hold < 2)\n\t\t\treturn -1;\n\t\tif (memcmp(m->hold, \"--\", 2)", "\t\tif (m->n_hold < 1)\n\t\t\treturn -1;\n\t\tif (memcmp(m->hold, \"--\", 2)"),
    "csv": ("src/base/csv.c", "cell.p[i] == sep || cell.p[i] == '\"' || cell.p[i] == '\\n' || cell.p[i] == '\\r'", "cell.p[i] == sep || cell.p[i] == '\"' || cell.p[i] == '\\n'"),
    "form": ("src/web/body.c", "if (s.n == 0 || (ascii && plain))", "if (s.n == 0 || ascii || plain)"),
    "header": ("src/web/request.c", "if (value.n >= 2 && value.p[0] == '\"'", "if (value.p[0] == '\"'"),
    "route": ("src/web/route.c", "if (!n->any || !head.n)", "if (!n->any)"),
    "archive": ("src/core/archive.c", "str_starts(head, S(\"..\")) || ", ""),
    "row": ("src/core/row_json.c", "bool quote = v > MAX_SAFE || v < -MAX_SAFE;", "bool quote = v > MAX_SAFE;"),
    "vault": ("src/core/vault.c", "memcmp(have, want.b, sizeof want.b) == 0", "memcmp(have, want.b, sizeof want.b / 2) == 0"),
    "calendar": ("src/base/calendar.c", "n + head.n > (ptrdiff_t)sizeof plain - 1", "n + head.n > (ptrdiff_t)sizeof plain + 1"),
    "viet": ("src/base/viet.c", "p[n++] = c == '`' ? '\\'' : c;", "p[n++] = c == '`' ? '\"' : c == '\"' ? '\\'' : c;"),
    "workbook": ("src/core/workbook_put.c", "if (p && !formula)", "if (p)"),
    "results_proof": ("src/mod/results/proof.c", "key && memcmp(key, v->key, 32) != 0", "key && memcmp(key, v->key, 32) == 0"),
    "json": ("src/web/json.c", "\tif (s->p >= s->end)\n\t\treturn wrong(s, \"unclosed string\");\n\tunsigned char ch", "\tunsigned char ch"),
    "template": ("src/web/template.c", "\t\tput_html(r->out, v.s);\n\t\tbreak;\n\tcase TV_HTML", "\t\tput(r->out, v.s);\n\t\tbreak;\n\tcase TV_HTML"),
    "xlsx": ("src/core/xml.c", "\t\t\tif (s + 1 == end)\n\t\t\t\treturn SCAN_MORE;\n\t\t\tx->empty = true;", "\t\t\tx->empty = true;"),
    "xls": ("src/core/xls.c", "low || unit >= 0xFFFE ?", "unit >= 0xFFFE ?"),
    "places": ("src/mod/org/places.c", "if (str_eq(ret[i].code, now->code)) {", "if (i && str_eq(ret[i].code, now->code)) {"),
    "scheme": ("src/mod/records/scheme_read.c", "if (line_room(l, to->n, CONDITIONS))", "if (to->n >= 0)"),
    "image": ("src/core/image_gif.c", "n = n > left ? (int)left : n;", "n = left ? n : 0;"),
    "print": ("src/core/print_tree.c", "\t\tput_html(b, n->text);", "\t\tput(b, n->text);"),
    "borders": ("src/mod/org/borders.c", "fabs(x) > 180 ||", "fabs(x) > 1800 ||"),
    "sealed": ("src/core/seal.c", "bytes.n < least", "bytes.n < head"),
    "webauthn": ("src/mod/auth/webauthn.c", "memcmp(p, rp.b, sizeof rp.b) != 0", "memcmp(p, rp.b, 4) != 0"),
    "fet": ("src/mod/timetable/read.c", "fits = a->hour + d < f->n_hours &&", "fits = a->hour + d <= f->n_hours &&"),
    "transcript": ("src/mod/transcript/part.c", "else if (ch == '\"' && attribute)", "else if (ch == '\"' && !attribute)"),
    "receipt": ("src/mod/channel/gateway.c", "(ch < ' ' || ch == '\"' || ch == '\\\\')", "(ch < ' ' || ch == '\"')"),
    "smpp": ("src/mod/channel/smpp.c", " || at + 5 > pdu.n)", ")"),
    "results_shard": ("src/mod/results/shard.c", "column >= s->n_subjects ||", "column > s->n_subjects ||"),
}


def there():
    """Part of every test run: a parser that is rewritten takes its control with it, and nobody would notice."""
    targets = {os.path.basename(f)[:-7] for f in glob.glob(os.path.join(HOME, "test/fuzz/*_fuzz.c"))}
    bad = [f"{t}: no planted defect" for t in sorted(targets - set(PLANTED))] + [f"{t}: no such target" for t in sorted(set(PLANTED) - targets)]
    bad += [f"{t}: what was to be changed is not in {f}" for t, (f, old, _) in PLANTED.items() if open(os.path.join(HOME, f)).read().count(old) < 1]
    for b in bad:
        print("# " + b)
    print(("not ok" if bad else "ok") + f" - each of the {len(targets)} targets has a defect to be planted")
    sys.exit(1 if bad else 0)


def main():
    if sys.argv[1:] == ["--there"]:
        there()
    targets = sys.argv[1:] or list(PLANTED)
    tree = os.path.join(tempfile.mkdtemp(prefix="khue-planted."), "tree")
    shutil.copytree(HOME, tree, ignore=shutil.ignore_patterns("build*", "node_modules", ".git", "var"))
    for t in targets:
        file, old, new = PLANTED[t]
        path = os.path.join(tree, file)
        text = open(path).read()
        if text.count(old) < 1:
            sys.exit(f"{t}: what was to be changed is not in {file}")
        with open(path, "w") as f:
            f.write(text.replace(old, new, 1))
    env = dict(os.environ, CC="clang")
    subprocess.run(["meson", "setup", "build", "-Dwerror=false", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dfuzz=true"], cwd=tree, env=env,
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", "build", *[f"test/fuzz/fuzz_{t}" for t in targets]], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    bad = 0
    for i, t in enumerate(targets, 1):
        new, from_ = os.path.join(tree, "new-" + t), time.monotonic()
        os.mkdir(new)
        p = subprocess.run([f"build/test/fuzz/fuzz_{t}", f"-max_total_time={SECONDS}", "-timeout=5", "-rss_limit_mb=1024", "-verbosity=0",
                            "-use_value_profile=1", "-artifact_prefix=" + new + "/", new, "test/fuzz/corpus/" + t], cwd=tree, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=dict(os.environ, UBSAN_OPTIONS="halt_on_error=1"))
        found = p.returncode != 0
        bad += not found
        print(f"{'ok' if found else 'not ok'} {i} - {t}: {'found' if found else 'not found'} after {time.monotonic() - from_:.1f} s", flush=True)
    print(f"1..{len(targets)}")
    shutil.rmtree(os.path.dirname(tree))
    sys.exit(1 if bad else 0)


main()
