-- a person is anchored to its own id; born and name look for likenesses together; staff's subjects and communes not known are in no index
DROP INDEX person_self_idx;
ALTER TABLE person DROP COLUMN self;
DROP INDEX person_born_idx;
DROP INDEX person_look_alike_idx;
CREATE INDEX person_born_name_idx ON person (born, name);
DROP INDEX person_commune_idx;
CREATE INDEX person_commune_idx ON person (commune) WHERE commune IS NOT NULL;
DROP INDEX person_subject_idx;
CREATE INDEX person_subject_idx ON person (subject) WHERE subject IS NOT NULL;
