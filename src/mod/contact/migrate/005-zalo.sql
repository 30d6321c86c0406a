-- Notices by Zalo; guardians who come to a conversation of a class later are in it from then on.
ALTER TABLE announcement ADD COLUMN by_zalo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE announcement ADD COLUMN zalo_cost BIGINT NOT NULL DEFAULT 0;
ALTER TABLE thread_party ADD COLUMN since BIGINT;
