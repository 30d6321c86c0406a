-- who dropped out, moved, was suspended: few among all enrolments of a province
CREATE INDEX enrolment_gone_state_since_id_idx ON enrolment (gone, state, since, id);
