CREATE TABLE course (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	subject BIGINT REFERENCES subject (id),
	lessons BIGINT NOT NULL DEFAULT 0,
	entries BIGINT NOT NULL DEFAULT 0,
	sealed BIGINT NOT NULL DEFAULT 0,
	head TEXT,
	note TEXT
);
CREATE UNIQUE INDEX course_u0 ON course (org, class, subject) WHERE gone = 0;
CREATE INDEX course_org_gone_class_id_idx ON course (org, gone, class, id);
CREATE INDEX course_gone_class_id_idx ON course (gone, class, id);
CREATE INDEX course_class_idx ON course (class);
CREATE INDEX course_subject_idx ON course (subject);
CREATE TABLE mark (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	course BIGINT REFERENCES course (id),
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	term TEXT NOT NULL DEFAULT 'hk1',
	cells TEXT,
	average BIGINT,
	comment TEXT,
	remark TEXT
);
CREATE UNIQUE INDEX mark_u0 ON mark (org, course, pupil, term) WHERE gone = 0;
CREATE INDEX mark_org_gone_course_id_idx ON mark (org, gone, course, id);
CREATE INDEX mark_gone_course_id_idx ON mark (gone, course, id);
CREATE INDEX mark_course_idx ON mark (course);
CREATE INDEX mark_class_idx ON mark (class);
CREATE INDEX mark_pupil_idx ON mark (pupil);
CREATE TABLE ledger_entry (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	course BIGINT REFERENCES course (id),
	seq BIGINT NOT NULL DEFAULT 0,
	at BIGINT,
	author BIGINT NOT NULL DEFAULT 0,
	impersonator BIGINT NOT NULL DEFAULT 0,
	term TEXT NOT NULL DEFAULT 'hk1',
	lines TEXT,
	reason TEXT,
	hash TEXT
);
CREATE UNIQUE INDEX ledger_entry_u0 ON ledger_entry (org, course, seq) WHERE gone = 0;
CREATE INDEX ledger_entry_org_gone_course_seq_id_idx ON ledger_entry (org, gone, course, seq, id);
CREATE INDEX ledger_entry_gone_course_seq_id_idx ON ledger_entry (gone, course, seq, id);
CREATE INDEX ledger_entry_course_idx ON ledger_entry (course);
CREATE TABLE ledger_seal (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	seq BIGINT NOT NULL DEFAULT 0,
	at BIGINT,
	lines TEXT,
	before TEXT,
	bureau TEXT,
	department TEXT
);
CREATE UNIQUE INDEX ledger_seal_u0 ON ledger_seal (org, seq) WHERE gone = 0;
CREATE INDEX ledger_seal_org_gone_at_id_idx ON ledger_seal (org, gone, at, id);
CREATE INDEX ledger_seal_gone_at_id_idx ON ledger_seal (gone, at, id);
CREATE TABLE conduct (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	term TEXT NOT NULL DEFAULT 'hk1',
	level TEXT NOT NULL DEFAULT 'none',
	summer TEXT NOT NULL DEFAULT 'none',
	qualities TEXT,
	remark TEXT
);
CREATE UNIQUE INDEX conduct_u0 ON conduct (org, class, pupil, term) WHERE gone = 0;
CREATE INDEX conduct_org_gone_class_id_idx ON conduct (org, gone, class, id);
CREATE INDEX conduct_gone_class_id_idx ON conduct (gone, class, id);
CREATE INDEX conduct_class_idx ON conduct (class);
CREATE INDEX conduct_pupil_idx ON conduct (pupil);
CREATE TABLE exemption (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	subject BIGINT REFERENCES subject (id),
	reason TEXT
);
CREATE UNIQUE INDEX exemption_u0 ON exemption (org, class, pupil, subject) WHERE gone = 0;
CREATE INDEX exemption_org_gone_class_id_idx ON exemption (org, gone, class, id);
CREATE INDEX exemption_gone_class_id_idx ON exemption (gone, class, id);
CREATE INDEX exemption_class_idx ON exemption (class);
CREATE INDEX exemption_pupil_idx ON exemption (pupil);
CREATE INDEX exemption_subject_idx ON exemption (subject);
CREATE TABLE mark_lock (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	term TEXT NOT NULL DEFAULT 'hk1',
	part TEXT NOT NULL DEFAULT 'all',
	on_day BIGINT,
	state TEXT NOT NULL DEFAULT 'open',
	note TEXT
);
CREATE UNIQUE INDEX mark_lock_u0 ON mark_lock (org, year, term, part) WHERE gone = 0;
CREATE INDEX mark_lock_org_gone_on_day_id_idx ON mark_lock (org, gone, on_day, id);
CREATE INDEX mark_lock_gone_on_day_id_idx ON mark_lock (gone, on_day, id);
CREATE INDEX mark_lock_year_idx ON mark_lock (year);
CREATE TABLE mark_reopen (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	course BIGINT REFERENCES course (id),
	term TEXT NOT NULL DEFAULT 'hk1',
	reason TEXT,
	until BIGINT,
	state TEXT NOT NULL DEFAULT 'asked'
);
CREATE INDEX mark_reopen_org_gone_course_id_idx ON mark_reopen (org, gone, course, id);
CREATE INDEX mark_reopen_gone_course_id_idx ON mark_reopen (gone, course, id);
CREATE INDEX mark_reopen_course_idx ON mark_reopen (course);
CREATE TABLE year_result (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	year BIGINT REFERENCES school_year (id),
	scheme TEXT,
	hk1 TEXT,
	hk2 TEXT,
	level TEXT,
	conduct TEXT,
	standing TEXT,
	title TEXT,
	averages TEXT,
	why TEXT,
	positions TEXT,
	overall BIGINT,
	absences BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX year_result_u0 ON year_result (org, class, pupil) WHERE gone = 0;
CREATE INDEX year_result_org_gone_class_id_idx ON year_result (org, gone, class, id);
CREATE INDEX year_result_gone_class_id_idx ON year_result (gone, class, id);
CREATE INDEX year_result_class_idx ON year_result (class);
CREATE INDEX year_result_pupil_idx ON year_result (pupil);
CREATE INDEX year_result_year_idx ON year_result (year);
CREATE INDEX year_result_level_idx ON year_result (level);
CREATE INDEX year_result_standing_idx ON year_result (standing);
CREATE INDEX year_result_title_idx ON year_result (title);
