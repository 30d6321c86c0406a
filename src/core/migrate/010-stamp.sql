-- the stamp of the file that rows left in (stamp.h)
ALTER TABLE seen ADD COLUMN stamp BIGINT;
