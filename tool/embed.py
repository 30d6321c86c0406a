#!/usr/bin/env python3
"""Packs templates, queries, migrations, sentences, reference data and interface assets into one C file.

usage: embed.py SOURCE_ROOT OUT.c OUT.d

The C file holds the table of base/embed.h; the bytes come in by .incbin. OUT.d names every file and folder looked at, so
that ninja runs this again when one changes, appears or goes. An absent folder (ui/dist before the interface is built) is
empty."""
import hashlib
import os
import sys

SKIP = {'node_modules', '.git'}


def files_below(folder, seen):
    """Every file below folder, sorted; notes each folder in seen."""
    found = []
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in SKIP)
        seen.add(top)
        found += [os.path.join(top, n) for n in sorted(names) if not n.startswith('.')]
    return found


def files_in(folder, ends, seen):
    if not os.path.isdir(folder):
        return []
    seen.add(folder)
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(ends)]


def area(root, folder, name, seen):
    """The files of src/core or of one module as {embedded name: path}."""
    table = {}
    for p in files_in(os.path.join(folder, 'page'), '.html', seen):
        table[f'page/{name}/{os.path.basename(p)}'] = p
    for p in files_in(os.path.join(folder, 'migrate'), '.sql', seen):
        table[f'migrate/{name}/{os.path.basename(p)}'] = p
    for p in files_below(os.path.join(folder, 'data'), seen):
        table[f'data/{name}/{os.path.relpath(p, os.path.join(folder, "data"))}'] = p
    for p in files_in(folder, '.sql', seen):
        word = os.path.basename(p)
        table[f'sql/{word}' if word == f'{name}.sql' else f'sql/{name}/{word}'] = p
    return table


def collect(root, seen):
    modules = os.path.join(root, 'src', 'mod')
    table = area(root, os.path.join(root, 'src', 'core'), 'core', seen)
    seen.add(modules)
    for name in sorted(os.listdir(modules)):
        folder = os.path.join(modules, name)
        if os.path.isdir(folder):
            table.update(area(root, folder, name, seen))
    table.update(area(root, os.path.join(root, 'src', 'app', 'demo'), 'demo', seen))
    for p in files_in(os.path.join(root, 'i18n'), '.txt', seen):
        table[f'i18n/{os.path.basename(p)}'] = p
    seen.add(os.path.join(root, 'ui') if os.path.isdir(os.path.join(root, 'ui')) else root)
    dist = os.path.join(root, 'ui', 'dist')
    for p in files_below(dist, seen):
        table[f'ui/{os.path.relpath(p, dist)}'] = p
    return table


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def source_of(table):
    out = ['/* Made by tool/embed.py. */', '#include "base/embed.h"', '']
    names = sorted(table, key=lambda n: n.encode())
    for i, name in enumerate(names):
        with open(table[name], 'rb') as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        path = table[name].replace('\\', '\\\\').replace('"', '\\"')
        path = path.replace('\\', '\\\\').replace('"', '\\"')
        out.append(f'/* {name} {digest} */')
        out.append(f'__asm__(".section .rodata\\n.balign 16\\n.global khue_embedded_{i}\\n.hidden khue_embedded_{i}\\n'
                   f'khue_embedded_{i}:\\n.incbin \\"{path}\\"\\n.byte 0\\n.text\\n");')
        out.append(f'extern const char khue_embedded_{i}[];')
    out.append('const struct embedded embedded_files[] = {')
    for i, name in enumerate(names):
        out.append(f'\t{{ {quoted(name)}, khue_embedded_{i}, {os.path.getsize(table[name])}u }},')
    out.append('\t{ NULL, NULL, 0 } };')
    out.append(f'const size_t embedded_count = {len(names)};')
    return '\n'.join(out) + '\n'


def main():
    root, out, deps = os.path.realpath(sys.argv[1]), sys.argv[2], sys.argv[3]
    seen = set()
    table = collect(root, seen)
    text = source_of(table)
    old = None
    if os.path.exists(out):
        with open(out, encoding='utf-8') as f:
            old = f.read()
    if old != text:                      # an unchanged file keeps its time: nothing is compiled again
        with open(out, 'w', encoding='utf-8') as f:
            f.write(text)
    with open(deps, 'w', encoding='utf-8') as f:
        f.write(out + ': ' + ' '.join(p.replace(' ', '\\ ') for p in sorted(set(table.values()) | seen)) + '\n')


main()
