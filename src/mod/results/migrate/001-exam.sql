CREATE TABLE exam (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	year BIGINT NOT NULL DEFAULT 0,
	kind TEXT NOT NULL DEFAULT 'graduation',
	organiser BIGINT REFERENCES org (id),
	by TEXT,
	state TEXT NOT NULL DEFAULT 'draft',
	published BIGINT,
	candidates BIGINT NOT NULL DEFAULT 0,
	root TEXT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX exam_u0 ON exam (code) WHERE gone = 0;
CREATE INDEX exam_org_gone_sort_id_idx ON exam (org, gone, _sort, id);
CREATE INDEX exam_gone_sort_id_idx ON exam (gone, _sort, id);
CREATE INDEX exam_year_idx ON exam (year);
CREATE INDEX exam_organiser_idx ON exam (organiser);
