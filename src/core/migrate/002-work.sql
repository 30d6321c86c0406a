-- Files, jobs, notices, mail that waits, settings, imports.

CREATE TABLE file (
	id BIGINT PRIMARY KEY,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	scan TEXT NOT NULL,
	until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX file_sha256_idx ON file (sha256);
CREATE INDEX file_scan_idx ON file (scan);
CREATE INDEX file_until_idx ON file (until);

CREATE TABLE file_on (
	file BIGINT NOT NULL,
	entity TEXT NOT NULL,
	row BIGINT NOT NULL,
	PRIMARY KEY (entity, row, file)
);
CREATE INDEX file_on_file_idx ON file_on (file);

CREATE TABLE job (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	actor TEXT NOT NULL,
	lang TEXT NOT NULL,
	input TEXT NOT NULL,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	due BIGINT NOT NULL,
	lease BIGINT NOT NULL DEFAULT 0,
	cancel BIGINT NOT NULL DEFAULT 0,
	started BIGINT NOT NULL DEFAULT 0,
	ended BIGINT NOT NULL DEFAULT 0,
	done BIGINT NOT NULL DEFAULT 0,
	total BIGINT NOT NULL DEFAULT 0,
	doing TEXT,
	file BIGINT NOT NULL DEFAULT 0,
	note TEXT,
	problem TEXT
);
CREATE INDEX job_due_idx ON job (state, due);
CREATE INDEX job_made_by_idx ON job (made_by, made);

CREATE TABLE job_clock (
	name TEXT PRIMARY KEY,
	due BIGINT NOT NULL
);

CREATE TABLE notice (
	id BIGINT PRIMARY KEY,
	account BIGINT NOT NULL,
	vi TEXT NOT NULL,
	en TEXT NOT NULL,
	link TEXT,
	made BIGINT NOT NULL,
	seen BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX notice_account_idx ON notice (account, seen, made);

CREATE TABLE outbox (
	id BIGINT PRIMARY KEY,
	address TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	made BIGINT NOT NULL,
	due BIGINT NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	sent BIGINT NOT NULL DEFAULT 0,
	problem TEXT
);
CREATE INDEX outbox_due_idx ON outbox (sent, due);

CREATE TABLE setting (
	org BIGINT NOT NULL,
	module TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	changed BIGINT NOT NULL,
	changed_by BIGINT NOT NULL,
	PRIMARY KEY (org, module, name)
);

CREATE TABLE imported (
	id BIGINT PRIMARY KEY,
	org BIGINT NOT NULL,
	made_by BIGINT NOT NULL,
	made BIGINT NOT NULL,
	entity TEXT NOT NULL,
	file BIGINT NOT NULL,
	name TEXT NOT NULL,
	sheet BIGINT NOT NULL DEFAULT 0,
	heading BIGINT NOT NULL DEFAULT 0,
	headings BIGINT NOT NULL DEFAULT 1,
	encoding BIGINT NOT NULL DEFAULT 0,
	mapping TEXT,
	state TEXT NOT NULL,
	whole BIGINT NOT NULL DEFAULT 0,
	n_new BIGINT NOT NULL DEFAULT 0,
	n_changed BIGINT NOT NULL DEFAULT 0,
	n_same BIGINT NOT NULL DEFAULT 0,
	n_refused BIGINT NOT NULL DEFAULT 0,
	job BIGINT NOT NULL DEFAULT 0,
	errors BIGINT NOT NULL DEFAULT 0,
	applied BIGINT NOT NULL DEFAULT 0,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX imported_made_by_idx ON imported (made_by, made);

CREATE TABLE import_line (
	import BIGINT NOT NULL,
	line BIGINT NOT NULL,
	what TEXT NOT NULL,
	title TEXT,
	detail TEXT,
	PRIMARY KEY (import, line)
);
CREATE INDEX import_line_what_idx ON import_line (import, what, line);

CREATE TABLE import_edit (
	import BIGINT NOT NULL,
	line BIGINT NOT NULL,
	field TEXT NOT NULL,
	value TEXT,
	PRIMARY KEY (import, line, field)
);

CREATE TABLE import_row (
	import BIGINT NOT NULL,
	row BIGINT NOT NULL,
	rev BIGINT NOT NULL,
	old TEXT,
	PRIMARY KEY (import, row)
);

CREATE TABLE import_memory (
	org BIGINT NOT NULL,
	entity TEXT NOT NULL,
	heading TEXT NOT NULL,
	field TEXT NOT NULL,
	PRIMARY KEY (org, entity, heading)
);
