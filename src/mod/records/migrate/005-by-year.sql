-- As the enrolments: a list of results shows the year at hand.
CREATE INDEX year_result_gone_year_class_id_idx ON year_result (gone, year, class, id);
