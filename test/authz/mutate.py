#!/usr/bin/env python3
"""Compiles each mutant of mutants.py into the matrix and expects the matrix to find it. Prints TAP.

  test/authz/mutate.py BUILD [SAMPLE]      SAMPLE: only every so many, beginning with the first
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from mutants import MUTANTS

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def link_words(build, target):
    out = subprocess.run(["ninja", "-C", build, "-t", "commands", target], stdout=subprocess.PIPE, text=True, check=True).stdout
    return shlex.split(out.strip().splitlines()[-1])


def compile_words(build, source):
    """The command that compiles the file as the program does, without its output."""
    for c in json.load(open(os.path.join(build, "compile_commands.json"))):
        if os.path.normpath(os.path.join(c["directory"], c["file"])) == os.path.join(HOME, source) and "_test.p" not in c["output"]:
            words = shlex.split(c["command"])
            for flag in ("-o", "-MF", "-MQ"):
                at = words.index(flag)
                del words[at:at + 2]
            return [w for w in words if w not in ("-MD", "-c", c["file"], "-Werror")]
    raise ValueError(f"{source} is not compiled by {build}")


def make(build, folder, mutant, target):
    """The program `target` with the change; its path. ValueError: what went wrong."""
    name, source, old, new = mutant
    text = open(os.path.join(HOME, source)).read()
    if text.count(old) != 1:
        raise ValueError(f"its text stands {text.count(old)} times in {source}")
    at = os.path.join(folder, re.sub(r"\W", "-", name))
    with open(at + ".c", "w") as f:
        f.write(text.replace(old, new))
    build = os.path.abspath(build)
    made = subprocess.run(compile_words(build, source) + ["-w", "-iquote", os.path.dirname(os.path.join(HOME, source)), "-c", at + ".c",
                          "-o", at + ".o"], cwd=build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if made.returncode:
        raise ValueError("does not compile: " + made.stdout[-500:])
    words = link_words(build, target)
    words[words.index("-o") + 1] = at
    # before the archives: then the one of the same file is not asked
    subprocess.run(words[:words.index("-o")] + [at + ".o"] + words[words.index("-o"):], cwd=build, check=True)
    return at


def survives(build, folder, mutant):
    """None: the matrix found it. Else what happened instead."""
    try:
        at = make(build, folder, mutant, "test/authz/authz_matrix_test")
    except ValueError as e:
        return str(e)
    ran = subprocess.run([at, "first"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=600)
    os.unlink(at)
    if ran.returncode == 1 and "wrong:" in ran.stdout:
        print("#", mutant[0], "->", re.search(r"wrong: (.*)", ran.stdout).group(1)[:150], flush=True)
        return None
    return f"the matrix ended with {ran.returncode}: {ran.stdout[-300:]}"


def main():
    build, sample = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chosen = MUTANTS[::sample]
    moved = [name for name, source, old, _ in MUTANTS if open(os.path.join(HOME, source)).read().count(old) != 1]
    print(("not " if moved else "") + "ok - the text of every mutant stands once in the code" + f" # {moved}" * bool(moved))
    failed = len(moved)
    with tempfile.TemporaryDirectory(prefix="khue-mutants.") as folder, ThreadPoolExecutor(2) as pool:
        for i, (mutant, why) in enumerate(zip(chosen, pool.map(lambda m: survives(build, folder, m), chosen)), 1):
            failed += why is not None
            print(f"{'not ' if why else ''}ok {i} - the matrix finds the mutant: {mutant[0]}" + (f"\n# {why}" if why else ""), flush=True)
    print(f"1..{len(chosen)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
