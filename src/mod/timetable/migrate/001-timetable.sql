CREATE TABLE bell (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	slot BIGINT NOT NULL DEFAULT 0,
	begins TEXT,
	ends TEXT
);
CREATE UNIQUE INDEX bell_u0 ON bell (org, slot) WHERE gone = 0;
CREATE INDEX bell_org_gone_slot_id_idx ON bell (org, gone, slot, id);
CREATE INDEX bell_gone_slot_id_idx ON bell (gone, slot, id);
CREATE TABLE timetable (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	year BIGINT REFERENCES school_year (id),
	name TEXT,
	since BIGINT,
	state TEXT NOT NULL DEFAULT 'draft',
	note TEXT,
	_fold TEXT
);
CREATE UNIQUE INDEX timetable_u0 ON timetable (org, since, name) WHERE gone = 0;
CREATE INDEX timetable_org_gone_since_id_idx ON timetable (org, gone, since, id);
CREATE INDEX timetable_gone_since_id_idx ON timetable (gone, since, id);
CREATE INDEX timetable_year_idx ON timetable (year);
CREATE INDEX timetable_since_idx ON timetable (since);
CREATE TABLE lesson (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	timetable BIGINT REFERENCES timetable (id),
	class BIGINT REFERENCES school_class (id),
	weekday TEXT NOT NULL DEFAULT 'mon',
	slot BIGINT NOT NULL DEFAULT 0,
	place BIGINT NOT NULL DEFAULT 0,
	subject BIGINT REFERENCES subject (id),
	teacher BIGINT REFERENCES person (id),
	room BIGINT REFERENCES facility (id)
);
CREATE UNIQUE INDEX lesson_u0 ON lesson (org, timetable, class, place) WHERE gone = 0;
CREATE INDEX lesson_org_gone_slot_id_idx ON lesson (org, gone, slot, id);
CREATE INDEX lesson_gone_slot_id_idx ON lesson (gone, slot, id);
CREATE INDEX lesson_timetable_idx ON lesson (timetable);
CREATE INDEX lesson_class_idx ON lesson (class);
CREATE INDEX lesson_subject_idx ON lesson (subject);
CREATE INDEX lesson_teacher_idx ON lesson (teacher);
CREATE INDEX lesson_room_idx ON lesson (room);
CREATE TABLE cover (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	held BIGINT,
	slot BIGINT NOT NULL DEFAULT 0,
	kind TEXT NOT NULL DEFAULT 'taught',
	subject BIGINT REFERENCES subject (id),
	teacher BIGINT REFERENCES person (id),
	room BIGINT REFERENCES facility (id),
	reason TEXT
);
CREATE UNIQUE INDEX cover_u0 ON cover (org, class, held, slot) WHERE gone = 0;
CREATE INDEX cover_org_gone_held_id_idx ON cover (org, gone, held, id);
CREATE INDEX cover_gone_held_id_idx ON cover (gone, held, id);
CREATE INDEX cover_class_idx ON cover (class);
CREATE INDEX cover_held_idx ON cover (held);
CREATE INDEX cover_subject_idx ON cover (subject);
CREATE INDEX cover_teacher_idx ON cover (teacher);
CREATE INDEX cover_room_idx ON cover (room);
CREATE TABLE lesson_record (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	held BIGINT,
	slot BIGINT NOT NULL DEFAULT 0,
	subject BIGINT REFERENCES subject (id),
	teacher BIGINT REFERENCES person (id),
	number BIGINT NOT NULL DEFAULT 0,
	content TEXT,
	absentees TEXT,
	remark TEXT,
	grade TEXT NOT NULL DEFAULT 'none',
	_fold TEXT
);
CREATE UNIQUE INDEX lesson_record_u0 ON lesson_record (org, class, held, slot) WHERE gone = 0;
CREATE INDEX lesson_record_org_gone_held_id_idx ON lesson_record (org, gone, held, id);
CREATE INDEX lesson_record_gone_held_id_idx ON lesson_record (gone, held, id);
CREATE INDEX lesson_record_class_idx ON lesson_record (class);
CREATE INDEX lesson_record_held_idx ON lesson_record (held);
CREATE INDEX lesson_record_subject_idx ON lesson_record (subject);
CREATE INDEX lesson_record_teacher_idx ON lesson_record (teacher);
CREATE TABLE calendar_feed (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	person BIGINT REFERENCES person (id),
	class BIGINT REFERENCES school_class (id),
	digest TEXT
);
CREATE INDEX calendar_feed_org_gone_person_id_idx ON calendar_feed (org, gone, person, id);
CREATE INDEX calendar_feed_gone_person_id_idx ON calendar_feed (gone, person, id);
CREATE INDEX calendar_feed_person_idx ON calendar_feed (person);
CREATE INDEX calendar_feed_class_idx ON calendar_feed (class);
