-- Books, marks and what else is about a class stayed with a school that was merged or divided, while the class had gone on.
INSERT INTO class_came (class, org, came) SELECT DISTINCT b.class, b.org, COALESCE(o.until, 0)
FROM course b JOIN school_class k ON k.id = b.class JOIN org o ON o.id = b.org WHERE b.org <> k.org ON CONFLICT DO NOTHING;
UPDATE course SET org = (SELECT k.org FROM school_class k WHERE k.id = course.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = course.class);
UPDATE mark SET org = (SELECT k.org FROM school_class k WHERE k.id = mark.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = mark.class);
UPDATE conduct SET org = (SELECT k.org FROM school_class k WHERE k.id = conduct.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = conduct.class);
UPDATE exemption SET org = (SELECT k.org FROM school_class k WHERE k.id = exemption.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = exemption.class);
UPDATE year_result SET org = (SELECT k.org FROM school_class k WHERE k.id = year_result.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = year_result.class);
UPDATE class_close SET org = (SELECT k.org FROM school_class k WHERE k.id = class_close.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = class_close.class);
UPDATE form_note SET org = (SELECT k.org FROM school_class k WHERE k.id = form_note.class)
WHERE class IN (SELECT class FROM class_came) AND org IN (SELECT w.org FROM class_came w WHERE w.class = form_note.class);
UPDATE mark_reopen SET org = (SELECT b.org FROM course b WHERE b.id = mark_reopen.course)
WHERE course IN (SELECT b.id FROM course b WHERE b.class IN (SELECT class FROM class_came));
UPDATE transcript SET org = (SELECT p.org FROM person p WHERE p.id = transcript.pupil) WHERE org IN (SELECT id FROM org WHERE state IN ('merged', 'split'));
UPDATE transcript_part SET org = (SELECT p.org FROM person p WHERE p.id = transcript_part.pupil) WHERE org IN (SELECT id FROM org WHERE state IN ('merged', 'split'));
UPDATE transcript_issue SET org = (SELECT p.org FROM person p WHERE p.id = transcript_issue.pupil) WHERE org IN (SELECT id FROM org WHERE state IN ('merged', 'split'));
