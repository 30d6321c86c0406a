ALTER TABLE exam ADD COLUMN publisher TEXT;
ALTER TABLE exam ADD COLUMN withdrawn BIGINT;
ALTER TABLE exam ADD COLUMN reason TEXT;
UPDATE exam SET publisher = COALESCE(by, (SELECT o.name FROM org o WHERE o.id = COALESCE(exam.organiser, exam.org)))
WHERE state = 'published';
