-- search lines and what an import remembers live in their key alone: on SQLite one tree in the place of two
CREATE TABLE search_lines (
	org BIGINT NOT NULL, key BYTEA NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL,
	PRIMARY KEY (org, key, entity, item)) /* sqlite: WITHOUT ROWID */;
INSERT INTO search_lines (org, key, entity, item) SELECT org, key, entity, item FROM search ORDER BY org, key, entity, item;
DROP TABLE search;
ALTER TABLE search_lines RENAME TO search;
CREATE TABLE import_rows (
	import BIGINT NOT NULL, row BIGINT NOT NULL, rev BIGINT NOT NULL, old TEXT,
	PRIMARY KEY (import, row)) /* sqlite: WITHOUT ROWID */;
INSERT INTO import_rows (import, row, rev, old) SELECT import, row, rev, old FROM import_row ORDER BY import, row;
DROP TABLE import_row;
ALTER TABLE import_rows RENAME TO import_row;
