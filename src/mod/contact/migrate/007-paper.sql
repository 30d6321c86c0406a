-- A notice may have one attachment, as a message may.
ALTER TABLE announcement ADD COLUMN paper BIGINT;
