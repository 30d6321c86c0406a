-- A year that ended at a former school and that both have not signed went along with the pupil, where nobody could sign it.
UPDATE transcript_part SET org = (SELECT k.org FROM school_class k WHERE k.id = transcript_part.class)
WHERE state IN ('draft', 'signed') AND gone = 0 AND org <> (SELECT k.org FROM school_class k WHERE k.id = transcript_part.class)
AND class IN (SELECT e.class FROM enrolment e WHERE e.pupil = transcript_part.pupil AND e.state IN ('promoted', 'repeated', 'finished') AND e.gone = 0);
UPDATE transcript_part SET state = 'draft', form_mark = NULL, form_by = NULL, form_at = NULL
WHERE state = 'signed' AND gone = 0 AND class IN (SELECT e.class FROM enrolment e WHERE e.pupil = transcript_part.pupil AND e.state = 'moved' AND e.gone = 0);
