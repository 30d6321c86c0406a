CREATE TABLE leave_request (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	pupil BIGINT REFERENCES person (id),
	class BIGINT REFERENCES school_class (id),
	asker BIGINT REFERENCES person (id),
	first_day BIGINT,
	last_day BIGINT,
	part TEXT NOT NULL DEFAULT 'day',
	reason TEXT,
	paper BIGINT,
	answer TEXT,
	kept TEXT,
	state TEXT NOT NULL DEFAULT 'asked'
);
CREATE INDEX leave_request_org_gone_first_day_id_idx ON leave_request (org, gone, first_day, id);
CREATE INDEX leave_request_gone_first_day_id_idx ON leave_request (gone, first_day, id);
CREATE INDEX leave_request_pupil_idx ON leave_request (pupil);
CREATE INDEX leave_request_class_idx ON leave_request (class);
CREATE INDEX leave_request_asker_idx ON leave_request (asker);
CREATE INDEX leave_request_first_day_idx ON leave_request (first_day);
CREATE TABLE thread (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	class BIGINT REFERENCES school_class (id),
	pupil BIGINT REFERENCES person (id),
	starter BIGINT REFERENCES person (id),
	about TEXT,
	latest BIGINT,
	messages BIGINT NOT NULL DEFAULT 0,
	_fold TEXT
);
CREATE INDEX thread_org_gone_latest_id_idx ON thread (org, gone, latest, id);
CREATE INDEX thread_gone_latest_id_idx ON thread (gone, latest, id);
CREATE INDEX thread_class_idx ON thread (class);
CREATE INDEX thread_pupil_idx ON thread (pupil);
CREATE INDEX thread_starter_idx ON thread (starter);
CREATE TABLE thread_party (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	thread BIGINT REFERENCES thread (id),
	person BIGINT REFERENCES person (id),
	pupil BIGINT REFERENCES person (id),
	seen BIGINT
);
CREATE UNIQUE INDEX thread_party_u0 ON thread_party (org, thread, person) WHERE gone = 0;
CREATE INDEX thread_party_org_gone_thread_id_idx ON thread_party (org, gone, thread, id);
CREATE INDEX thread_party_gone_thread_id_idx ON thread_party (gone, thread, id);
CREATE INDEX thread_party_thread_idx ON thread_party (thread);
CREATE INDEX thread_party_person_idx ON thread_party (person);
CREATE INDEX thread_party_pupil_idx ON thread_party (pupil);
CREATE TABLE message (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	thread BIGINT REFERENCES thread (id),
	author BIGINT REFERENCES person (id),
	body TEXT,
	_fold TEXT
);
CREATE INDEX message_org_gone_thread_id_idx ON message (org, gone, thread, id);
CREATE INDEX message_gone_thread_id_idx ON message (gone, thread, id);
CREATE INDEX message_thread_idx ON message (thread);
CREATE INDEX message_author_idx ON message (author);
CREATE TABLE announcement (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	title TEXT,
	body TEXT,
	class BIGINT REFERENCES school_class (id),
	author BIGINT REFERENCES person (id),
	recipients BIGINT NOT NULL DEFAULT 0,
	sent BIGINT,
	answer TEXT,
	state TEXT NOT NULL DEFAULT 'draft',
	_fold TEXT
);
CREATE INDEX announcement_org_gone_sent_id_idx ON announcement (org, gone, sent, id);
CREATE INDEX announcement_gone_sent_id_idx ON announcement (gone, sent, id);
CREATE INDEX announcement_class_idx ON announcement (class);
CREATE INDEX announcement_author_idx ON announcement (author);
CREATE TABLE announcement_copy (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	announcement BIGINT REFERENCES announcement (id),
	person BIGINT REFERENCES person (id),
	pupil BIGINT REFERENCES person (id),
	delivered BIGINT,
	seen BIGINT
);
CREATE UNIQUE INDEX announcement_copy_u0 ON announcement_copy (org, announcement, person, pupil) WHERE gone = 0;
CREATE INDEX announcement_copy_org_gone_announcement_id_idx ON announcement_copy (org, gone, announcement, id);
CREATE INDEX announcement_copy_gone_announcement_id_idx ON announcement_copy (gone, announcement, id);
CREATE INDEX announcement_copy_announcement_idx ON announcement_copy (announcement);
CREATE INDEX announcement_copy_person_idx ON announcement_copy (person);
CREATE INDEX announcement_copy_pupil_idx ON announcement_copy (pupil);
