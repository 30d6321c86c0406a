CREATE TABLE person (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	self BIGINT REFERENCES person (id),
	name TEXT,
	born BIGINT,
	sex TEXT NOT NULL DEFAULT 'unknown',
	national_id TEXT,
	sector_id TEXT,
	ethnicity TEXT NOT NULL DEFAULT '00',
	religion TEXT NOT NULL DEFAULT 'unknown',
	nationality TEXT NOT NULL DEFAULT 'VN',
	birthplace TEXT,
	native_place TEXT,
	commune BIGINT REFERENCES admin_unit (id),
	address TEXT,
	old_address TEXT,
	phone TEXT,
	email TEXT,
	pupil BIGINT NOT NULL DEFAULT 0,
	staff BIGINT NOT NULL DEFAULT 0,
	guardian BIGINT NOT NULL DEFAULT 0,
	disability TEXT NOT NULL DEFAULT 'none',
	policy TEXT NOT NULL DEFAULT 'none',
	post TEXT NOT NULL DEFAULT 'none',
	subject TEXT,
	joined BIGINT,
	note TEXT,
	photo BIGINT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX person_u0 ON person (national_id) WHERE gone = 0;
CREATE UNIQUE INDEX person_u1 ON person (sector_id) WHERE gone = 0;
CREATE INDEX person_org_gone_sort_id_idx ON person (org, gone, _sort, id);
CREATE INDEX person_gone_sort_id_idx ON person (gone, _sort, id);
CREATE INDEX person_self_idx ON person (self);
CREATE INDEX person_born_idx ON person (born);
CREATE INDEX person_commune_idx ON person (commune);
CREATE INDEX person_subject_idx ON person (subject);
CREATE TABLE guardianship (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	guardian BIGINT REFERENCES person (id),
	relation TEXT NOT NULL DEFAULT 'father',
	barred BIGINT NOT NULL DEFAULT 0,
	lives_with BIGINT NOT NULL DEFAULT 0,
	contact_first BIGINT NOT NULL DEFAULT 0,
	note TEXT
);
CREATE UNIQUE INDEX guardianship_u0 ON guardianship (org, pupil, guardian) WHERE gone = 0;
CREATE INDEX guardianship_org_gone_relation_id_idx ON guardianship (org, gone, relation, id);
CREATE INDEX guardianship_gone_relation_id_idx ON guardianship (gone, relation, id);
CREATE INDEX guardianship_pupil_idx ON guardianship (pupil);
CREATE INDEX guardianship_guardian_idx ON guardianship (guardian);
CREATE TABLE consent (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	subject BIGINT REFERENCES person (id),
	given_by BIGINT REFERENCES person (id),
	purpose TEXT NOT NULL DEFAULT 'photo',
	child_agrees BIGINT NOT NULL DEFAULT 0,
	given BIGINT,
	withdrawn BIGINT,
	how TEXT
);
CREATE INDEX consent_org_gone_given_id_idx ON consent (org, gone, given, id);
CREATE INDEX consent_gone_given_id_idx ON consent (gone, given, id);
CREATE INDEX consent_subject_idx ON consent (subject);
CREATE INDEX consent_given_by_idx ON consent (given_by);
CREATE TABLE person_pair (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	a BIGINT REFERENCES person (id),
	b BIGINT REFERENCES person (id),
	score BIGINT NOT NULL DEFAULT 0,
	why TEXT,
	state TEXT NOT NULL DEFAULT 'open'
);
CREATE UNIQUE INDEX person_pair_u0 ON person_pair (org, a, b) WHERE gone = 0;
CREATE INDEX person_pair_org_gone_score_id_idx ON person_pair (org, gone, score, id);
CREATE INDEX person_pair_gone_score_id_idx ON person_pair (gone, score, id);
CREATE INDEX person_pair_a_idx ON person_pair (a);
CREATE INDEX person_pair_b_idx ON person_pair (b);
CREATE TABLE person_merge (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	kept BIGINT REFERENCES person (id),
	dropped BIGINT REFERENCES person (id),
	moved TEXT,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_merge_org_gone_made_id_idx ON person_merge (org, gone, made, id);
CREATE INDEX person_merge_gone_made_id_idx ON person_merge (gone, made, id);
CREATE INDEX person_merge_kept_idx ON person_merge (kept);
CREATE INDEX person_merge_dropped_idx ON person_merge (dropped);

CREATE INDEX person_look_alike_idx ON person (name, born);
