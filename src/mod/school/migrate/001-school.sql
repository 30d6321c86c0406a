CREATE TABLE school_year (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	year BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	_fold TEXT
);
CREATE UNIQUE INDEX school_year_u0 ON school_year (code) WHERE gone = 0;
CREATE INDEX school_year_org_gone_year_id_idx ON school_year (org, gone, year, id);
CREATE INDEX school_year_gone_year_id_idx ON school_year (gone, year, id);
CREATE TABLE term (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	code TEXT,
	name TEXT,
	since BIGINT,
	until BIGINT
);
CREATE UNIQUE INDEX term_u0 ON term (year, code) WHERE gone = 0;
CREATE INDEX term_org_gone_since_id_idx ON term (org, gone, since, id);
CREATE INDEX term_gone_since_id_idx ON term (gone, since, id);
CREATE INDEX term_year_idx ON term (year);
CREATE TABLE subject (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	comment_only BIGINT NOT NULL DEFAULT 0,
	g1 BIGINT NOT NULL DEFAULT 0,
	g2 BIGINT NOT NULL DEFAULT 0,
	g3 BIGINT NOT NULL DEFAULT 0,
	g4 BIGINT NOT NULL DEFAULT 0,
	g5 BIGINT NOT NULL DEFAULT 0,
	g6 BIGINT NOT NULL DEFAULT 0,
	g7 BIGINT NOT NULL DEFAULT 0,
	g8 BIGINT NOT NULL DEFAULT 0,
	g9 BIGINT NOT NULL DEFAULT 0,
	g10 BIGINT NOT NULL DEFAULT 0,
	g11 BIGINT NOT NULL DEFAULT 0,
	g12 BIGINT NOT NULL DEFAULT 0,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX subject_u0 ON subject (code) WHERE gone = 0;
CREATE INDEX subject_org_gone_sort_id_idx ON subject (org, gone, _sort, id);
CREATE INDEX subject_gone_sort_id_idx ON subject (gone, _sort, id);
CREATE TABLE school_class (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	name TEXT,
	grade TEXT NOT NULL DEFAULT 'nt',
	session TEXT NOT NULL DEFAULT 'morning',
	form_teacher BIGINT REFERENCES person (id),
	room BIGINT REFERENCES facility (id),
	most BIGINT NOT NULL DEFAULT 0,
	size BIGINT NOT NULL DEFAULT 0,
	note TEXT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX school_class_u0 ON school_class (org, year, name) WHERE gone = 0;
CREATE INDEX school_class_org_gone_sort_id_idx ON school_class (org, gone, _sort, id);
CREATE INDEX school_class_gone_sort_id_idx ON school_class (gone, _sort, id);
CREATE INDEX school_class_year_idx ON school_class (year);
CREATE INDEX school_class_form_teacher_idx ON school_class (form_teacher);
CREATE INDEX school_class_room_idx ON school_class (room);
CREATE TABLE enrolment (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	class BIGINT REFERENCES school_class (id),
	year BIGINT REFERENCES school_year (id),
	number BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	kind TEXT NOT NULL DEFAULT 'new',
	state TEXT NOT NULL DEFAULT 'studying',
	note TEXT
);
CREATE INDEX enrolment_org_gone_since_id_idx ON enrolment (org, gone, since, id);
CREATE INDEX enrolment_gone_since_id_idx ON enrolment (gone, since, id);
CREATE INDEX enrolment_pupil_idx ON enrolment (pupil);
CREATE INDEX enrolment_class_idx ON enrolment (class);
CREATE INDEX enrolment_year_idx ON enrolment (year);
CREATE TABLE teaching (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	teacher BIGINT REFERENCES person (id),
	subject BIGINT REFERENCES subject (id),
	form BIGINT NOT NULL DEFAULT 0,
	lessons BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT
);
CREATE INDEX teaching_org_gone_since_id_idx ON teaching (org, gone, since, id);
CREATE INDEX teaching_gone_since_id_idx ON teaching (gone, since, id);
CREATE INDEX teaching_class_idx ON teaching (class);
CREATE INDEX teaching_teacher_idx ON teaching (teacher);
CREATE INDEX teaching_subject_idx ON teaching (subject);
CREATE TABLE move (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	to_org BIGINT REFERENCES org (id),
	grade TEXT NOT NULL DEFAULT 'nt',
	reason TEXT NOT NULL DEFAULT 'home',
	from_class BIGINT REFERENCES school_class (id),
	to_class BIGINT REFERENCES school_class (id),
	asked BIGINT,
	wanted BIGINT,
	done BIGINT,
	note TEXT,
	answer TEXT,
	paper BIGINT,
	state TEXT NOT NULL DEFAULT 'asked'
);
CREATE INDEX move_org_gone_asked_id_idx ON move (org, gone, asked, id);
CREATE INDEX move_gone_asked_id_idx ON move (gone, asked, id);
CREATE INDEX move_pupil_idx ON move (pupil);
CREATE INDEX move_to_org_idx ON move (to_org);
CREATE INDEX move_from_class_idx ON move (from_class);
CREATE INDEX move_to_class_idx ON move (to_class);
CREATE INDEX move_asked_idx ON move (asked);
CREATE TABLE roll (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	held BIGINT,
	session TEXT NOT NULL DEFAULT 'morning',
	caller BIGINT REFERENCES person (id),
	present BIGINT NOT NULL DEFAULT 0,
	absent BIGINT NOT NULL DEFAULT 0,
	late BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX roll_u0 ON roll (org, class, held, session) WHERE gone = 0;
CREATE INDEX roll_org_gone_held_id_idx ON roll (org, gone, held, id);
CREATE INDEX roll_gone_held_id_idx ON roll (gone, held, id);
CREATE INDEX roll_class_idx ON roll (class);
CREATE INDEX roll_held_idx ON roll (held);
CREATE INDEX roll_caller_idx ON roll (caller);
CREATE TABLE absence (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	held BIGINT,
	session TEXT NOT NULL DEFAULT 'morning',
	kind TEXT NOT NULL DEFAULT 'excused',
	note TEXT
);
CREATE UNIQUE INDEX absence_u0 ON absence (org, pupil, held, session) WHERE gone = 0;
CREATE INDEX absence_org_gone_held_id_idx ON absence (org, gone, held, id);
CREATE INDEX absence_gone_held_id_idx ON absence (gone, held, id);
CREATE INDEX absence_class_idx ON absence (class);
CREATE INDEX absence_pupil_idx ON absence (pupil);
CREATE INDEX absence_held_idx ON absence (held);

CREATE INDEX enrolment_open_idx ON enrolment (class, until, pupil);
CREATE INDEX teaching_scope_idx ON teaching (teacher, until, class);
