-- Which class goes to which part of a division; a class that is not named goes to the first.
CREATE TABLE split_class (
	change BIGINT NOT NULL,
	class BIGINT NOT NULL,
	part BIGINT NOT NULL,
	PRIMARY KEY (change, class)
);
CREATE INDEX split_class_part_idx ON split_class (part);
