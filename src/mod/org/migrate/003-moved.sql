-- How many rows a merger or a division took along, as its preview counted them on its day. part 0: of all.
CREATE TABLE org_moved (
	change BIGINT NOT NULL,
	i BIGINT NOT NULL,
	part BIGINT NOT NULL,
	entity TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (change, i)
);
