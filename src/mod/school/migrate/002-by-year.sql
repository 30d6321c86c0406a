-- Lists show the year at hand: of a province they walk this in the order of the list.
CREATE INDEX enrolment_gone_year_since_id_idx ON enrolment (gone, year, since, id);
