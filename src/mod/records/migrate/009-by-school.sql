CREATE INDEX year_result_by_school_idx ON year_result (year, org, scheme, hk1, hk2, level, class, gone);
CREATE INDEX enrolment_left_idx ON enrolment (year, class, pupil) WHERE gone = 0 AND state NOT IN ('studying', 'promoted', 'repeated', 'finished');
