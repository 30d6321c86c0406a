-- the end of each chain of the history as the last checkpoint wrote it to DATA/audit
CREATE TABLE audit_mark (org BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
