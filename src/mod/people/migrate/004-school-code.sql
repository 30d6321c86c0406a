-- what a school calls its pupil: one code, once in a school
ALTER TABLE person ADD COLUMN school_code TEXT;
CREATE UNIQUE INDEX person_u2 ON person (org, school_code) WHERE gone = 0;
