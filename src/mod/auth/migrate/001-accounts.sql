CREATE TABLE account (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	login TEXT,
	name TEXT,
	person BIGINT REFERENCES person (id),
	state TEXT NOT NULL DEFAULT 'active',
	note TEXT,
	_fold TEXT,
	_sort BYTEA
);
CREATE UNIQUE INDEX account_u0 ON account (login) WHERE gone = 0;
CREATE INDEX account_org_gone_sort_id_idx ON account (org, gone, _sort, id);
CREATE INDEX account_gone_sort_id_idx ON account (gone, _sort, id);
CREATE INDEX account_person_idx ON account (person);
CREATE TABLE seat (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	account BIGINT REFERENCES account (id),
	person BIGINT REFERENCES person (id),
	role TEXT NOT NULL DEFAULT 'pupil',
	since BIGINT,
	until BIGINT,
	note TEXT
);
CREATE INDEX seat_org_gone_since_id_idx ON seat (org, gone, since, id);
CREATE INDEX seat_gone_since_id_idx ON seat (gone, since, id);
CREATE INDEX seat_account_idx ON seat (account);
CREATE INDEX seat_person_idx ON seat (person);
CREATE INDEX seat_until_idx ON seat (until);
CREATE TABLE delegation (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	seat BIGINT REFERENCES seat (id),
	lender BIGINT REFERENCES account (id),
	borrower BIGINT REFERENCES account (id),
	person BIGINT REFERENCES person (id),
	since BIGINT,
	until BIGINT,
	reason TEXT
);
CREATE INDEX delegation_org_gone_since_id_idx ON delegation (org, gone, since, id);
CREATE INDEX delegation_gone_since_id_idx ON delegation (gone, since, id);
CREATE INDEX delegation_seat_idx ON delegation (seat);
CREATE INDEX delegation_lender_idx ON delegation (lender);
CREATE INDEX delegation_borrower_idx ON delegation (borrower);
CREATE INDEX delegation_person_idx ON delegation (person);
CREATE INDEX delegation_until_idx ON delegation (until);
CREATE TABLE api_token (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	account BIGINT REFERENCES account (id),
	label TEXT,
	prefix TEXT,
	digest TEXT,
	until BIGINT,
	_fold TEXT,
	_sort BYTEA
);
CREATE INDEX api_token_org_gone_sort_id_idx ON api_token (org, gone, _sort, id);
CREATE INDEX api_token_gone_sort_id_idx ON api_token (gone, _sort, id);
CREATE INDEX api_token_account_idx ON api_token (account);
CREATE INDEX api_token_until_idx ON api_token (until);
