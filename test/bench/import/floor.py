#!/usr/bin/env python3
"""What SQLite alone needs to write what an import wrote: floor.py IMPORTED.db NEW.db. The rows, their history, undo and search lines, with the
same keys and indexes, in one transaction and in the best order, durable (WAL, synchronous FULL)."""
import sqlite3
import sys

TABLES = {"person": "id", "audit": "org, seq", "import_row": "import, row", "search": "org, key"}

db = sqlite3.connect(sys.argv[2], isolation_level=None)
for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -49152", "wal_autocheckpoint = 16000"):
    db.execute("PRAGMA " + pragma)
db.execute("ATTACH ? AS s", ("file:" + sys.argv[1] + "?mode=ro",))
for kind in ("table", "index"):
    for (sql,) in db.execute("SELECT sql FROM s.sqlite_master WHERE type = ? AND sql IS NOT NULL AND tbl_name IN (%s)"
                             % ", ".join("?" * len(TABLES)), (kind, *TABLES)).fetchall():
        db.execute(sql)
db.execute("BEGIN IMMEDIATE")
for table, order in TABLES.items():
    db.execute(f"INSERT INTO main.{table} SELECT * FROM s.{table} ORDER BY {order}")
db.execute("COMMIT")
print(db.execute("SELECT count(*) FROM main.person").fetchone()[0])
