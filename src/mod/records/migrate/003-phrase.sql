CREATE TABLE phrase (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	teacher BIGINT REFERENCES person (id),
	text TEXT,
	keys TEXT,
	subject BIGINT REFERENCES subject (id),
	_sort BYTEA
);
CREATE INDEX phrase_org_gone_sort_id_idx ON phrase (org, gone, _sort, id);
CREATE INDEX phrase_gone_sort_id_idx ON phrase (gone, _sort, id);
CREATE INDEX phrase_teacher_idx ON phrase (teacher);
CREATE INDEX phrase_subject_idx ON phrase (subject);
