#!/usr/bin/env python3
"""The same source gives the same bytes, wherever it is built: three files in every run, the program and the package in make deep."""
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "../http"))
from net import BUILD, equal, run  # noqa: E402

FILES = ("src/base/csv.c", "src/web/route.c", "src/core/sandbox.c")      # small ones; all say where they fail by assert or debug lines


def commands():
    build = os.path.join(HOME, BUILD)
    for c in json.load(open(os.path.join(build, "compile_commands.json"))):
        if os.path.realpath(os.path.join(c["directory"], c["file"])) in [os.path.join(HOME, f) for f in FILES] and "fuzz" not in c["output"]:
            yield build, c


def objects(folder, mapped=True):
    """The three files of this tree, compiled as if it stood in another folder."""
    tree = os.path.join(folder, "khue")
    os.makedirs(os.path.join(tree, "build"))
    for part in ("src",):
        subprocess.run(["cp", "-r", os.path.join(HOME, part), tree], check=True)
    made = {}
    for build, c in commands():
        args = [a for a in shlex.split(c["command"]) if a not in ("ccache",)]
        args = [a.replace(build, os.path.join(tree, "build")).replace(HOME, tree) for a in args]
        for flag in ("-MQ", "-MF"):
            at = args.index(flag)
            del args[at:at + 2]
        args.remove("-MD")
        if not mapped:
            args = [a for a in args if not a.startswith("-ffile-prefix-map")]
        out = os.path.join(folder, f"{len(made)}.o")
        args[args.index("-o") + 1] = out
        subprocess.run(args, cwd=os.path.join(tree, "build"), check=True, env=dict(os.environ, CCACHE_DISABLE="1"))
        made[c["file"]] = open(out, "rb").read()
    equal(len(made), len(FILES), "files found")
    return made


def no_folder_in_the_program():
    """S21: files compiled in two folders are the same, byte by byte; without the mapping of folders they are not"""
    with tempfile.TemporaryDirectory(prefix="a.") as one, tempfile.TemporaryDirectory(prefix="another-length.") as two:
        a, b = objects(one), objects(two)
        equal([f for f in a if a[f] != b[f]], [])
    with tempfile.TemporaryDirectory(prefix="a.") as one, tempfile.TemporaryDirectory(prefix="another-length.") as two:
        a, b = objects(one, False), objects(two, False)
        equal(len([f for f in a if a[f] != b[f]]), len(FILES), "the control")


def the_program_and_the_package():
    """S21: the whole program and its package, built twice in two folders, are the same (make deep)"""
    if not os.environ.get("KHUE_DEEP"):
        return "only in make deep"
    p = subprocess.run([os.path.join(HOME, "tool/reproduce")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    equal(p.returncode, 0, p.stdout[-2000:])
    equal(p.stdout.count(".deb") >= 1 and "build/khue" in p.stdout, True, p.stdout)


run([no_folder_in_the_program, the_program_and_the_package])
