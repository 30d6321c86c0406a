-- one thing done to many rows by a job: which rows, what became of each, and what undo needs
CREATE TABLE bulk (
	id BIGINT PRIMARY KEY, org BIGINT NOT NULL, made_by BIGINT NOT NULL, made BIGINT NOT NULL, entity TEXT NOT NULL, verb TEXT NOT NULL,
	asks TEXT, state TEXT NOT NULL, job BIGINT NOT NULL DEFAULT 0, ended BIGINT NOT NULL DEFAULT 0);
CREATE INDEX bulk_job_idx ON bulk (job);
CREATE INDEX bulk_made_idx ON bulk (made);
CREATE TABLE bulk_row (
	bulk BIGINT NOT NULL, row BIGINT NOT NULL, what TEXT NOT NULL, title TEXT, why TEXT, rev BIGINT NOT NULL DEFAULT 0, old TEXT,
	PRIMARY KEY (bulk, row)) /* sqlite: WITHOUT ROWID */;
