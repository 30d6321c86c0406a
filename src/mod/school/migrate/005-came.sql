-- Whose a class of a running year was before a reorganisation, until the day it came: what its school had locked by then stays locked.
CREATE TABLE class_came (
	class BIGINT NOT NULL,
	org BIGINT NOT NULL,
	came BIGINT NOT NULL,
	PRIMARY KEY (class, org)
);
