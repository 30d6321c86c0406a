-- the data engines: history, numbering, idempotency keys, the log of reads of personal data
CREATE TABLE audit (
	org BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, user_id BIGINT NOT NULL, impersonator BIGINT NOT NULL,
	entity TEXT NOT NULL, item BIGINT NOT NULL, verb TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL,
	hash BYTEA NOT NULL, PRIMARY KEY (org, seq));
CREATE INDEX audit_item_idx ON audit (entity, item, at);
CREATE INDEX audit_user_idx ON audit (user_id, at);
CREATE TABLE audit_head (org BIGINT PRIMARY KEY, seq BIGINT NOT NULL, hash BYTEA NOT NULL);
CREATE TABLE series (name TEXT PRIMARY KEY, last BIGINT NOT NULL);
CREATE TABLE once (
	key TEXT PRIMARY KEY, user_id BIGINT NOT NULL, at BIGINT NOT NULL, input BYTEA NOT NULL,
	status BIGINT NOT NULL, go TEXT NOT NULL, said TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX once_at_idx ON once (at);
CREATE TABLE seen (
	id BIGINT PRIMARY KEY, at BIGINT NOT NULL, user_id BIGINT NOT NULL, impersonator BIGINT NOT NULL, session BIGINT NOT NULL,
	org BIGINT NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL, verb TEXT NOT NULL, n BIGINT NOT NULL, items TEXT NOT NULL);
CREATE INDEX seen_item_idx ON seen (entity, item, at);
CREATE INDEX seen_user_idx ON seen (user_id, at);
