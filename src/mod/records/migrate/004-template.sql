CREATE TABLE mark_template (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	file BIGINT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX mark_template_u0 ON mark_template (org, name) WHERE gone = 0;
CREATE INDEX mark_template_org_gone_sort_id_idx ON mark_template (org, gone, _sort, id);
CREATE INDEX mark_template_gone_sort_id_idx ON mark_template (gone, _sort, id);
