-- what a parent or guardian does for a living, which the general register asks for
ALTER TABLE person ADD COLUMN occupation TEXT;
