ALTER TABLE year_result ADD COLUMN retests TEXT;
CREATE TABLE class_close (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	year BIGINT REFERENCES school_year (id),
	term TEXT NOT NULL DEFAULT 'hk1',
	state TEXT NOT NULL DEFAULT 'closed',
	missing BIGINT NOT NULL DEFAULT 0,
	reason TEXT
);
CREATE UNIQUE INDEX class_close_u0 ON class_close (org, class, term) WHERE gone = 0;
CREATE INDEX class_close_org_gone_class_id_idx ON class_close (org, gone, class, id);
CREATE INDEX class_close_gone_class_id_idx ON class_close (gone, class, id);
CREATE INDEX class_close_class_idx ON class_close (class);
CREATE INDEX class_close_year_idx ON class_close (year);
CREATE TABLE form_note (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	on_day BIGINT,
	kind TEXT NOT NULL DEFAULT 'plan',
	pupil BIGINT REFERENCES person (id),
	text TEXT
);
CREATE INDEX form_note_org_gone_on_day_id_idx ON form_note (org, gone, on_day, id);
CREATE INDEX form_note_gone_on_day_id_idx ON form_note (gone, on_day, id);
CREATE INDEX form_note_class_idx ON form_note (class);
CREATE INDEX form_note_pupil_idx ON form_note (pupil);
