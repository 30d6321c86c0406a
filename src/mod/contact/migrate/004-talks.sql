-- Conversations of a class, attachments, templates, looks with a reason, and the nightly count of reach.
ALTER TABLE thread ADD COLUMN replies TEXT NOT NULL DEFAULT 'all';
ALTER TABLE message ADD COLUMN paper BIGINT;
ALTER TABLE message ADD COLUMN aside BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN reached BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN seen_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN failed BIGINT NOT NULL DEFAULT 0;
CREATE TABLE message_template (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	about TEXT,
	body TEXT,
	author BIGINT REFERENCES person (id),
	_fold TEXT,
	_sort BYTEA
);
CREATE INDEX message_template_org_gone_sort_id_idx ON message_template (org, gone, _sort, id);
CREATE INDEX message_template_gone_sort_id_idx ON message_template (gone, _sort, id);
CREATE INDEX message_template_author_idx ON message_template (author);
CREATE TABLE thread_look (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	thread BIGINT REFERENCES thread (id),
	person BIGINT REFERENCES person (id),
	reason TEXT,
	until BIGINT
);
CREATE INDEX thread_look_org_gone_until_id_idx ON thread_look (org, gone, until, id);
CREATE INDEX thread_look_gone_until_id_idx ON thread_look (gone, until, id);
CREATE INDEX thread_look_thread_idx ON thread_look (thread);
CREATE INDEX thread_look_person_idx ON thread_look (person);
CREATE TABLE reach_day (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	held BIGINT,
	guardians BIGINT NOT NULL DEFAULT 0,
	accounts BIGINT NOT NULL DEFAULT 0,
	readers BIGINT NOT NULL DEFAULT 0,
	actors BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX reach_day_u0 ON reach_day (org, held) WHERE gone = 0;
CREATE INDEX reach_day_org_gone_held_id_idx ON reach_day (org, gone, held, id);
CREATE INDEX reach_day_gone_held_id_idx ON reach_day (gone, held, id);
CREATE INDEX reach_day_held_idx ON reach_day (held);
