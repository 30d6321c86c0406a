-- one row for each transaction that changed who may see what (PostgreSQL; forgotten after some minutes): a node reads from a standby
-- only while both have the same rows here
CREATE TABLE rights_mark (id BIGINT PRIMARY KEY);
