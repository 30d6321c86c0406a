-- records.sql -- books of marks, their ledgers, results.
-- SQLite keeps no statistics and takes "gone = 0" for rare: it would read a whole province by an index that begins with it. Where a question
-- begins with one teacher, class or pupil, CROSS JOIN says in which order it is answered, and "gone + 0" that this is not where to begin.

-- part: head
SELECT k.id, k.org, k.class, k.subject, k.lessons, k.entries, k.head, s.code, s.name, s.comment_only, g.grade, y.year, g.name
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_year y ON y.id = g.year
WHERE k.class = :class AND k.subject = :subject AND k.gone = 0

-- name: course_head
{part:head} AND {can:course k}

-- name: course_held
-- The book that is about to be written, by whoever may: nobody else writes it before this transaction ends.
{part:head} AND {can:course k update} {hold:k}

-- name: locks
-- open: what is locked is known to whoever may see the book, which is asked with it
SELECT l.part, 0, l.on_day, CASE WHEN l.state = 'locked' OR l.on_day <= :today THEN 1 ELSE 0 END FROM mark_lock l JOIN school_class g ON g.year = l.year
WHERE g.id = :class AND l.org = (SELECT k.org FROM course k WHERE k.class = :class AND k.subject = :subject AND k.gone = 0) AND l.term = :term AND l.gone = 0
UNION ALL
SELECT l.part, 0, CAST(NULL AS BIGINT), 1 FROM class_came w CROSS JOIN school_class g CROSS JOIN mark_lock l
WHERE w.class = :class AND g.id = w.class AND l.org = w.org AND l.year = g.year AND l.term = :term AND l.gone = 0 AND ((l.state = 'locked' AND l.locked_on <= w.came) OR l.on_day <= w.came)
UNION ALL
SELECT 'all', 0, CAST(NULL AS BIGINT), 1 FROM class_close x WHERE x.class = :class AND x.term = :term AND x.state = 'closed' AND x.gone = 0
UNION ALL
SELECT r.part, r.id, r.until, CASE WHEN r.state = 'approved' THEN 1 ELSE 0 END FROM mark_reopen r
WHERE r.course = (SELECT k.id FROM course k WHERE k.class = :class AND k.subject = :subject AND k.gone = 0) AND r.term = :term AND r.gone = 0 AND (r.state = 'asked' OR (r.state = 'approved' AND r.until >= :today
	AND NOT EXISTS (SELECT 1 FROM class_close x WHERE x.class = :class AND x.term = :term AND x.gone = 0 AND (x.state = 'closed' OR x.changed > r.changed))))

-- name: closed
-- open: whether a term is closed, for whoever writes into it
-- fan-out: a class is in one organisation
SELECT count(*) FROM class_close WHERE class = :class AND term = :term AND state = 'closed' AND gone = 0

-- name: closed_terms
-- open: whether any result of the class stands, for whoever writes what all of them come from
-- fan-out: a class is in one organisation
SELECT count(*) FROM class_close WHERE class = :class AND state = 'closed' AND gone = 0

-- name: term_ends
-- open: terms are public
-- fan-out
SELECT code, until FROM term WHERE year = :year AND gone = 0

-- name: exempt_before
-- open: whether an earlier class of the year granted it, for whoever may write exemptions of the class of now
-- fan-out: a pupil may have come from another class or school within the year
SELECT count(*) FROM enrolment e CROSS JOIN enrolment w CROSS JOIN exemption o WHERE e.pupil = :pupil AND e.class + 0 = :class AND e.gone + 0 = 0 AND w.pupil = e.pupil AND w.year + 0 = e.year
AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = :subject AND o.gone + 0 = 0 AND o.covers <> 'none'

-- name: retests
-- open: the book was held against the actor first
-- fan-out: a class is in one organisation
SELECT pupil, retests FROM year_result WHERE class = :class AND retests IS NOT NULL AND gone = 0

-- name: book_marks
-- open: the book is held against the actor with it
SELECT m.id, m.pupil, m.cells, m.average, m.comment, m.remark FROM course k CROSS JOIN mark m
WHERE k.class = :class AND k.subject = :subject AND k.gone = 0 AND m.org = k.org AND m.course = k.id AND m.term = :term AND m.gone = 0

-- part: exempted
-- Who is exempt, found once: looked up again for every pupil it costs as much as the pupils do.
WITH x AS MATERIALIZED (SELECT id, pupil, covers FROM exemption WHERE class = :class AND subject = :subject AND gone = 0)

-- part: exempt
CASE WHEN x.covers IN ('both', :term) OR (x.id IS NULL AND e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = :subject AND o.gone + 0 = 0 AND o.covers IN ('both', :term))) THEN 1 ELSE 0 END,
	CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END

-- part: of_class
LEFT JOIN x ON x.pupil = e.pupil
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')

-- name: book_pupils
-- open: the book is held against the actor with it
-- fan-out: a class is in one organisation
{part:exempted}
SELECT e.pupil, {part:exempt}, p.name
FROM enrolment e JOIN person p ON p.id = e.pupil {part:of_class} ORDER BY p._sort

-- name: book_seats
-- open: the book is held against the actor with it
-- fan-out: a class is in one organisation
-- Whose cells these are, for a save: nobody's name is shown.
{part:exempted}
SELECT e.pupil, {part:exempt}
FROM enrolment e {part:of_class}

-- name: roster
-- open: the book was held against the actor first; codes and birthdays are shown in a workbook of the book, to who teaches it or the office
-- fan-out: a class is in one organisation
SELECT e.pupil, p.sector_id, p.school_code, p.name, p.born FROM enrolment e JOIN person p ON p.id = e.pupil
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY p._sort

-- name: in_second_term
-- open: the calendar of the province
-- fan-out: reference data
SELECT count(*) FROM term t WHERE t.code = 'hk2' AND t.since <= :today AND :today <= t.until AND t.gone = 0

-- name: my_books
SELECT k.id, k.class, k.subject, k.org, k.lessons, s.code, s.name, s.comment_only, g.grade, g.name, y.id, y.year,
(SELECT count(*) FROM enrolment e WHERE e.class = k.class AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')),
(SELECT count(*) FROM enrolment e WHERE e.class = k.class AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
	AND (EXISTS (SELECT 1 FROM exemption x WHERE x.class = k.class AND x.subject + 0 = k.subject AND x.pupil + 0 = e.pupil AND x.gone + 0 = 0 AND x.covers IN ('both', :term))
	OR (e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = k.subject AND o.gone + 0 = 0 AND o.covers IN ('both', :term))
	AND NOT EXISTS (SELECT 1 FROM exemption n WHERE n.class = k.class AND n.subject + 0 = k.subject AND n.pupil + 0 = e.pupil AND n.gone + 0 = 0)))),
(SELECT count(*) FROM enrolment e WHERE e.class = k.class AND e.gone = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished'))
FROM (SELECT DISTINCT k.id FROM teaching t CROSS JOIN course k WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone + 0 = 0 AND k.class = t.class AND t.subject = k.subject AND k.gone = 0) own
CROSS JOIN course k CROSS JOIN subject s CROSS JOIN school_class g CROSS JOIN school_year y
WHERE k.id = own.id AND s.id = k.subject AND g.id = k.class AND y.id = g.year AND g.gone = 0 AND y.since <= :today AND :today <= y.until AND {can:course k} ORDER BY g.grade, g.name, s.name

-- name: school_books
SELECT k.id, k.class, k.subject, g.name, s.name, s.code
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_class p ON p.id = :class
WHERE k.org = :school AND g.year = p.year AND k.gone = 0 AND g.gone = 0 AND {can:course k} ORDER BY g.grade, g.name, s.name

-- name: my_cells
SELECT m.course, m.cells FROM (SELECT DISTINCT k.id, k.org, k.subject FROM teaching t CROSS JOIN course k CROSS JOIN school_class g CROSS JOIN school_year y
WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone + 0 = 0 AND k.class = t.class AND t.subject = k.subject AND k.gone = 0 AND g.id = k.class AND y.id = g.year AND y.since <= :today AND :today <= y.until) own
CROSS JOIN mark m WHERE m.org = own.org AND m.course = own.id AND m.term = :term AND m.gone = 0 AND {can:mark m}
AND EXISTS (SELECT 1 FROM enrolment e WHERE e.pupil = m.pupil AND e.class + 0 = m.class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
	AND NOT (e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = own.subject AND o.gone + 0 = 0 AND o.covers IN ('both', :term))
	AND NOT EXISTS (SELECT 1 FROM exemption n WHERE n.class = m.class AND n.subject + 0 = own.subject AND n.pupil + 0 = m.pupil AND n.gone + 0 = 0)))
AND NOT EXISTS (SELECT 1 FROM exemption x WHERE x.class = m.class AND x.subject + 0 = own.subject AND x.pupil + 0 = m.pupil AND x.gone + 0 = 0 AND x.covers IN ('both', :term))

-- name: my_locks
-- open: what is locked is known to whoever teaches at the school
SELECT l.org, 0, l.year, l.part, l.on_day, CASE WHEN l.state = 'locked' OR l.on_day <= :today THEN 1 ELSE 0 END FROM mark_lock l
WHERE l.term = :term AND l.gone = 0 AND l.org IN (SELECT k.org FROM teaching t CROSS JOIN course k WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone + 0 = 0 AND k.class = t.class AND t.subject = k.subject AND k.gone = 0)
UNION ALL
SELECT DISTINCT l.org, w.class, l.year, l.part, CAST(NULL AS BIGINT), 1 FROM teaching t CROSS JOIN class_came w CROSS JOIN school_class g CROSS JOIN mark_lock l
WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone + 0 = 0 AND w.class = t.class AND g.id = w.class
AND l.org = w.org AND l.year = g.year AND l.term = :term AND l.gone = 0 AND ((l.state = 'locked' AND l.locked_on <= w.came) OR l.on_day <= w.came)

-- name: requests
SELECT r.id, r.rev, k.class, k.subject, g.name, s.name, r.term, r.part, r.reason, r.state, r.until, r.made_by, r.made, r.answer
FROM mark_reopen r JOIN course k ON k.id = r.course JOIN school_class g ON g.id = k.class JOIN subject s ON s.id = k.subject
WHERE r.gone = 0 AND r.org = k.org AND {can:mark_reopen r} ORDER BY CASE WHEN r.state = 'asked' THEN 0 ELSE 1 END, r.made DESC LIMIT 20

-- name: reopens_asked
SELECT count(*) FROM mark_reopen r WHERE r.org = :school AND r.state = 'asked' AND r.gone = 0 AND {can:mark_reopen r}

-- name: phrases
SELECT f.id, f.text, f.keys FROM phrase f WHERE f.gone = 0 AND f.teacher = :person AND (f.subject IS NULL OR f.subject = :subject) AND f.org > 0 AND {can:phrase f} ORDER BY f.id LIMIT 200

-- name: head_moves
-- open: the ledger goes on from where it was read, or not at all
-- fan-out: one book
UPDATE course SET entries = :next, head = :hash WHERE id = :course AND entries = :entries

-- name: entries
-- open: the pupil's marks or the book were held against the actor first
-- fan-out: one book
SELECT seq, at, author, impersonator, term, lines, reason, hash FROM ledger_entry WHERE course = :course AND seq > :after ORDER BY seq

-- name: imports
-- open: the actor's own entries in the books the actor teaches
-- fan-out: one teacher's books
SELECT DISTINCT k.id, k.class, k.subject, e.seq, e.at, e.term, e.reason FROM teaching t CROSS JOIN course k CROSS JOIN ledger_entry e
WHERE t.teacher = :person AND t.since <= :today AND :today < t.until AND t.gone + 0 = 0 AND k.class = t.class AND k.subject = t.subject AND k.gone = 0
AND e.course = k.id AND e.gone + 0 = 0 AND e.author = :author AND e.at >= :since AND substr(e.reason, 1, 7) = 'Excel: ' ORDER BY e.at DESC, k.id LIMIT 200

-- name: books_missing
-- open: books are opened by the school's office, which the route asks
SELECT DISTINCT t.class, t.subject, g.org, g.grade, s.code
FROM school_class g CROSS JOIN teaching t CROSS JOIN subject s
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND t.class = g.id AND s.id = t.subject AND t.gone + 0 = 0
AND NOT EXISTS (SELECT 1 FROM course k WHERE k.class = t.class AND k.subject + 0 = t.subject AND k.gone = 0)

-- name: class_books
-- open: results are computed from every mark of a class, whoever asks for it
SELECT k.id, k.org, s.code, s.comment_only, k.entries, k.subject, s.name, k.lessons FROM course k JOIN subject s ON s.id = k.subject WHERE k.class = :class AND k.gone = 0 ORDER BY k.id

-- name: class_marks
-- open: results are computed from every mark of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT m.pupil, m.course, m.term, m.average, m.comment FROM mark m WHERE m.class = :class AND m.gone = 0

-- name: class_people
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT e.pupil, a.level, b.level, y.level, y.summer, b.qualities, r.id, r.rev, r.scheme, r.hk1, r.hk2, r.level, r.conduct, r.standing, r.title, r.averages, r.why, r.positions, r.retests, r.overall, r.absences, CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END, a.qualities, coalesce(y.verdict, 'none')
FROM enrolment e
LEFT JOIN conduct a ON a.org = e.org AND a.class = e.class AND a.pupil = e.pupil AND a.term = 'hk1' AND a.gone = 0
LEFT JOIN conduct b ON b.org = e.org AND b.class = e.class AND b.pupil = e.pupil AND b.term = 'hk2' AND b.gone = 0
LEFT JOIN conduct y ON y.org = e.org AND y.class = e.class AND y.pupil = e.pupil AND y.term = 'year' AND y.gone = 0
LEFT JOIN year_result r ON r.org = e.org AND r.class = e.class AND r.pupil = e.pupil AND r.gone = 0
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY e.pupil

-- part: brought
SELECT e.class, e.pupil, k.subject, m.term, m.cells, m.remark, g.name, CASE WHEN w.org = e.org THEN NULL ELSE o.name END, n.cells

-- part: of_now
, b.id, COALESCE(b.lessons, k.lessons), h.grade, y.year, s.code, s.name, s.comment_only

-- part: now
LEFT JOIN course b ON b.org = e.org AND b.class = e.class AND b.subject = k.subject AND b.gone = 0
LEFT JOIN mark n ON n.org = b.org AND n.course = b.id AND n.pupil = e.pupil AND n.term = m.term AND n.gone = 0

-- part: came
e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')

-- part: moved
{part:came} AND g.id = w.class AND o.id = w.org

-- part: every_mark
m.pupil = e.pupil AND m.class + 0 = w.class AND m.gone + 0 = 0 AND k.id = m.course AND s.id = k.subject

-- name: carried_of_term
-- open: the class was held against the actor first; the receiving class reads what the pupil brought
-- fan-out: a pupil may have come from another class or school within the year
-- One page of a book. Whose former books are found first: joined with their marks at once, PostgreSQL reads every mark of these pupils.
WITH b AS MATERIALIZED (SELECT e.class, e.pupil, k.subject, k.org, k.id AS course, w.class AS former, w.org AS there, e.org AS here, w.since, w.id
	FROM enrolment e CROSS JOIN enrolment w CROSS JOIN course k
	WHERE e.class = :class AND {part:came} AND k.org = w.org AND k.class = w.class AND k.subject + 0 = :subject)
SELECT b.class, b.pupil, b.subject, m.term, m.cells, m.remark, (SELECT g.name FROM school_class g WHERE g.id = b.former), CASE WHEN b.there = b.here THEN NULL ELSE (SELECT o.name FROM org o WHERE o.id = b.there) END
FROM b CROSS JOIN mark m WHERE m.org = b.org AND m.course = b.course AND m.pupil = b.pupil AND m.term = :term AND m.gone = 0 ORDER BY b.pupil, b.since, b.id

-- name: carried_of_book
-- open: the class was held against the actor first; the receiving class reads what the pupil brought
-- fan-out: a pupil may have come from another class or school within the year
{part:brought}
FROM enrolment e CROSS JOIN enrolment w CROSS JOIN school_class g CROSS JOIN org o CROSS JOIN course k CROSS JOIN mark m
LEFT JOIN mark n ON n.org = e.org AND n.course = :course AND n.pupil = e.pupil AND n.term = m.term AND n.gone = 0
WHERE e.class = :class AND {part:moved} AND k.org = w.org AND k.class = w.class AND k.subject = :subject
AND m.org = k.org AND m.course = k.id AND m.pupil = e.pupil AND m.gone + 0 = 0 ORDER BY e.pupil, w.since, w.id

-- name: carried
-- open: the class was held against the actor first; the receiving class reads what the pupil brought
-- fan-out: a pupil may have come from another class or school within the year
{part:brought} {part:of_now}
FROM enrolment e CROSS JOIN school_class h CROSS JOIN school_year y CROSS JOIN enrolment w CROSS JOIN school_class g CROSS JOIN org o CROSS JOIN mark m CROSS JOIN course k CROSS JOIN subject s
{part:now}
WHERE e.class = :class AND h.id = e.class AND y.id = h.year AND {part:moved} AND {part:every_mark} ORDER BY e.pupil, w.since, w.id

-- name: carried_of_school
-- open: the gaps of a school, whose books were held against the actor first
-- fan-out: a pupil may have come from another class or school within the year
{part:brought} {part:of_now}
FROM school_class h CROSS JOIN school_year y CROSS JOIN enrolment e CROSS JOIN enrolment w CROSS JOIN school_class g CROSS JOIN org o CROSS JOIN mark m CROSS JOIN course k CROSS JOIN subject s
{part:now}
WHERE h.org = :school AND y.id = h.year AND h.year + 0 = :year AND h.gone = 0 AND e.class = h.id AND {part:moved} AND {part:every_mark}
AND (:subject = 0 OR k.subject + 0 = :subject) ORDER BY e.pupil, w.since, w.id

-- name: carried_books
-- open: the class was held against the actor first; the receiving class reads what the pupil brought
-- fan-out: a pupil may have come from another class or school within the year
SELECT k.id, g.name, CASE WHEN w.org = e.org THEN NULL ELSE o.name END
FROM enrolment e CROSS JOIN enrolment w CROSS JOIN school_class g CROSS JOIN org o CROSS JOIN course k
WHERE e.pupil = :pupil AND e.class + 0 = :class AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND g.id = w.class AND o.id = w.org AND k.class = w.class AND k.subject + 0 = :subject AND k.gone + 0 = 0 ORDER BY w.since, w.id

-- name: carried_conduct
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a pupil may have come from another class or school within the year
SELECT e.pupil, x.term, x.level, x.summer, x.qualities, x.remark, g.name, CASE WHEN w.org = e.org THEN NULL ELSE o.name END
FROM enrolment e CROSS JOIN enrolment w CROSS JOIN school_class g CROSS JOIN org o CROSS JOIN conduct x
WHERE e.class = :class AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND g.id = w.class AND o.id = w.org AND x.pupil = e.pupil AND x.class + 0 = w.class AND x.gone + 0 = 0 ORDER BY e.pupil, w.since, w.id

-- name: class_absences
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a pupil may have come from another class or school within the year
-- the days of the year up to today, and of them those of the first term: a leave that is still to come is no absence yet
SELECT a.pupil, count(DISTINCT a.held), count(DISTINCT CASE WHEN a.held < COALESCE(t.since, y.until + 1) THEN a.held END)
FROM enrolment e CROSS JOIN school_class k CROSS JOIN school_year y LEFT JOIN term t ON t.year = y.id AND t.code = 'hk2' AND t.gone = 0 CROSS JOIN absence a
WHERE e.class = :class AND e.gone + 0 = 0 AND k.id = e.class AND y.id = k.year AND a.pupil = e.pupil AND a.held >= y.since AND a.held <= y.until AND a.held <= :today
AND a.kind <> 'late' AND a.gone + 0 = 0 GROUP BY a.pupil

-- name: away
-- open: who is held against the actor is the class, before and after
-- fan-out: a pupil may have come from another class or school within the year
SELECT g.id, g.grade, a.pupil, count(DISTINCT a.held)
FROM school_class g CROSS JOIN school_year y CROSS JOIN enrolment e CROSS JOIN absence a
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND (:class = 0 OR g.id = :class) AND y.id = g.year
AND e.class = g.id AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND a.pupil = e.pupil AND a.held >= y.since AND a.held <= y.until AND a.held <= :today AND a.kind <> 'late' AND a.gone + 0 = 0
GROUP BY g.id, g.grade, a.pupil HAVING count(DISTINCT a.held) > :most ORDER BY g.id, a.pupil

-- name: class_exemptions
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a pupil may have come from another class or school within the year
SELECT x.pupil, s.code, x.covers, x.kind FROM exemption x JOIN subject s ON s.id = x.subject WHERE x.class = :class AND x.gone = 0
UNION ALL
SELECT x.pupil, s.code, x.covers, x.kind FROM enrolment e CROSS JOIN enrolment w CROSS JOIN exemption x CROSS JOIN subject s
WHERE e.class = :class AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND x.pupil = e.pupil AND x.class + 0 = w.class AND x.gone + 0 = 0 AND s.id = x.subject
AND NOT EXISTS (SELECT 1 FROM exemption n WHERE n.class = e.class AND n.subject + 0 = x.subject AND n.pupil + 0 = e.pupil AND n.gone + 0 = 0)

-- name: class_of_results
-- open: the class whose results are computed
SELECT g.id, g.org, g.grade, y.id, y.year, g.name, y.code FROM school_class g JOIN school_year y ON y.id = g.year WHERE g.id = :class

-- name: classes_to_rate
-- open: the job of whoever may compute the results of an organisation
SELECT g.id FROM school_class g WHERE g.id > :after AND g.year = :year AND g.gone = 0
AND (:school = 0 OR g.org IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until)) ORDER BY g.id LIMIT 100

-- name: classes_count
-- open: the job of whoever may compute the results of an organisation
SELECT count(*) FROM school_class g WHERE g.id > :after AND g.year = :year AND g.gone = 0
AND (:school = 0 OR g.org IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until))

-- name: classes_of_year
-- open: a command on the machine compares schemes over the installation
SELECT g.id, g.org, g.grade, g.name, o.name FROM school_class g JOIN school_year y ON y.id = g.year JOIN org o ON o.id = g.org
WHERE y.year = :year AND g.gone = 0 AND g.id > :after ORDER BY g.id LIMIT 200

-- name: names_of_class
-- open: the names of a class whose results may be seen, which was asked first
-- fan-out: a class is in one organisation
SELECT e.pupil, p.name FROM enrolment e JOIN person p ON p.id = e.pupil WHERE e.class = :class AND e.gone + 0 = 0 ORDER BY p._sort

-- name: books_all
-- open: the whole ledger is proved by a command on the machine
SELECT k.id, k.org, k.class, k.subject, k.lessons, k.entries, k.head, s.code, s.name, s.comment_only, g.grade, y.year, g.name
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_year y ON y.id = g.year
WHERE k.id > :after ORDER BY k.id LIMIT 200

-- name: book_cells
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one book
SELECT pupil, term, cells, remark, average, comment, class, org FROM mark WHERE course = :course AND gone = 0

-- name: strays
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT e.course, e.seq FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM course k WHERE k.id = e.course)
UNION ALL
SELECT m.course, 0 FROM mark m WHERE NOT EXISTS (SELECT 1 FROM course k WHERE k.id = m.course) LIMIT 1

-- name: books_told
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT a.org, a.seq, a.detail FROM audit a WHERE a.entity = 'course' AND a.verb = 'open' ORDER BY a.org, a.seq

-- name: book_there
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one book
SELECT k.id, k.class, k.subject FROM course k WHERE k.id = :course

-- name: books_counted
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT t.org, sum(t.told), (SELECT count(*) FROM course k WHERE k.org = t.org) FROM (SELECT a.org, CASE WHEN a.verb = 'create' THEN 1 ELSE CAST(substr(a.detail, 6, length(a.detail) - 7) AS BIGINT) END AS told
	FROM audit a WHERE a.entity = 'course' AND a.verb IN ('create', 'create_many')) t GROUP BY t.org ORDER BY t.org

-- name: books_counted_all
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT count(*) FROM course

-- name: books_hidden
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT k.id, k.class, k.subject FROM course k WHERE k.gone = 1 AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.entity = 'course' AND a.item = k.id AND a.verb = 'retire') LIMIT 1

-- name: conduct_lost
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every class
SELECT a.org, a.item, a.detail FROM audit a WHERE a.entity = 'conduct' AND a.verb = 'create' AND NOT EXISTS (SELECT 1 FROM conduct x WHERE x.id = a.item) LIMIT 1

-- name: seals_told
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every department
SELECT a.org, a.item, a.detail FROM audit a WHERE a.entity = 'ledger_seal' AND a.verb = 'seal' ORDER BY a.org, a.seq

-- name: seal_at
-- open: the whole ledger is proved by a command on the machine
SELECT seq, lines, before, bureau, department, at, org FROM ledger_seal WHERE org = :school AND seq = :entries

-- name: unit_above
-- open: every school's ledgers are sealed at night
-- fan-out: one school
SELECT o.id FROM org_below b JOIN org o ON o.id = b.top WHERE b.below = :school AND b.since <= :today AND :today < b.until AND COALESCE(o.parent, 0) = 0

-- name: schools_unsealed
-- open: every school's ledgers are sealed at night
SELECT DISTINCT org FROM course WHERE entries > sealed

-- name: books_unsealed
-- open: every school's ledgers are sealed at night
SELECT id, entries, head FROM course WHERE org = :school AND entries > sealed ORDER BY id

-- name: sealed
-- open: every school's ledgers are sealed at night
-- fan-out: one book
UPDATE course SET sealed = :next WHERE id = :course AND entries >= :next

-- name: seal_last
-- open: every school's ledgers are sealed at night
SELECT seq, lines, before, bureau, department, at, org FROM ledger_seal WHERE org = :school ORDER BY seq DESC LIMIT 1

-- name: seals_of
-- open: the whole ledger is proved by a command on the machine
SELECT seq, lines, before, bureau, department, at, org FROM ledger_seal WHERE org = :school AND seq > :after ORDER BY seq LIMIT 50

-- name: seal_schools
-- open: the whole ledger is proved by a command on the machine
SELECT DISTINCT org FROM ledger_seal

-- name: books_sealed
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT id, sealed FROM course WHERE id > :after AND sealed > 0 ORDER BY id

-- name: ratings_told
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every class
SELECT x.id, x.level, x.summer, x.qualities, x.remark, x.term, x.verdict, x.class, x.pupil, a.detail FROM conduct x JOIN audit a ON a.entity = 'conduct' AND a.item = x.id
WHERE x.id IN (SELECT id FROM conduct WHERE id > :after ORDER BY id LIMIT 200) AND x.gone = 0 ORDER BY x.id, a.at, a.org, a.seq

-- name: ratings_after
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every class
SELECT id FROM conduct WHERE id > :after ORDER BY id LIMIT 200

-- name: rated_classes
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every class
SELECT k.id FROM school_class k WHERE k.id > :after AND EXISTS (SELECT 1 FROM year_result r WHERE r.class = k.id AND r.gone + 0 = 0) ORDER BY k.id LIMIT 200

-- name: classes_after
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every class
SELECT k.id FROM school_class k WHERE k.id > :after ORDER BY k.id LIMIT 200

-- name: results_read
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one class
SELECT count(*) FROM year_result r WHERE r.class = :class AND r.gone + 0 = 0

-- name: rated_since
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one class
WITH earlier AS (SELECT w.class FROM enrolment e CROSS JOIN enrolment w WHERE e.class = :class AND e.kind IN ('class_change', 'moved_in')
	AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class)
SELECT r.pupil, r.changed, (SELECT COALESCE(max(x.changed), 0) FROM conduct x WHERE x.class = :class OR x.class IN (SELECT class FROM earlier)),
	(SELECT COALESCE(max(x.changed), 0) FROM exemption x WHERE x.class = :class OR x.class IN (SELECT class FROM earlier)),
	(SELECT COALESCE(max(x.changed), 0) FROM enrolment x WHERE x.class = :class)
FROM year_result r WHERE r.class = :class AND r.gone = 0

-- name: answers_kept
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every answer of two days
SELECT o.key, substr(o.body, 1, 200) AS begins FROM once o WHERE o.key > coalesce(:key, '') AND substr(o.body, 1, 9) = '{"saved":' ORDER BY o.key LIMIT 500

-- name: hash_at
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one book
SELECT hash FROM ledger_entry WHERE course = :course AND seq = :entries

-- name: year_at
-- open: school years are public
-- fan-out
SELECT id, year, code, since, until FROM school_year
WHERE gone = 0 AND ((:year > 0 AND year = :year) OR (:year = 0 AND :course > 0 AND id = :course)
	OR (:year = 0 AND :course = 0 AND since <= :today AND :today <= until)) ORDER BY year DESC LIMIT 1

-- name: classes_seen
SELECT k.id, k.name, k.grade, k.size FROM (SELECT id, id AS class, CAST(0 AS BIGINT) AS pupil, org, year, name, grade, size, gone, _sort FROM school_class) k
WHERE k.org = :school AND k.year = :year AND k.gone = 0 AND {can:year_result k} ORDER BY k._sort

-- name: levels
SELECT r.class, r.scheme, CASE WHEN :term = 'hk1' THEN r.hk1 WHEN :term = 'hk2' THEN r.hk2 ELSE r.level END AS reached, r.standing, r.title, count(*)
FROM year_result r WHERE r.org = :school AND r.year = :year AND r.gone = 0 AND {can:year_result r}
AND (r.class, r.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE w.org = :school AND w.year + 0 = :year AND w.gone + 0 = 0
	AND w.state NOT IN ('studying', 'promoted', 'repeated', 'finished') AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0
	AND b.state IN ('studying', 'promoted', 'repeated', 'finished')))
GROUP BY r.class, r.scheme, reached, r.standing, r.title

-- name: bands
SELECT s.name, s.code, CASE WHEN m.average < 350 THEN 0 WHEN m.average < 500 THEN 1 WHEN m.average < 650 THEN 2 WHEN m.average < 800 THEN 3 ELSE 4 END AS band, count(*), sum(m.average)
FROM course k CROSS JOIN subject s CROSS JOIN school_class g CROSS JOIN mark m
WHERE k.org = :school AND k.gone = 0 AND s.id = k.subject AND g.id = k.class AND g.year = :year
AND m.course = k.id AND m.gone = 0 AND m.average IS NOT NULL AND m.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END AND {can:mark m}
AND (m.class, m.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE w.org = :school AND w.year + 0 = :year AND w.gone + 0 = 0
	AND (w.kind IN ('class_change', 'moved_in') OR w.state NOT IN ('studying', 'promoted', 'repeated', 'finished')))
GROUP BY s.name, s.code, band ORDER BY s.name, s.code, band

-- name: bands_came
-- fan-out: a pupil may have come from another class or school within the year
SELECT s.name, s.code, m.class, m.pupil, m.subject, m.average FROM school_class g CROSS JOIN
(SELECT e.org, e.class, e.pupil, k.id AS course, k.subject, n.average FROM enrolment e CROSS JOIN course k
LEFT JOIN mark n ON n.org = k.org AND n.course = k.id AND n.pupil = e.pupil AND n.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END AND n.gone = 0
WHERE e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished') AND k.class = e.class AND k.gone = 0) m
CROSS JOIN subject s WHERE g.org = :school AND g.year + 0 = :year AND g.gone = 0 AND m.class = g.id AND s.id = m.subject AND {can:mark m}

-- name: summer
SELECT r.class, k.name, r.org, p.id, p.name, r.standing, r.retests, CASE WHEN {can:year_result r} THEN 1 ELSE 0 END
FROM year_result r JOIN school_class k ON k.id = r.class JOIN person p ON p.id = r.pupil
WHERE r.org = :school AND r.year = :year AND r.gone = 0
AND (r.class, r.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE w.org = :school AND w.year + 0 = :year AND w.gone + 0 = 0
	AND w.state NOT IN ('studying', 'promoted', 'repeated', 'finished') AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0
	AND b.state IN ('studying', 'promoted', 'repeated', 'finished')))
AND ({can:year_result r} OR EXISTS (SELECT 1 FROM course b WHERE b.class = r.class AND b.gone = 0 AND {can:course b}))
AND (r.standing IN ('retest', 'summer', 'repeats', 'support') OR r.retests IS NOT NULL) ORDER BY k._sort, r.standing, p._sort

-- name: summer_marks
SELECT r.class, r.pupil, k.subject, s.code, s.name, m.cells, CASE WHEN t.id IS NULL THEN 0 ELSE 1 END
FROM year_result r CROSS JOIN course k CROSS JOIN subject s
LEFT JOIN mark m ON m.org = r.org AND m.course = k.id AND m.pupil = r.pupil AND m.term = 'year' AND m.gone = 0
LEFT JOIN teaching t ON t.class = k.class AND t.subject = k.subject AND t.teacher = :person AND t.gone = 0 AND t.since <= :today AND :today < t.until
WHERE k.class = r.class AND k.gone = 0 AND s.id = k.subject AND r.org = :school AND r.year + 0 = :year AND r.gone = 0 AND r.retests IS NOT NULL AND {can:course k}

-- name: gaps_marks
SELECT k.class, g.name, g.grade, k.subject, s.code, s.name, s.comment_only, k.lessons, e.pupil, m.cells, CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END
FROM course k JOIN school_class g ON g.id = k.class JOIN subject s ON s.id = k.subject
JOIN enrolment e ON e.class = k.class AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
LEFT JOIN mark m ON m.org = k.org AND m.course = k.id AND m.pupil = e.pupil AND m.term = :term AND m.gone = 0
LEFT JOIN exemption x ON x.org = k.org AND x.class = k.class AND x.pupil = e.pupil AND x.subject = k.subject AND x.gone = 0
WHERE k.org = :school AND g.year = :year AND g.gone = 0 AND (:class = 0 OR k.class = :class) AND k.gone = 0 AND (x.id IS NULL OR x.covers NOT IN ('both', :term)) AND {can:course k}
AND NOT (x.id IS NULL AND e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = k.subject AND o.gone + 0 = 0 AND o.covers IN ('both', :term)))
AND (m.id IS NULL OR (m.average IS NULL AND m.comment IS NULL) OR m.cells LIKE '%=m%'
	OR (g.grade IN ('1', '2', '3', '4', '5') AND (m.average IS NULL OR m.comment IS NULL)))
ORDER BY g._sort, k.class, s.name, k.subject

-- part: unrated
FROM (SELECT id, id AS class, CAST(0 AS BIGINT) AS pupil, org, year, name, grade, gone, _sort FROM school_class) g
CROSS JOIN (SELECT 'hk1' AS term UNION ALL SELECT 'hk2' UNION ALL SELECT 'year') v
CROSS JOIN enrolment e
LEFT JOIN conduct x ON x.org = e.org AND x.class = e.class AND x.pupil = e.pupil AND x.term = v.term AND x.gone = 0 AND (x.level <> 'none' OR x.qualities IS NOT NULL)
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND (:class = 0 OR g.id = :class) AND (:term = 'year' OR v.term = :term)
AND e.class = g.id AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') AND x.id IS NULL AND {can:year_result g}
AND NOT (e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN conduct b WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND b.pupil = e.pupil AND b.class + 0 = w.class AND b.term = v.term AND b.gone + 0 = 0 AND (b.level <> 'none' OR b.qualities IS NOT NULL)))

-- name: conduct_left
SELECT g.id, g.grade, e.pupil, v.term {part:unrated} ORDER BY 1, 3, 4

-- name: gaps_term
SELECT g.id, g.name, g.grade, CAST(0 AS BIGINT), CAST(NULL AS TEXT), 5, e.pupil {part:unrated}
UNION ALL
SELECT t.class, g.name, g.grade, t.subject, s.name, 6, CAST(0 AS BIGINT)
FROM school_class g CROSS JOIN teaching t CROSS JOIN subject s
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND (:class = 0 OR g.id = :class) AND t.class = g.id AND s.id = t.subject AND t.gone + 0 = 0 AND {can:teaching t}
AND NOT EXISTS (SELECT 1 FROM course k WHERE k.class = t.class AND k.subject + 0 = t.subject AND k.gone = 0)
ORDER BY 1, 6, 4, 7

-- name: gaps_year
SELECT g.id, g.name, g.grade, CAST(v.term AS BIGINT), CASE WHEN v.term = 1 THEN 'Học kì I' ELSE 'Học kì II' END, 7, CAST(0 AS BIGINT)
FROM (SELECT id, id AS class, CAST(0 AS BIGINT) AS pupil, org, year, name, grade, gone FROM school_class) g
JOIN (SELECT 1 AS term, 'hk1' AS code UNION ALL SELECT 2, 'hk2') v ON 1 = 1
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND (:class = 0 OR g.id = :class) AND {can:year_result g}
AND NOT EXISTS (SELECT 1 FROM class_close x WHERE x.class = g.id AND x.term = v.code AND x.state = 'closed' AND x.gone = 0)
UNION ALL
SELECT r.class, g.name, g.grade, CAST(0 AS BIGINT), CAST(NULL AS TEXT), CASE WHEN r.standing = 'retest' THEN 8 WHEN r.standing = 'summer' THEN 9 WHEN r.standing = 'support' THEN 10 ELSE 11 END, r.pupil
FROM year_result r JOIN school_class g ON g.id = r.class
WHERE r.org = :school AND r.year = :year AND (:class = 0 OR r.class = :class) AND r.gone = 0 AND {can:year_result r}
AND (r.standing IN ('retest', 'summer', 'support') OR (r.standing IS NULL
	AND (SELECT count(*) FROM class_close x WHERE x.class = r.class AND x.term IN ('hk1', 'hk2') AND x.state = 'closed' AND x.gone = 0) = 2))
AND (r.class, r.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE w.org = :school AND w.year + 0 = :year AND w.gone + 0 = 0
	AND w.state NOT IN ('studying', 'promoted', 'repeated', 'finished') AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0
	AND b.state IN ('studying', 'promoted', 'repeated', 'finished')))
ORDER BY 1, 6, 4

-- name: classes_closed
SELECT k.id, k.name, t.name, COALESCE(x.id, 0), CASE WHEN x.state = 'closed' THEN 1 ELSE 0 END
FROM (SELECT id, id AS class, CAST(0 AS BIGINT) AS pupil, org, year, name, form_teacher, gone, _sort FROM school_class) k
LEFT JOIN class_close x ON x.class = k.id AND x.term = :term AND x.gone = 0 LEFT JOIN person t ON t.id = k.form_teacher
WHERE k.org = :school AND k.year = :year AND k.gone = 0 AND (:class = 0 OR k.id = :class) AND {can:year_result k} ORDER BY k._sort

-- name: children
-- open: the actor's own children
-- fan-out: children may go to several schools
SELECT p.id, p.name, CASE WHEN p.id = :pupil THEN 1 ELSE 0 END FROM guardianship g JOIN person p ON p.id = g.pupil
WHERE g.guardian = :person AND g.barred = 0 AND g.gone = 0 AND p.gone = 0 ORDER BY p._sort

-- name: child_class
-- fan-out: a pupil is in one class a year, in whichever school
SELECT e.class, e.org, CASE WHEN {can:school_class k} THEN k.name END, o.name, p.name, CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END FROM enrolment e JOIN school_class k ON k.id = e.class JOIN org o ON o.id = e.org JOIN person p ON p.id = e.pupil
WHERE e.pupil = :pupil AND e.year + 0 = :year AND e.gone + 0 = 0 AND {can:enrolment e} ORDER BY e.since DESC LIMIT 1

-- name: child_marks
-- fan-out: one class
SELECT k.subject, s.code, s.name, s.comment_only, k.lessons, g.grade, m.cells, m.remark, CASE WHEN m.id IS NULL THEN 0 ELSE 1 END
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class
LEFT JOIN mark m ON m.org = k.org AND m.course = k.id AND m.pupil = :pupil AND m.term = CASE WHEN :term = 'year' THEN 'hk2' ELSE :term END AND m.gone = 0 AND {can:mark m}
WHERE k.class = :class AND k.gone = 0 ORDER BY s._sort

-- name: ratings
-- open: the class was held against the actor first
-- fan-out: a class is in one organisation
SELECT e.pupil, p.name, x.id, x.rev, x.level, x.summer, x.qualities, x.remark, CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END, coalesce(x.verdict, 'none') FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN conduct x ON x.class = e.class AND x.pupil = e.pupil AND x.term = :term AND x.gone = 0
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY p._sort

-- name: paper_books
SELECT k.id, k.subject, s.code, s.name, s.comment_only, k.lessons, g.grade, y.year,
	(SELECT p.name FROM teaching t JOIN person p ON p.id = t.teacher WHERE t.class = k.class AND t.subject = k.subject AND t.gone = 0 ORDER BY t.since DESC LIMIT 1)
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_year y ON y.id = g.year
WHERE k.class = :class AND k.org = g.org AND (:subject = 0 OR k.subject = :subject) AND k.gone = 0 AND {can:course k} ORDER BY s._sort

-- name: people_of_course
-- open: a count of pupils, before a document about them leaves
-- fan-out: a class is in one organisation
SELECT count(DISTINCT e.pupil) FROM course k JOIN enrolment e ON e.class = k.class AND e.gone = 0 WHERE k.id = :id

-- name: paper_marks
-- open: the book was held against the reader first
-- fan-out: a class is in one organisation
SELECT p.name, a.cells, a.average, a.comment, b.cells, b.average, b.comment, COALESCE(b.remark, a.remark), r.cells, CASE WHEN x.covers <> 'none' OR (x.id IS NULL AND e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = :subject AND o.gone + 0 = 0 AND o.covers <> 'none')) THEN 1 ELSE 0 END,
	CASE WHEN x.covers = 'both' OR (x.id IS NULL AND e.kind IN ('class_change', 'moved_in') AND EXISTS (SELECT 1 FROM enrolment w CROSS JOIN exemption o WHERE w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved') AND o.pupil = e.pupil AND o.class + 0 = w.class AND o.subject + 0 = :subject AND o.gone + 0 = 0 AND o.covers = 'both')) THEN 1 ELSE 0 END, e.pupil, CASE WHEN e.kind IN ('class_change', 'moved_in') THEN 1 ELSE 0 END, CASE WHEN x.kind = 'not_chosen' THEN 1 ELSE 0 END
FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN mark a ON a.org = e.org AND a.course = :course AND a.pupil = e.pupil AND a.term = 'hk1' AND a.gone = 0
LEFT JOIN mark b ON b.org = e.org AND b.course = :course AND b.pupil = e.pupil AND b.term = 'hk2' AND b.gone = 0
LEFT JOIN mark r ON r.org = e.org AND r.course = :course AND r.pupil = e.pupil AND r.term = 'year' AND r.gone = 0
LEFT JOIN exemption x ON x.org = e.org AND x.class = e.class AND x.pupil = e.pupil AND x.subject = :subject AND x.gone = 0
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY p._sort

-- name: register_pupils
-- fan-out: the families of a class
SELECT e.pupil, p.name, p.born, p.sex, p.ethnicity, p.birthplace, p.address, p.policy, p.disability, e.kind, e.state, e.since, e.until, b.relation, q.name, q.phone, q.occupation
FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN guardianship b ON b.pupil = e.pupil AND b.gone = 0 AND b.barred = 0 AND {can:guardianship b}
LEFT JOIN person q ON q.id = b.guardian
WHERE e.class = :class AND e.gone + 0 = 0 AND {can:enrolment e}
ORDER BY CASE WHEN e.state IN ('studying', 'promoted', 'repeated', 'finished') THEN 0 ELSE 1 END, p._sort, e.pupil, e.id, b.id

-- name: paper_contacts
-- fan-out: the families of a class
SELECT e.pupil, p.name, q.name, b.relation, q.phone, p.address FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN guardianship b ON b.pupil = e.pupil AND b.gone = 0 AND b.barred = 0 AND {can:guardianship b}
LEFT JOIN person q ON q.id = b.guardian
WHERE e.class = :class AND e.gone + 0 = 0 AND e.state = 'studying' AND {can:enrolment e} ORDER BY p._sort, e.pupil, b.id

-- name: stat_levels
SELECT o.name, k.name, CASE r.reached WHEN 'tot' THEN 'Tốt' WHEN 'kha' THEN 'Khá' WHEN 'dat' THEN 'Đạt' WHEN 'chua_dat' THEN 'Chưa đạt'
	WHEN 'gioi' THEN 'Giỏi' WHEN 'trung_binh' THEN 'Trung bình' WHEN 'yeu' THEN 'Yếu' WHEN 'kem' THEN 'Kém'
	WHEN 'hoan_thanh_xuat_sac' THEN 'Hoàn thành xuất sắc' WHEN 'hoan_thanh_tot' THEN 'Hoàn thành tốt' WHEN 'hoan_thanh' THEN 'Hoàn thành'
	WHEN 'chua_hoan_thanh' THEN 'Chưa hoàn thành' ELSE 'Chưa xếp' END,
	count(*), sum(CASE WHEN r.standing = 'promoted' THEN 1 ELSE 0 END), sum(CASE WHEN r.title IS NULL THEN 0 ELSE 1 END)
FROM (SELECT id, org, class, pupil, year, gone, standing, title, CASE WHEN :term = 'hk1' THEN hk1 WHEN :term = 'hk2' THEN hk2 ELSE level END AS reached FROM year_result) r
JOIN school_class k ON k.id = r.class JOIN org o ON o.id = r.org
WHERE (:here = 0 OR r.org = :here) AND r.year = :year AND r.gone = 0 AND {can:year_result r}
AND (r.class, r.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE (:here = 0 OR w.org = :here) AND w.year = :year AND w.gone + 0 = 0
	AND w.state NOT IN ('studying', 'promoted', 'repeated', 'finished') AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0
	AND b.state IN ('studying', 'promoted', 'repeated', 'finished')))
GROUP BY o.name, k.name, k._sort, r.reached ORDER BY o.name, k._sort, r.reached

-- part: written_apart
-- The books of now in which a pupil has marks of a term whose marks stand in an earlier class's book as well.
WITH apart AS (SELECT b.id AS course, e.pupil AS pupil FROM enrolment e CROSS JOIN enrolment w CROSS JOIN mark n CROSS JOIN course k CROSS JOIN course b CROSS JOIN mark x
WHERE e.year = :year AND (:here = 0 OR e.org = :here) AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND n.pupil = e.pupil AND n.class + 0 = w.class AND n.gone + 0 = 0 AND n.cells <> '' AND n.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END
AND k.id = n.course AND b.class = e.class AND b.subject + 0 = k.subject AND b.gone + 0 = 0
AND x.pupil = e.pupil AND x.course + 0 = b.id AND x.term = n.term AND x.gone = 0 AND x.cells <> '')

-- name: stat_subjects
-- A term that is written partly in an earlier class's book, partly in this one's, is counted by subjects_split.
{part:written_apart}
SELECT z.school, z.class_name, z.subject_name, count(*), sum(CASE WHEN z.average < 350 THEN 1 ELSE 0 END), sum(CASE WHEN z.average >= 350 AND z.average < 500 THEN 1 ELSE 0 END),
	sum(CASE WHEN z.average >= 500 AND z.average < 650 THEN 1 ELSE 0 END), sum(CASE WHEN z.average >= 650 AND z.average < 800 THEN 1 ELSE 0 END),
	sum(CASE WHEN z.average >= 800 THEN 1 ELSE 0 END), (CAST(sum(z.average) AS BIGINT) * 2 + count(*) * 10) / (count(*) * 20) * 10, CAST(sum(z.average) AS BIGINT)
FROM (SELECT o.name AS school, g.name AS class_name, g._sort AS class_sort, s.name AS subject_name, m.average
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN org o ON o.id = k.org
JOIN mark m ON m.course = k.id AND m.gone = 0 AND m.average IS NOT NULL AND m.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END
WHERE (:here = 0 OR k.org = :here) AND g.year = :year AND k.gone = 0 AND {can:mark m}
AND (m.course, m.pupil) NOT IN (SELECT course, pupil FROM apart)
AND (m.class, m.pupil) NOT IN (SELECT w.class, w.pupil FROM enrolment w WHERE (:here = 0 OR w.org = :here) AND w.year = :year AND w.gone + 0 = 0
	AND w.state NOT IN ('studying', 'promoted', 'repeated', 'finished') AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0
	AND b.state IN ('studying', 'promoted', 'repeated', 'finished')))
UNION ALL
SELECT o.name, g.name, g._sort, s.name, m.average
FROM (SELECT e.org, e.class, e.pupil, b.id AS course, b.subject, n.average FROM enrolment e CROSS JOIN enrolment w CROSS JOIN mark n CROSS JOIN course k CROSS JOIN course b
WHERE e.year = :year AND (:here = 0 OR e.org = :here) AND e.gone + 0 = 0 AND e.kind IN ('class_change', 'moved_in') AND e.state IN ('studying', 'promoted', 'repeated', 'finished')
AND w.pupil = e.pupil AND w.year + 0 = e.year AND w.class + 0 <> e.class AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')
AND n.pupil = e.pupil AND n.class + 0 = w.class AND n.gone + 0 = 0 AND n.average IS NOT NULL AND n.term = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END
AND k.id = n.course AND b.class = e.class AND b.subject + 0 = k.subject AND b.gone + 0 = 0
AND NOT EXISTS (SELECT 1 FROM mark x WHERE x.org = e.org AND x.course = b.id AND x.pupil = e.pupil AND x.term = n.term AND x.gone = 0 AND x.average IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM enrolment v CROSS JOIN mark x CROSS JOIN course y WHERE v.pupil = e.pupil AND v.year + 0 = e.year AND v.class + 0 <> e.class AND v.gone + 0 = 0 AND v.state IN ('changed', 'moved')
	AND v.since > w.since AND x.pupil = e.pupil AND x.class + 0 = v.class AND x.gone + 0 = 0 AND x.average IS NOT NULL AND x.term = n.term AND y.id = x.course AND y.subject + 0 = k.subject)) m
JOIN subject s ON s.id = m.subject JOIN school_class g ON g.id = m.class JOIN org o ON o.id = m.org
WHERE (m.course, m.pupil) NOT IN (SELECT course, pupil FROM apart) AND {can:mark m}) z
GROUP BY z.school, z.class_name, z.class_sort, z.subject_name ORDER BY z.school, z.class_sort, z.subject_name

-- name: subjects_split
{part:written_apart}
SELECT DISTINCT m.class, m.pupil, m.subject, o.name, g.name, s.name
FROM (SELECT k.id AS course, k.org, k.class, k.subject, a.pupil FROM apart a JOIN course k ON k.id = a.course) m
JOIN subject s ON s.id = m.subject JOIN school_class g ON g.id = m.class JOIN org o ON o.id = m.org
WHERE {can:mark m} ORDER BY m.class, m.subject, m.pupil

-- name: results_there
-- open: whether results of a class stand, for whoever changes what they come from
-- fan-out: a class is in one organisation
SELECT count(*) FROM year_result WHERE class = :class AND gone = 0

-- name: results_left
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT r.id, r.rev FROM year_result r WHERE r.class = :class AND r.gone = 0 AND (EXISTS (SELECT 1 FROM enrolment w WHERE w.pupil = r.pupil AND w.class + 0 = r.class
	AND w.gone + 0 = 0 AND w.state IN ('changed', 'moved')) OR NOT EXISTS (SELECT 1 FROM enrolment n WHERE n.pupil = r.pupil AND n.class + 0 = r.class AND n.gone + 0 = 0))
AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.pupil = r.pupil AND b.class + 0 = r.class AND b.gone + 0 = 0 AND b.state IN ('studying', 'promoted', 'repeated', 'finished'))

-- name: dues
-- open: terms are public
-- fan-out
SELECT code, COALESCE(mid_due, since + (until - since) / 2 + 7), COALESCE(due, until + 7) FROM term WHERE year = :year AND gone = 0 ORDER BY since

-- name: class_due
-- open: terms are public
-- fan-out
SELECT COALESCE(t.due, t.until + 7) FROM term t JOIN school_class k ON k.year = t.year WHERE k.id = :class AND t.code = CASE WHEN :term = 'hk1' THEN 'hk1' ELSE 'hk2' END AND t.gone = 0

-- name: years_had
-- open: school years are public
-- fan-out
SELECT id, year, code, since, until FROM school_year WHERE gone = 0 AND since <= :today ORDER BY year DESC LIMIT 12

-- The tiers above count results that were computed; who may see a class's closing may see how many reach a level.
-- name: schools_closed
SELECT o.id, o.name, o.slug, p.name, z.classes, z.closed
FROM (SELECT k.org, count(*) AS classes, sum(CASE WHEN x.id IS NULL THEN 0 ELSE 1 END) AS closed
FROM (SELECT id, id AS class, org + 0 AS org, grade FROM school_class WHERE year = :year AND gone + 0 = 0) k
LEFT JOIN class_close x ON x.class = k.id AND x.org = k.org AND x.term = :term AND x.state = 'closed' AND x.gone + 0 = 0
WHERE k.grade NOT IN ('nt', 'mg3', 'mg4') AND {can:class_close k}
AND (COALESCE(:unit, 0) = 0 OR k.org = :unit OR k.org IN (SELECT id FROM org WHERE parent = :unit))
AND (COALESCE(:here, 0) = 0 OR k.org IN (SELECT below FROM org_below WHERE top = :here AND since <= :today AND :today < until))
GROUP BY k.org) z JOIN org o ON o.id = z.org LEFT JOIN org p ON p.id = o.parent ORDER BY p._sort, o._sort, o.id

-- name: schools_levels
SELECT r.org, r.scheme, r.reached, count(*)
FROM (SELECT org, class, year, scheme, gone, CASE WHEN :term = 'hk1' THEN hk1 WHEN :term = 'hk2' THEN hk2 ELSE level END AS reached FROM year_result) r
WHERE r.year = :year AND r.gone + 0 = 0 AND r.reached IS NOT NULL AND {can:class_close r}
AND (COALESCE(:unit, 0) = 0 OR r.org = :unit OR r.org IN (SELECT id FROM org WHERE parent = :unit))
AND (COALESCE(:here, 0) = 0 OR r.org IN (SELECT below FROM org_below WHERE top = :here AND since <= :today AND :today < until))
GROUP BY r.org, r.scheme, r.reached

-- name: schools_left
SELECT r.org, r.scheme, r.reached, count(*)
FROM (SELECT class, pupil FROM enrolment WHERE year = :year AND gone = 0 AND state NOT IN ('studying', 'promoted', 'repeated', 'finished') GROUP BY class, pupil) w
CROSS JOIN (SELECT org, class, pupil, year, scheme, gone, CASE WHEN :term = 'hk1' THEN hk1 WHEN :term = 'hk2' THEN hk2 ELSE level END AS reached FROM year_result) r
WHERE r.class = w.class AND r.pupil + 0 = w.pupil AND r.gone + 0 = 0 AND r.reached IS NOT NULL AND {can:class_close r}
AND NOT EXISTS (SELECT 1 FROM enrolment b WHERE b.class = w.class AND b.pupil + 0 = w.pupil AND b.gone + 0 = 0 AND b.state IN ('studying', 'promoted', 'repeated', 'finished'))
GROUP BY r.org, r.scheme, r.reached

-- name: locked_units
SELECT p.id, p.name FROM (SELECT id, id AS org, CAST(0 AS BIGINT) AS class, parent, kind, gone FROM org) o JOIN org p ON p.id = o.parent
WHERE o.kind = 'school' AND o.gone = 0 AND p.kind <> 'school' AND {can:class_close o} GROUP BY p.id, p.name, p._sort ORDER BY p._sort

-- part: class_columns
z.id, o.name, p.name, z.name, CASE WHEN z.locked IS NULL AND z.due >= :today THEN 'waiting' WHEN z.locked IS NULL THEN 'open' WHEN z.locked > z.due THEN 'late' ELSE 'on_time' END, z.due, z.locked, CASE WHEN z.locked > z.due THEN z.locked - z.due WHEN z.locked IS NULL AND z.due < :today THEN :today - z.due ELSE 0 END, COALESCE(z.missing, 0), z.opened

-- part: locks_set
(SELECT org, CASE WHEN state = 'locked' AND (on_day IS NULL OR locked_on < on_day) THEN locked_on ELSE on_day END AS held FROM mark_lock
	WHERE year = :year AND term = CASE WHEN :period IN ('gk1', 'hk1') THEN 'hk1' ELSE 'hk2' END AND (part = 'all' OR (part = 'gk' AND :period IN ('gk1', 'gk2')))
	AND gone + 0 = 0)

-- part: locks_of
-- Each class with the day its register was locked: closed alone, by a lock of its school, or by one that a school it was
-- of before had set when it came.
FROM (SELECT k.id, k.org, k.name, k._sort, d.due, x.missing, CASE WHEN x.opened_on IS NULL THEN 0 ELSE 1 END AS opened,
	CASE WHEN (l.held IS NULL OR f.held <= l.held) AND (x.locked_on IS NULL OR f.held <= x.locked_on) AND f.held IS NOT NULL THEN f.held
		WHEN x.locked_on IS NULL OR l.held < x.locked_on THEN l.held ELSE x.locked_on END AS locked
FROM (SELECT year, code, CASE WHEN :period IN ('gk1', 'gk2') THEN COALESCE(mid_due, since + (until - since) / 2 + 7) ELSE COALESCE(due, until + 7) END AS due FROM term
	WHERE year = :year AND code = CASE WHEN :period IN ('gk1', 'hk1') THEN 'hk1' ELSE 'hk2' END AND gone = 0) d
CROSS JOIN (SELECT id, id AS class, org, grade, name, _sort FROM school_class WHERE year = :year AND gone + 0 = 0) k
LEFT JOIN class_close x ON x.class = k.id AND x.org = k.org AND x.term = d.code AND x.gone + 0 = 0 AND (x.state = 'closed' OR (x.locked_on <= d.due AND x.opened_on > d.due))
LEFT JOIN (SELECT m.org, min(m.held) AS held FROM {part:locks_set} m WHERE m.held <= :today GROUP BY m.org) l ON l.org = k.org
LEFT JOIN (SELECT w.class, min(m.held) AS held FROM {part:locks_set} m JOIN class_came w ON w.org = m.org WHERE m.held <= w.came GROUP BY w.class) f ON f.class = k.id
WHERE k.grade NOT IN ('nt', 'mg3', 'mg4', 'mg5') AND {can:class_close k}
AND (COALESCE(:unit, 0) = 0 OR k.org = :unit OR k.org IN (SELECT id FROM org WHERE parent = :unit))
AND (COALESCE(:here, 0) = 0 OR k.org IN (SELECT below FROM org_below WHERE top = :here AND since <= :today AND :today < until))) z

-- name: locked
SELECT o.id, o.name, p.name, z.due, count(*), sum(CASE WHEN z.locked <= z.due THEN 1 ELSE 0 END), sum(CASE WHEN z.locked > z.due THEN 1 ELSE 0 END),
	sum(CASE WHEN z.locked IS NULL THEN 1 ELSE 0 END), sum(CASE WHEN z.missing > 0 THEN 1 ELSE 0 END), sum(CASE WHEN z.locked <= z.due THEN 100 ELSE 0 END) / count(*)
{part:locks_of}
JOIN org o ON o.id = z.org LEFT JOIN org p ON p.id = o.parent
GROUP BY o._sort, o.id, o.name, p.name, z.due ORDER BY 10, o._sort

-- name: locked_classes
SELECT {part:class_columns}
{part:locks_of}
JOIN org o ON o.id = z.org LEFT JOIN org p ON p.id = o.parent
ORDER BY CASE WHEN z.locked IS NULL THEN 0 WHEN z.locked > z.due THEN 1 ELSE 2 END, o._sort, z._sort

-- name: locked_late
SELECT {part:class_columns}
{part:locks_of}
JOIN org o ON o.id = z.org LEFT JOIN org p ON p.id = o.parent
WHERE z.locked > z.due OR (z.locked IS NULL AND z.due < :today) ORDER BY p._sort, o._sort, z._sort

-- name: org_follows_course
-- open: rows about a class are its school's
UPDATE course SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_conduct
-- open: rows about a class are its school's
UPDATE conduct SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_exemption
-- open: rows about a class are its school's
UPDATE exemption SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_year_result
-- open: rows about a class are its school's
UPDATE year_result SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_class_close
-- open: rows about a class are its school's
UPDATE class_close SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_form_note
-- open: rows about a class are its school's
UPDATE form_note SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_mark
-- open: rows about a class are its school's
UPDATE mark SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_mark_reopen
-- open: rows about a book are its school's
UPDATE mark_reopen SET org = :new_org WHERE org = :old_org AND course IN (SELECT b.id FROM course b JOIN school_class k ON k.id = b.class WHERE k.org = :new_org)
