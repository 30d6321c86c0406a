-- timetable.sql -- the timetable of a school, its days, its lesson record.

-- name: class_of
-- open: school and year of a class are public facts of the row that names it
-- fan-out: one class
SELECT id, org, year, name FROM school_class WHERE id = :class AND gone = 0

-- name: year_now
-- open: school years are public
-- fan-out
SELECT id, 0 FROM school_year WHERE since <= :today AND gone = 0 ORDER BY year DESC LIMIT 1

-- name: draft
-- open: the draft a new lesson of this school goes to; the lesson itself is held against the writer
SELECT id, org FROM timetable WHERE org = :school AND state = 'draft' AND gone = 0 ORDER BY since DESC LIMIT 1

-- name: account_of
-- open: whom a notice reaches
-- fan-out: one person
SELECT id, org FROM account WHERE person = :teacher AND state = 'active' AND gone = 0 ORDER BY id LIMIT 1

-- name: lessons_of
-- open: a count, asked by the timetable's own guard
-- fan-out: one timetable
SELECT count(*), 0 FROM lesson WHERE timetable = :timetable AND gone = 0

-- name: clashes
-- open: asked by the timetable's own page and guard, which hold the timetable against the actor
-- fan-out: one timetable
SELECT p.name, a.weekday, a.slot, min(k.name), max(k.name) FROM lesson a JOIN person p ON p.id = a.teacher JOIN school_class k ON k.id = a.class
WHERE a.timetable = :timetable AND a.gone = 0 GROUP BY a.teacher, p.name, a.weekday, a.slot HAVING count(*) > 1
UNION ALL
SELECT f.name, a.weekday, a.slot, min(k.name), max(k.name) FROM lesson a JOIN facility f ON f.id = a.room JOIN school_class k ON k.id = a.class
WHERE a.timetable = :timetable AND a.gone = 0 GROUP BY a.room, f.name, a.weekday, a.slot HAVING count(*) > 1
ORDER BY 1, 2, 3

-- name: busy
-- open: asked by the page of a class, which holds the timetable against the actor
-- fan-out: one timetable
SELECT l.teacher, l.weekday, l.slot, k.name FROM lesson l JOIN school_class k ON k.id = l.class
WHERE l.timetable = :timetable AND l.class <> :class AND l.teacher <> 0 AND l.gone = 0
AND l.teacher IN (SELECT t.teacher FROM teaching t WHERE t.class = :class AND t.gone = 0 UNION ALL
	SELECT o.teacher FROM lesson o WHERE o.timetable = :timetable AND o.class = :class AND o.gone = 0)

-- name: in_force
-- open: whose lessons they are was held against the actor first
SELECT t.id, t.since, y.until FROM timetable t JOIN school_year y ON y.id = t.year
WHERE t.org = :school AND t.state = 'published' AND t.since <= :last AND t.gone = 0 ORDER BY t.since DESC, t.id DESC LIMIT 8

-- name: week_lessons
-- open: the class, teacher or room was held against the actor first
-- fan-out: one timetable
SELECT l.weekday, l.slot, l.class, k.name, l.subject, s.name, l.teacher, p.name, f.name
FROM lesson l JOIN school_class k ON k.id = l.class JOIN subject s ON s.id = l.subject
LEFT JOIN person p ON p.id = l.teacher LEFT JOIN facility f ON f.id = l.room
WHERE l.timetable = :timetable AND l.gone = 0 AND (:class = 0 OR l.class = :class) AND (:teacher = 0 OR l.teacher = :teacher)
AND (:room = 0 OR l.room = :room) ORDER BY l.slot, k._sort

-- name: week_covers
-- open: the class, teacher or room was held against the actor first
SELECT c.held, c.slot, c.class, k.name, c.kind, c.subject, s.name, c.teacher, p.name, c.room, f.name, c.reason
FROM cover c JOIN school_class k ON k.id = c.class LEFT JOIN subject s ON s.id = c.subject
LEFT JOIN person p ON p.id = c.teacher LEFT JOIN facility f ON f.id = c.room
WHERE c.org = :school AND c.held >= :first AND c.held <= :last AND c.gone = 0 AND (:class = 0 OR c.class = :class) ORDER BY c.held, c.slot

-- name: bells
-- open: when lessons begin is known to all who come to school
SELECT slot, begins, ends FROM bell WHERE org = :school AND gone = 0 ORDER BY slot

-- name: class_family
-- fan-out: one class
SELECT count(*), 0 FROM enrolment e WHERE e.class = :class AND e.gone + 0 = 0 AND e.until > :today AND {can:enrolment e}

-- name: family_classes
-- fan-out: pupils of one family
SELECT e.class, k.name, o.short_name FROM enrolment e JOIN school_class k ON k.id = e.class JOIN org o ON o.id = k.org
WHERE (e.pupil = :person OR e.pupil IN (SELECT pupil FROM guardianship WHERE guardian = :person AND barred = 0 AND gone = 0))
AND e.gone = 0 AND e.state = 'studying' AND e.until > :today AND {can:enrolment e} ORDER BY e.since

-- name: teacher_school
-- fan-out: one person
SELECT count(*), max(t.org) FROM teaching t WHERE t.teacher = :teacher AND t.gone = 0 AND t.until > :today AND {can:teaching t}

-- name: own_school
-- open: where the actor teaches
-- fan-out: one person
SELECT count(*), max(t.org) FROM teaching t WHERE t.teacher = :person AND t.gone = 0 AND t.until > :today

-- name: classes
SELECT k.id, k.name, '' FROM school_class k WHERE k.org = :school AND k.gone = 0 AND k.year = :year AND {can:school_class k} ORDER BY k._sort

-- name: teachers
SELECT DISTINCT p.id, p.name, '', p._sort FROM teaching t JOIN person p ON p.id = t.teacher
WHERE t.org = :school AND t.gone = 0 AND t.until > :today AND {can:teaching t} ORDER BY p._sort

-- name: free
SELECT DISTINCT p.id, p.name, CASE WHEN EXISTS (SELECT 1 FROM teaching s WHERE s.teacher = p.id AND s.subject = :subject AND s.gone = 0 AND s.until > :today) THEN 1 ELSE 0 END AS alike, p._sort
FROM teaching t JOIN person p ON p.id = t.teacher
WHERE t.org = :school AND t.gone = 0 AND t.until > :today AND {can:teaching t}
AND NOT EXISTS (SELECT 1 FROM lesson l WHERE l.timetable = (SELECT v.id FROM timetable v WHERE v.org = :school AND v.state = 'published' AND v.since <= :first AND v.gone = 0 ORDER BY v.since DESC, v.id DESC LIMIT 1)
	AND l.weekday = :weekday AND l.slot = :slot AND l.teacher = p.id AND l.gone = 0
	AND NOT EXISTS (SELECT 1 FROM cover o WHERE o.class = l.class AND o.held = :first AND o.slot = :slot AND o.gone = 0))
AND NOT EXISTS (SELECT 1 FROM cover x WHERE x.org = :school AND x.held = :first AND x.slot = :slot AND x.teacher = p.id AND x.kind <> 'cancelled' AND x.gone = 0)
ORDER BY 3 DESC, p._sort

-- name: rooms
SELECT f.id, f.name, '' FROM facility f WHERE f.org = :school AND f.gone = 0 AND {can:facility f}
AND f.id IN (SELECT l.room FROM lesson l WHERE l.org = :school AND l.gone = 0) ORDER BY f.name

-- name: school_rooms
SELECT f.id, f.name, '' FROM facility f WHERE f.org = :school AND f.gone = 0 AND {can:facility f} ORDER BY f.name, f.id

-- name: choices
-- open: who teaches what to the class, asked by the timetable's writer
-- fan-out: one class
SELECT t.subject, s.name, t.teacher, p.name, max(t.lessons) FROM teaching t JOIN subject s ON s.id = t.subject JOIN person p ON p.id = t.teacher
WHERE t.class = :class AND t.gone = 0 AND t.until > :today GROUP BY t.subject, s.name, t.teacher, p.name ORDER BY s.name, p.name

-- name: board_lessons
-- open: the timetable was held against the actor first
-- fan-out: one timetable
SELECT l.weekday, l.slot, l.class, s.name, s.code, p.name FROM lesson l JOIN subject s ON s.id = l.subject LEFT JOIN person p ON p.id = l.teacher
WHERE l.timetable = :timetable AND l.gone = 0

-- name: copy_lessons
-- open: the timetable was held against the actor first
-- fan-out: one timetable
SELECT l.class, l.weekday, l.slot, l.subject, l.teacher, l.room FROM lesson l WHERE l.timetable = :timetable AND l.gone = 0

-- name: clear_lessons
-- open: a draft's lessons make way for an import; the draft was held against the actor first
-- fan-out: one timetable
UPDATE lesson SET gone = 1, rev = rev + 1 WHERE timetable = :timetable AND gone = 0

-- name: all_subjects
-- open: subjects are public
-- fan-out
SELECT id, code, name FROM subject WHERE gone = 0

-- name: school_teaching
SELECT t.class, t.subject, t.teacher, p.name FROM teaching t JOIN person p ON p.id = t.teacher
WHERE t.org = :school AND t.gone = 0 AND t.until > :today AND {can:teaching t}

-- name: feed_by
-- open: whoever has the address, while whose it is could sign in
-- fan-out: one address
SELECT f.person, f.class, f.org, f.digest, CASE
WHEN EXISTS (SELECT 1 FROM seat s WHERE s.person = f.person AND s.org = f.org AND s.role NOT IN ('pupil', 'parent') AND s.gone = 0 AND (s.until IS NULL OR s.until >= :today)) THEN 1
WHEN f.class IS NULL AND EXISTS (SELECT 1 FROM teaching t WHERE t.teacher = f.person AND t.gone = 0 AND t.until > :today) THEN 1
WHEN EXISTS (SELECT 1 FROM enrolment e WHERE e.class = f.class AND e.gone = 0 AND e.until > :today
	AND (e.pupil = f.person OR e.pupil IN (SELECT g.pupil FROM guardianship g WHERE g.guardian = f.person AND g.barred = 0 AND g.gone = 0))) THEN 1
ELSE 0 END FROM calendar_feed f WHERE f.id = :timetable AND f.gone = 0
AND EXISTS (SELECT 1 FROM account a WHERE a.person = f.person AND a.gone = 0 AND a.state = 'active')

-- name: feeds_mine
-- open: the actor's own addresses
-- fan-out: one person
SELECT count(*) FROM calendar_feed WHERE person = :person AND gone = 0

-- name: feed_ends
-- open: a person's own addresses
-- fan-out: one person
UPDATE calendar_feed SET gone = 1, rev = rev + 1 WHERE person = :person AND COALESCE(class, 0) = :class AND gone = 0

-- name: records
SELECT r.id, r.rev, r.held, r.slot, r.subject, s.name, p.name, r.number, r.content, r.absentees, r.remark, r.grade
FROM lesson_record r JOIN subject s ON s.id = r.subject LEFT JOIN person p ON p.id = r.teacher
WHERE r.class = :class AND r.held >= :first AND r.held <= :last AND r.gone = 0 AND {can:lesson_record r} ORDER BY r.held, r.slot

-- name: record_counts
SELECT r.class, count(*) FROM lesson_record r
WHERE r.org = :school AND r.held >= :first AND r.held <= :last AND r.gone = 0 AND {can:lesson_record r} GROUP BY r.class

-- name: lesson_counts
-- open: how many lessons a class has, for who may see its record
-- fan-out: one timetable
SELECT l.class, count(*) FROM lesson l WHERE l.timetable = :timetable AND l.gone = 0 GROUP BY l.class

-- name: records_of
-- open: the actor's own lines
-- fan-out: one person
SELECT r.class, r.held, r.slot FROM lesson_record r WHERE r.teacher = :person AND r.held >= :first AND r.held <= :last AND r.gone = 0

-- name: org_follows_cover
-- open: rows about a class are its school's
UPDATE cover SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_lesson_record
-- open: rows about a class are its school's
UPDATE lesson_record SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_calendar_feed
-- open: an address of a class is its school's, one of a teacher where they teach
UPDATE calendar_feed SET org = :new_org WHERE org = :old_org AND (class IN (SELECT id FROM school_class WHERE org = :new_org)
OR (COALESCE(class, 0) = 0 AND NOT EXISTS (SELECT 1 FROM teaching t WHERE t.teacher = calendar_feed.person AND t.org = :old_org AND t.gone = 0)))

-- name: came_versions
-- open: timetables of a school whose classes went to another, read by the reorganisation
SELECT v.id, v.rev, v.year, v.name, v.since, CASE WHEN v.state = 'draft' THEN 1 ELSE 0 END FROM timetable v
WHERE v.org = :school AND v.gone = 0 AND v.year IN (SELECT k.year FROM school_class k JOIN lesson l ON l.class = k.id WHERE k.org = :class AND l.org = :school AND l.gone = 0)
AND (v.state = 'published' OR EXISTS (SELECT 1 FROM lesson l JOIN school_class k ON k.id = l.class WHERE l.timetable = v.id AND l.gone = 0 AND k.org = :class))
ORDER BY v.since DESC, v.id DESC

-- name: versions_there
-- open: published timetables of the school that classes came to, read by the reorganisation
SELECT id, rev, year, name, since, 0 FROM timetable WHERE org = :school AND state = 'published' AND gone = 0 ORDER BY since DESC, id DESC

-- name: came_lessons
-- open: read by the reorganisation
-- fan-out: one timetable
SELECT l.class, l.weekday, l.slot, l.subject, l.teacher, l.room FROM lesson l JOIN school_class k ON k.id = l.class
WHERE l.timetable = :timetable AND l.gone = 0 AND k.org = :school

-- name: came_clear
-- open: lessons that were written again at the school their classes went to
-- fan-out: one timetable
UPDATE lesson SET gone = 1, rev = rev + 1 WHERE timetable = :timetable AND gone = 0 AND class IN (SELECT id FROM school_class WHERE org = :school)

-- name: forget_feeds
-- open: erasure that the head of the school has decided
-- fan-out
DELETE FROM calendar_feed WHERE person = :subject
