CREATE TABLE org (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	short_name TEXT,
	slug TEXT,
	code TEXT,
	kind TEXT NOT NULL DEFAULT 'ministry',
	ownership TEXT NOT NULL DEFAULT 'public',
	speciality TEXT NOT NULL DEFAULT 'none',
	preschool BIGINT NOT NULL DEFAULT 0,
	primary_ BIGINT NOT NULL DEFAULT 0,
	lower BIGINT NOT NULL DEFAULT 0,
	upper BIGINT NOT NULL DEFAULT 0,
	continuing BIGINT NOT NULL DEFAULT 0,
	parent BIGINT REFERENCES org (id),
	commune BIGINT,
	address TEXT,
	old_address TEXT,
	phone TEXT,
	email TEXT,
	website TEXT,
	head TEXT,
	x BIGINT NOT NULL DEFAULT 0,
	y BIGINT NOT NULL DEFAULT 0,
	since BIGINT,
	until BIGINT,
	boarding BIGINT NOT NULL DEFAULT 0,
	semi_boarding BIGINT NOT NULL DEFAULT 0,
	two_sessions BIGINT NOT NULL DEFAULT 0,
	difficult_area BIGINT NOT NULL DEFAULT 0,
	national_standard BIGINT NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'active',
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX org_u0 ON org (slug) WHERE gone = 0;
CREATE UNIQUE INDEX org_u1 ON org (code) WHERE gone = 0;
CREATE INDEX org_org_gone_sort_id_idx ON org (org, gone, _sort, id);
CREATE INDEX org_gone_sort_id_idx ON org (gone, _sort, id);
CREATE INDEX org_parent_idx ON org (parent);
CREATE INDEX org_commune_idx ON org (commune);
CREATE TABLE org_link (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	child BIGINT REFERENCES org (id),
	parent BIGINT REFERENCES org (id),
	since BIGINT,
	until BIGINT,
	decision TEXT
);
CREATE UNIQUE INDEX org_link_u0 ON org_link (org, child, since) WHERE gone = 0;
CREATE INDEX org_link_org_gone_since_id_idx ON org_link (org, gone, since, id);
CREATE INDEX org_link_gone_since_id_idx ON org_link (gone, since, id);
CREATE INDEX org_link_child_idx ON org_link (child);
CREATE INDEX org_link_parent_idx ON org_link (parent);
CREATE TABLE org_change (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	kind TEXT NOT NULL DEFAULT 'merge',
	subject BIGINT REFERENCES org (id),
	target BIGINT REFERENCES org (id),
	new_name TEXT,
	decision TEXT,
	decided BIGINT,
	effective BIGINT,
	note TEXT,
	applied BIGINT,
	state TEXT NOT NULL DEFAULT 'draft',
	_fold TEXT
);
CREATE INDEX org_change_org_gone_effective_id_idx ON org_change (org, gone, effective, id);
CREATE INDEX org_change_gone_effective_id_idx ON org_change (gone, effective, id);
CREATE INDEX org_change_subject_idx ON org_change (subject);
CREATE INDEX org_change_target_idx ON org_change (target);
CREATE INDEX org_change_effective_idx ON org_change (effective);
CREATE TABLE org_change_part (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	change BIGINT REFERENCES org_change (id),
	part BIGINT REFERENCES org (id),
	new_name TEXT,
	_sort BYTEA
);
CREATE INDEX org_change_part_org_gone_sort_id_idx ON org_change_part (org, gone, _sort, id);
CREATE INDEX org_change_part_gone_sort_id_idx ON org_change_part (gone, _sort, id);
CREATE INDEX org_change_part_change_idx ON org_change_part (change);
CREATE INDEX org_change_part_part_idx ON org_change_part (part);
CREATE TABLE admin_unit (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	code TEXT,
	name TEXT,
	full_name TEXT,
	level TEXT NOT NULL DEFAULT 'province',
	parent_code TEXT,
	province_code TEXT,
	since BIGINT,
	until BIGINT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX admin_unit_u0 ON admin_unit (level, code, since) WHERE gone = 0;
CREATE INDEX admin_unit_org_gone_sort_id_idx ON admin_unit (org, gone, _sort, id);
CREATE INDEX admin_unit_gone_sort_id_idx ON admin_unit (gone, _sort, id);
CREATE INDEX admin_unit_code_idx ON admin_unit (code);
CREATE INDEX admin_unit_parent_code_idx ON admin_unit (parent_code);
CREATE INDEX admin_unit_province_code_idx ON admin_unit (province_code);
CREATE INDEX admin_unit_until_idx ON admin_unit (until);
CREATE TABLE admin_map (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	new_code TEXT,
	old_code TEXT,
	old_name TEXT,
	whole BIGINT NOT NULL DEFAULT 0,
	_sort BYTEA
);
CREATE UNIQUE INDEX admin_map_u0 ON admin_map (new_code, old_code) WHERE gone = 0;
CREATE INDEX admin_map_org_gone_sort_id_idx ON admin_map (org, gone, _sort, id);
CREATE INDEX admin_map_gone_sort_id_idx ON admin_map (gone, _sort, id);
CREATE INDEX admin_map_new_code_idx ON admin_map (new_code);
CREATE INDEX admin_map_old_code_idx ON admin_map (old_code);
CREATE TABLE facility (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	name TEXT,
	building TEXT,
	kind TEXT NOT NULL DEFAULT 'class',
	area_dm2 BIGINT NOT NULL DEFAULT 0,
	seats BIGINT NOT NULL DEFAULT 0,
	computers BIGINT NOT NULL DEFAULT 0,
	networked BIGINT NOT NULL DEFAULT 0,
	link TEXT NOT NULL DEFAULT 'none',
	speed_mbps BIGINT NOT NULL DEFAULT 0,
	dual_use BIGINT NOT NULL DEFAULT 0,
	condition TEXT NOT NULL DEFAULT 'solid',
	since BIGINT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX facility_u0 ON facility (org, building, name) WHERE gone = 0;
CREATE INDEX facility_org_gone_sort_id_idx ON facility (org, gone, _sort, id);
CREATE INDEX facility_gone_sort_id_idx ON facility (gone, _sort, id);
CREATE INDEX facility_building_idx ON facility (building);
CREATE TABLE unit_border (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	unit BIGINT REFERENCES admin_unit (id),
	ring TEXT
);
CREATE UNIQUE INDEX unit_border_u0 ON unit_border (unit) WHERE gone = 0;
CREATE INDEX unit_border_org_gone_unit_id_idx ON unit_border (org, gone, unit, id);
CREATE INDEX unit_border_gone_unit_id_idx ON unit_border (gone, unit, id);
CREATE INDEX unit_border_unit_idx ON unit_border (unit);

-- The closure of org_link, kept by tree.c: below stands under top (or is it) from since to before until, depth steps down.
CREATE TABLE org_below (
	top BIGINT NOT NULL,
	below BIGINT NOT NULL,
	depth BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (top, below, since)
);
CREATE INDEX org_below_below_idx ON org_below (below, top);
