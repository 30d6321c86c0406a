-- The tokens of other services, sealed with the installation's secret; who holds the lease gets the next one.
CREATE TABLE channel_token (
	name TEXT PRIMARY KEY,
	origin TEXT,
	box TEXT,
	expires BIGINT NOT NULL DEFAULT 0,
	refreshed BIGINT NOT NULL DEFAULT 0,
	lease BIGINT NOT NULL DEFAULT 0
);
