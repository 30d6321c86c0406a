CREATE TABLE activation (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	guardian BIGINT REFERENCES person (id),
	pupil BIGINT REFERENCES person (id),
	code TEXT,
	until BIGINT,
	tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX activation_org_gone_until_id_idx ON activation (org, gone, until, id);
CREATE INDEX activation_gone_until_id_idx ON activation (gone, until, id);
CREATE INDEX activation_class_idx ON activation (class);
CREATE INDEX activation_guardian_idx ON activation (guardian);
CREATE INDEX activation_pupil_idx ON activation (pupil);
