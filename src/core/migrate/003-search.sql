-- the places in each row's words where a search may begin, by the organisation that owns the row (0: rows everybody may
-- see); what people say about a row
CREATE TABLE search (
	org BIGINT NOT NULL, key BYTEA NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL,
	PRIMARY KEY (org, key, entity, item));
CREATE TABLE comment (
	id BIGINT PRIMARY KEY, org BIGINT NOT NULL, entity TEXT NOT NULL, item BIGINT NOT NULL,
	made_by BIGINT NOT NULL, author TEXT NOT NULL, made BIGINT NOT NULL, text TEXT NOT NULL);
CREATE INDEX comment_item_idx ON comment (entity, item, id);
