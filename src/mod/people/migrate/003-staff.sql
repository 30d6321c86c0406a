-- staff by unit: the first pages of units count them, and they are few among all persons
CREATE INDEX person_staff_idx ON person (org, gone, staff) WHERE staff = 1;
