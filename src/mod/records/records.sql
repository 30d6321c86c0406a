-- records.sql -- books of marks, their ledgers, results.

-- name: course_head
SELECT k.id, k.org, k.class, k.subject, k.lessons, k.entries, k.head, s.code, s.name, s.comment_only, g.grade, y.year, g.name
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_year y ON y.id = g.year
WHERE k.class = :class AND k.subject = :subject AND k.gone = 0 AND {can:course k}

-- name: locks
-- open: what is locked is known to whoever may see the book, which was asked first
SELECT l.part, 0, l.on_day, CASE WHEN l.state = 'locked' OR l.on_day <= :today THEN 1 ELSE 0 END FROM mark_lock l JOIN school_class g ON g.year = l.year
WHERE g.id = :class AND l.org = :school AND l.term = :term AND l.gone = 0
UNION ALL
SELECT CASE WHEN r.state = 'asked' THEN 'asked' ELSE 'reopened' END, r.id, r.until, 0 FROM mark_reopen r
WHERE r.course = :course AND r.term = :term AND r.gone = 0 AND (r.state = 'asked' OR (r.state = 'approved' AND r.until >= :today))

-- name: sheet
-- open: the book was held against the actor first
-- fan-out: a class is in one organisation
SELECT e.pupil, p.name, m.id, m.rev, m.cells, m.average, m.comment, m.remark, CASE WHEN x.id IS NULL THEN 0 ELSE 1 END
FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN mark m ON m.org = e.org AND m.course = :course AND m.pupil = e.pupil AND m.term = :term AND m.gone = 0
LEFT JOIN exemption x ON x.class = e.class AND x.pupil = e.pupil AND x.subject = :subject AND x.gone = 0
WHERE e.class = :class AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY p._sort

-- name: head_moves
-- open: the ledger goes on from where it was read, or not at all
-- fan-out: one book
UPDATE course SET entries = :next, head = :hash WHERE id = :course AND entries = :entries

-- name: entries
-- open: the pupil's marks or the book were held against the actor first
-- fan-out: one book
SELECT seq, at, author, impersonator, term, lines, reason, hash FROM ledger_entry WHERE course = :course AND seq > :after ORDER BY seq

-- name: books_missing
-- open: books are opened by the school's office, which the route asks
SELECT DISTINCT t.class, t.subject, g.org, g.grade, s.code
FROM teaching t JOIN school_class g ON g.id = t.class JOIN subject s ON s.id = t.subject
WHERE g.org = :school AND g.year = :year AND g.gone = 0 AND t.gone = 0 AND t.subject IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM course k WHERE k.class = t.class AND k.subject = t.subject AND k.gone = 0)

-- name: class_books
-- open: results are computed from every mark of a class, whoever asks for it
SELECT k.id, k.org, s.code, s.comment_only, k.entries FROM course k JOIN subject s ON s.id = k.subject WHERE k.class = :class AND k.gone = 0 ORDER BY k.id

-- name: class_marks
-- open: results are computed from every mark of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT m.pupil, m.course, m.term, m.average, m.comment FROM mark m WHERE m.class = :class AND m.gone = 0

-- name: class_people
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT e.pupil, a.level, b.level, y.level, y.summer, b.qualities, r.id, r.rev, r.scheme, r.hk1, r.hk2, r.level, r.conduct, r.standing, r.title, r.averages, r.why, r.positions, r.overall, r.absences
FROM enrolment e
LEFT JOIN conduct a ON a.class = e.class AND a.pupil = e.pupil AND a.term = 'hk1' AND a.gone = 0
LEFT JOIN conduct b ON b.class = e.class AND b.pupil = e.pupil AND b.term = 'hk2' AND b.gone = 0
LEFT JOIN conduct y ON y.class = e.class AND y.pupil = e.pupil AND y.term = 'year' AND y.gone = 0
LEFT JOIN year_result r ON r.class = e.class AND r.pupil = e.pupil AND r.gone = 0
WHERE e.class = :class AND e.gone = 0 AND e.state IN ('studying', 'promoted', 'repeated', 'finished') ORDER BY e.pupil

-- name: class_absences
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT pupil, count(*) FROM absence WHERE class = :class AND kind <> 'late' AND gone = 0 GROUP BY pupil

-- name: class_exemptions
-- open: results are computed for every pupil of a class, whoever asks for it
-- fan-out: a class is in one organisation
SELECT x.pupil, s.code FROM exemption x JOIN subject s ON s.id = x.subject WHERE x.class = :class AND x.gone = 0

-- name: class_of_results
-- open: the class whose results are computed
SELECT g.id, g.org, g.grade, y.id, y.year FROM school_class g JOIN school_year y ON y.id = g.year WHERE g.id = :class

-- name: classes_to_rate
-- open: the job of whoever may compute the results of an organisation
SELECT g.id FROM school_class g WHERE g.id > :after AND g.year = :year AND g.gone = 0
AND g.org IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until) ORDER BY g.id LIMIT 100

-- name: classes_count
-- open: the job of whoever may compute the results of an organisation
SELECT count(*) FROM school_class g WHERE g.id > :after AND g.year = :year AND g.gone = 0
AND g.org IN (SELECT below FROM org_below WHERE top = :school AND since <= :today AND :today < until)

-- name: classes_of_year
-- open: a command on the machine compares schemes over the installation
SELECT g.id, g.org, g.grade, g.name, o.name FROM school_class g JOIN school_year y ON y.id = g.year JOIN org o ON o.id = g.org
WHERE y.year = :year AND g.gone = 0 AND g.id > :after ORDER BY g.id LIMIT 200

-- name: names_of_class
-- open: a command on the machine compares schemes over the installation
-- fan-out: a class is in one organisation
SELECT e.pupil, p.name FROM enrolment e JOIN person p ON p.id = e.pupil WHERE e.class = :class AND e.gone = 0

-- name: books_all
-- open: the whole ledger is proved by a command on the machine
SELECT k.id, k.org, k.class, k.subject, k.lessons, k.entries, k.head, s.code, s.name, s.comment_only, g.grade, y.year, g.name
FROM course k JOIN subject s ON s.id = k.subject JOIN school_class g ON g.id = k.class JOIN school_year y ON y.id = g.year
WHERE k.id > :after ORDER BY k.id LIMIT 200

-- name: book_cells
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one book
SELECT pupil, term, cells, remark FROM mark WHERE course = :course AND gone = 0

-- name: strays
-- open: the whole ledger is proved by a command on the machine
-- fan-out: every book
SELECT e.course, e.seq FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM course k WHERE k.id = e.course) LIMIT 1

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

-- name: hash_at
-- open: the whole ledger is proved by a command on the machine
-- fan-out: one book
SELECT hash FROM ledger_entry WHERE course = :course AND seq = :entries
