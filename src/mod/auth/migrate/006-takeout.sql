-- Many records of people leave when a second person agrees (takeout.c).
CREATE TABLE takeout (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	account BIGINT REFERENCES account (id),
	person BIGINT REFERENCES person (id),
	what TEXT,
	reason TEXT,
	rows BIGINT NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'asked',
	decider BIGINT REFERENCES account (id),
	decided BIGINT,
	why TEXT,
	code TEXT,
	list TEXT,
	format TEXT,
	ask TEXT,
	place BIGINT NOT NULL DEFAULT 0,
	year BIGINT NOT NULL DEFAULT 0,
	every BIGINT NOT NULL DEFAULT 0,
	_fold TEXT
);
CREATE INDEX takeout_org_gone_made_id_idx ON takeout (org, gone, made, id);
CREATE INDEX takeout_gone_made_id_idx ON takeout (gone, made, id);
CREATE INDEX takeout_account_idx ON takeout (account);
CREATE INDEX takeout_person_idx ON takeout (person);
CREATE INDEX takeout_decider_idx ON takeout (decider);
