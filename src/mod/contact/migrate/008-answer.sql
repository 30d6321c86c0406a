-- A notice may ask its readers for an answer until a day; one that went out may be taken back.
ALTER TABLE announcement ADD COLUMN answer_by BIGINT;
ALTER TABLE announcement ADD COLUMN recalled TEXT;
ALTER TABLE announcement_copy ADD COLUMN reply TEXT NOT NULL DEFAULT 'none';
ALTER TABLE announcement_copy ADD COLUMN said TEXT;
ALTER TABLE announcement_copy ADD COLUMN replied BIGINT;
