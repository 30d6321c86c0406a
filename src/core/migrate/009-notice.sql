-- What a notice is about and how urgent, so that it can also go out by e-mail, to a browser, by SMS (mod/channel).
-- spread: 1 done, 0 waits. Rows of before, and of the program before, wait for nothing.

ALTER TABLE notice ADD COLUMN kind TEXT NOT NULL DEFAULT 'work';
ALTER TABLE notice ADD COLUMN org BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN person BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN urgent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN about BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN sms TEXT;
ALTER TABLE notice ADD COLUMN spread BIGINT NOT NULL DEFAULT 1;
CREATE INDEX notice_spread_idx ON notice (spread, id);
