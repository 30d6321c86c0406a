CREATE TABLE transcript (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	level TEXT NOT NULL DEFAULT 'primary',
	version BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX transcript_u0 ON transcript (pupil, level) WHERE gone = 0;
CREATE INDEX transcript_org_gone_pupil_id_idx ON transcript (org, gone, pupil, id);
CREATE INDEX transcript_gone_pupil_id_idx ON transcript (gone, pupil, id);
CREATE INDEX transcript_pupil_idx ON transcript (pupil);
CREATE INDEX transcript_version_idx ON transcript (version);
CREATE TABLE transcript_part (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	transcript BIGINT REFERENCES transcript (id),
	pupil BIGINT REFERENCES person (id),
	class BIGINT REFERENCES school_class (id),
	year BIGINT REFERENCES school_year (id),
	school BIGINT REFERENCES org (id),
	grade TEXT NOT NULL DEFAULT 'nt',
	class_name TEXT,
	result TEXT,
	version BIGINT NOT NULL DEFAULT 0,
	reason TEXT,
	state TEXT NOT NULL DEFAULT 'draft',
	digest TEXT,
	form_by TEXT,
	form_at BIGINT,
	head_by TEXT,
	head_at BIGINT,
	content TEXT,
	form_mark TEXT,
	head_mark TEXT
);
CREATE UNIQUE INDEX transcript_part_u0 ON transcript_part (org, transcript, year, version) WHERE gone = 0;
CREATE INDEX transcript_part_org_gone_class_id_idx ON transcript_part (org, gone, class, id);
CREATE INDEX transcript_part_gone_class_id_idx ON transcript_part (gone, class, id);
CREATE INDEX transcript_part_transcript_idx ON transcript_part (transcript);
CREATE INDEX transcript_part_pupil_idx ON transcript_part (pupil);
CREATE INDEX transcript_part_class_idx ON transcript_part (class);
CREATE INDEX transcript_part_year_idx ON transcript_part (year);
CREATE INDEX transcript_part_school_idx ON transcript_part (school);
CREATE TABLE transcript_issue (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	transcript BIGINT REFERENCES transcript (id),
	pupil BIGINT REFERENCES person (id),
	level TEXT NOT NULL DEFAULT 'primary',
	version BIGINT NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'valid',
	years TEXT,
	issued BIGINT,
	reason TEXT,
	pdf BIGINT,
	xml BIGINT,
	digest TEXT,
	statement TEXT
);
CREATE UNIQUE INDEX transcript_issue_u0 ON transcript_issue (org, transcript, version) WHERE gone = 0;
CREATE INDEX transcript_issue_org_gone_issued_id_idx ON transcript_issue (org, gone, issued, id);
CREATE INDEX transcript_issue_gone_issued_id_idx ON transcript_issue (gone, issued, id);
CREATE INDEX transcript_issue_transcript_idx ON transcript_issue (transcript);
CREATE INDEX transcript_issue_pupil_idx ON transcript_issue (pupil);
