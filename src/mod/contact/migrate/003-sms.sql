-- Notices by SMS: who, how many parts, what they cost; and why one passes the quiet hours.
ALTER TABLE announcement ADD COLUMN by_sms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN urgent TEXT;
ALTER TABLE announcement ADD COLUMN sms_people BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN sms_parts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN sms_cost BIGINT NOT NULL DEFAULT 0;
