-- What proves identity. Not entities: nothing lists, exports, searches or keeps a history of these.
CREATE TABLE credential (
	account BIGINT PRIMARY KEY, org BIGINT NOT NULL,
	hash TEXT, changed BIGINT, must_change BIGINT NOT NULL, code_until BIGINT,
	totp TEXT, totp_step BIGINT NOT NULL, last_login BIGINT);
CREATE TABLE recovery (account BIGINT NOT NULL, org BIGINT NOT NULL, digest TEXT NOT NULL, used BIGINT, PRIMARY KEY (account, digest));
CREATE TABLE session (
	id BIGINT PRIMARY KEY, org BIGINT NOT NULL, account BIGINT NOT NULL, digest TEXT NOT NULL,
	made BIGINT NOT NULL, seen BIGINT NOT NULL, ends BIGINT NOT NULL, idle BIGINT NOT NULL,
	mfa BIGINT NOT NULL, must BIGINT NOT NULL, impersonator BIGINT, parent BIGINT, reason TEXT, agent TEXT, address TEXT, gone BIGINT NOT NULL);
CREATE UNIQUE INDEX session_digest ON session (digest);
CREATE INDEX session_account ON session (account, gone);
CREATE INDEX session_ends ON session (ends);
CREATE UNIQUE INDEX api_token_digest ON api_token (digest);
-- Failures by key: a keyed digest of a login or of an address, so that neither can be read from the table.
CREATE TABLE throttle (key TEXT PRIMARY KEY, failures BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL);
