-- Passkeys: ext is what the authenticator calls the key (base64url), key its public half (COSE, base64url), rp the host
-- it is for, count its counter of signatures; gone 2: a copy of it was noticed.
CREATE TABLE passkey (
	id BIGINT PRIMARY KEY, org BIGINT NOT NULL, account BIGINT NOT NULL, ext TEXT NOT NULL, key TEXT NOT NULL,
	rp TEXT NOT NULL, label TEXT, count BIGINT NOT NULL, verified BIGINT NOT NULL, made BIGINT NOT NULL, used BIGINT,
	gone BIGINT NOT NULL);
CREATE UNIQUE INDEX passkey_ext ON passkey (ext);
CREATE INDEX passkey_account ON passkey (account, gone);
-- Challenges that were answered: each counts once.
CREATE TABLE challenge (digest TEXT PRIMARY KEY, ends BIGINT NOT NULL);
-- Devices that need no second factor for a while.
CREATE TABLE trusted (
	id BIGINT PRIMARY KEY, org BIGINT NOT NULL, account BIGINT NOT NULL, digest TEXT NOT NULL, made BIGINT NOT NULL,
	seen BIGINT NOT NULL, ends BIGINT NOT NULL, agent TEXT, address TEXT, gone BIGINT NOT NULL);
CREATE UNIQUE INDEX trusted_digest ON trusted (digest);
CREATE INDEX trusted_account ON trusted (account, gone);
CREATE INDEX trusted_ends ON trusted (ends);
