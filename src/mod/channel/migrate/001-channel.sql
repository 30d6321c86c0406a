-- What goes out of the program, and how each account wants to be told.
CREATE TABLE delivery (
	id BIGINT PRIMARY KEY,
	rev BIGINT NOT NULL DEFAULT 1,
	org BIGINT NOT NULL DEFAULT 0,
	made_by BIGINT NOT NULL DEFAULT 0,
	made BIGINT NOT NULL DEFAULT 0,
	changed BIGINT NOT NULL DEFAULT 0,
	gone BIGINT NOT NULL DEFAULT 0,
	person BIGINT REFERENCES person (id),
	kind TEXT NOT NULL DEFAULT 'work',
	channel TEXT NOT NULL DEFAULT 'email',
	state TEXT NOT NULL DEFAULT 'waiting',
	urgent BIGINT NOT NULL DEFAULT 0,
	due BIGINT,
	ended BIGINT,
	tries BIGINT NOT NULL DEFAULT 0,
	parts BIGINT NOT NULL DEFAULT 0,
	cost BIGINT NOT NULL DEFAULT 0,
	problem TEXT,
	notice BIGINT NOT NULL DEFAULT 0,
	about BIGINT NOT NULL DEFAULT 0,
	account BIGINT NOT NULL DEFAULT 0,
	carrier BIGINT NOT NULL DEFAULT 0,
	address TEXT,
	body TEXT,
	link TEXT,
	ref TEXT
);
CREATE INDEX delivery_org_gone_due_id_idx ON delivery (org, gone, due, id);
CREATE INDEX delivery_gone_due_id_idx ON delivery (gone, due, id);
CREATE INDEX delivery_person_idx ON delivery (person);
CREATE INDEX delivery_state_idx ON delivery (state, channel, due);
CREATE INDEX delivery_about_idx ON delivery (about);
CREATE INDEX delivery_ref_idx ON delivery (ref);

CREATE TABLE channel_choice (
	account BIGINT NOT NULL,
	kind TEXT NOT NULL,
	channels BIGINT NOT NULL,
	PRIMARY KEY (account, kind)
);

-- minutes of the day; -1: as the unit says
CREATE TABLE channel_quiet (
	account BIGINT PRIMARY KEY,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	details BIGINT NOT NULL
);

CREATE TABLE push_browser (
	id BIGINT PRIMARY KEY,
	account BIGINT NOT NULL,
	endpoint TEXT NOT NULL,
	p256dh TEXT NOT NULL,
	auth TEXT NOT NULL,
	agent TEXT,
	made BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_browser_endpoint ON push_browser (endpoint);
CREATE INDEX push_browser_account ON push_browser (account);
