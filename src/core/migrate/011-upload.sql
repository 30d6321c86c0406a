-- Uploads that come in pieces (resume.c): what there is of each is in DATA/files/tmp, up to have.
CREATE TABLE upload (
	id BIGINT PRIMARY KEY,
	made_by BIGINT NOT NULL,
	org BIGINT NOT NULL,
	made BIGINT NOT NULL,
	until BIGINT NOT NULL,
	name TEXT NOT NULL,
	size BIGINT NOT NULL,
	have BIGINT NOT NULL,
	used BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX upload_made_by_idx ON upload (made_by, made);
CREATE INDEX upload_until_idx ON upload (until);
-- what a person has sent today, what a unit keeps (quota.c)
CREATE INDEX file_made_by_idx ON file (made_by, made, scan, size);
CREATE INDEX file_org_idx ON file (org, scan, size);
