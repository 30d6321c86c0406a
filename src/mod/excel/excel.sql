-- excel.sql -- what workbooks are held against.

-- name: pupils
SELECT e.pupil, k.name, k.grade, k.id FROM enrolment e JOIN school_class k ON k.id = e.class JOIN person p ON p.id = e.pupil
WHERE e.org = :school AND e.year = :year AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') AND p.gone = 0
AND {can:enrolment e} ORDER BY k._sort, k.id, p._sort

-- name: classes
SELECT k.id, k.name FROM school_class k WHERE k.org = :school AND k.year = :year AND k.gone = 0 AND {can:school_class k} ORDER BY k._sort

-- name: subjects
-- open: subjects are public
-- fan-out
SELECT id, name, code FROM subject WHERE gone = 0

-- name: teaching
SELECT t.id, t.rev, t.class, t.subject, t.teacher, t.lessons, k.name, s.name, p.name
FROM teaching t JOIN school_class k ON k.id = t.class JOIN subject s ON s.id = t.subject JOIN person p ON p.id = t.teacher
WHERE t.org = :school AND k.year = :year AND k.gone = 0 AND t.gone = 0 AND t.until > :today AND {can:teaching t}
ORDER BY p._sort, p.id, s.name, k._sort

-- name: marks
SELECT m.pupil, s.code, m.average, m.comment FROM mark m JOIN course k ON k.id = m.course JOIN subject s ON s.id = k.subject
JOIN school_class g ON g.id = m.class
WHERE m.org = :school AND g.year = :year AND g.grade IN ('1', '2', '3', '4', '5') AND m.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END
AND m.gone = 0 AND (m.average IS NOT NULL OR m.comment IS NOT NULL) AND {can:mark m} ORDER BY m.pupil, m.changed DESC

-- name: qualities
SELECT x.pupil, x.qualities FROM conduct x JOIN school_class g ON g.id = x.class
WHERE x.org = :school AND g.year = :year AND g.grade IN ('1', '2', '3', '4', '5') AND x.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END
AND x.gone = 0 AND x.qualities IS NOT NULL AND {can:conduct x} ORDER BY x.pupil, x.changed DESC

-- name: results
SELECT r.pupil, r.level, r.standing FROM year_result r JOIN school_class g ON g.id = r.class
WHERE r.org = :school AND g.year = :year AND g.grade IN ('1', '2', '3', '4', '5') AND r.gone = 0 AND {can:year_result r} ORDER BY r.pupil, r.changed DESC

-- name: classes_joined
-- Classes of primary school that somebody came into within the year.
SELECT DISTINCT e.class FROM enrolment e JOIN school_class k ON k.id = e.class
WHERE e.org = :school AND e.year = :year AND e.kind IN ('class_change', 'moved_in') AND e.gone = 0 AND k.grade IN ('1', '2', '3', '4', '5')
AND {can:enrolment e}

-- name: keep_file
-- open: the file the actor has just sent, which he opened by his own right
-- fan-out
UPDATE file SET until = :until WHERE id = :file
