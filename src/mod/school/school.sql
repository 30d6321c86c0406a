-- name: year_now
-- open: school years are public
-- fan-out
SELECT id FROM school_year WHERE since <= :today AND gone = 0 ORDER BY year DESC LIMIT 1

-- name: year_chosen
-- open: school years are public
-- fan-out
SELECT id FROM school_year WHERE id = :year AND gone = 0

-- name: form_now
-- open: the class's own form teacher, asked by its writer
-- fan-out
-- who has the class today; else who will, soonest; of a year that is over who had it last
SELECT t.teacher FROM teaching t JOIN school_class k ON k.id = t.class JOIN school_year y ON y.id = k.year
WHERE t.class = :class AND t.form = 1 AND t.gone = 0 AND (t.until > :on_day OR :on_day > y.until)
ORDER BY CASE WHEN t.since > :on_day THEN 1 WHEN t.until > :on_day THEN 0 ELSE 2 END, CASE WHEN t.since > :on_day THEN t.since ELSE -t.since END, t.id DESC LIMIT 1

-- name: form_turns
-- open: the classes of the installation whose form teacher began or ended of late
-- fan-out
SELECT DISTINCT t.class FROM teaching t WHERE t.form = 1 AND t.gone = 0 AND (t.since BETWEEN :on_day - 14 AND :on_day OR t.until BETWEEN :on_day - 14 AND :on_day)

-- name: forms_of
-- open: who led a class stands on its papers
-- fan-out
SELECT p.name, t.since, t.until FROM teaching t JOIN person p ON p.id = t.teacher WHERE t.class = :class AND t.form = 1 AND t.gone = 0 ORDER BY t.since, t.id

-- name: show_form
-- open: the class's own form teacher, set by its writer
-- fan-out
UPDATE school_class SET form_teacher = :teacher WHERE id = :class AND (form_teacher IS NULL OR :teacher IS NULL OR form_teacher <> :teacher)

-- name: studies_in
-- open: a pupil is enrolled once a year, wherever
-- fan-out
SELECT e.id, k.name FROM enrolment e JOIN school_class k ON k.id = e.class
WHERE e.pupil = :pupil AND e.year = :year AND e.state = 'studying' AND e.gone = 0 AND e.id <> :but LIMIT 1

-- name: recount
-- open: the size of a class is a count
-- fan-out
-- who stayed to the end of the year still counts in its class
UPDATE school_class SET size = :plus + (SELECT count(*) FROM enrolment WHERE class = :class AND state IN ('studying', 'promoted', 'repeated', 'finished') AND gone = 0 AND id <> :but) WHERE id = :class

-- name: studies
-- open: the class a move starts from
SELECT e.id, e.class, e.org, k.grade FROM enrolment e JOIN school_class k ON k.id = e.class
WHERE e.pupil = :pupil AND e.state = 'studying' AND e.gone = 0 AND e.until > :on_day ORDER BY e.since DESC LIMIT 1

-- name: moves_open
-- open: one move at a time for a pupil, whichever schools it joins
-- fan-out
SELECT count(*) FROM move WHERE pupil = :pupil AND state IN ('asked', 'accepted', 'released') AND gone = 0

-- name: kin
-- open: whom a move of a pupil is told to
-- fan-out: one pupil
SELECT guardian FROM guardianship WHERE pupil = :pupil AND barred = 0 AND gone = 0

-- name: carry_family
-- open: the family links of a received pupil pass to the new school
UPDATE guardianship SET org = :new_school, rev = rev + 1 WHERE pupil = :pupil AND gone = 0

-- name: rolls
SELECT k.id, k.name, k.size, k.half, CASE WHEN k.half = 'afternoon' THEN 1 ELSE 0 END,
       CASE WHEN r.id IS NULL THEN 0 ELSE 1 END, COALESCE(r.absent, 0), COALESCE(r.late, 0), r.changed
FROM (SELECT :school AS id UNION SELECT id FROM org WHERE :school = 0) u
CROSS JOIN (SELECT id, id AS class, org, year, name, size, gone, _sort,
	CASE WHEN :session <> 'own' THEN :session WHEN session = 'afternoon' THEN 'afternoon' ELSE 'morning' END AS half FROM school_class) k
JOIN school_year y ON y.id = k.year AND y.since <= :on_day AND :on_day <= y.until
LEFT JOIN roll r ON r.class = k.id AND r.held = :on_day AND r.session = k.half AND r.gone = 0
WHERE {can:roll k} AND k.gone = 0 AND k.org = u.id
ORDER BY k._sort

-- name: sheet
SELECT p.id, p.name, CASE WHEN p.sex = 'male' THEN 1 ELSE 0 END, a.kind, a.note
FROM enrolment e JOIN person p ON p.id = e.pupil
LEFT JOIN absence a ON a.pupil = e.pupil AND a.held + 0 = :on_day AND a.session = :session AND a.gone + 0 = 0
WHERE e.class = :class AND {can:enrolment e} AND e.gone = 0 AND e.since <= :on_day AND e.until > :on_day AND e.state = 'studying'
ORDER BY p._sort

-- name: class_head
SELECT k.id, k.org, k.name, k.grade, k.session, k.form_teacher, t.name, f.name, y.code, o.name, y.until
FROM school_class k JOIN school_year y ON y.id = k.year JOIN org o ON o.id = k.org
LEFT JOIN person t ON t.id = k.form_teacher LEFT JOIN facility f ON f.id = k.room
WHERE k.id = :class AND k.gone = 0 AND {can:school_class k}

-- name: class_pupils
SELECT e.id, p.id, p.name, p.born, p.sex, p.sector_id, p.school_code, e.since, e.until,
       (SELECT count(*) FROM absence a WHERE a.pupil = e.pupil AND a.class = e.class AND a.held <= :today AND a.kind <> 'late' AND a.gone = 0)
FROM enrolment e JOIN person p ON p.id = e.pupil
WHERE e.class = :class AND {can:enrolment e} AND e.gone = 0
AND (:all = 1 OR e.until > :today OR e.until > (SELECT y.until FROM school_year y WHERE y.id = e.year))
ORDER BY CASE WHEN e.until > :today OR e.until > (SELECT y.until FROM school_year y WHERE y.id = e.year) THEN 0 ELSE 1 END, p._sort

-- name: class_cards
SELECT p.name, p.born, CASE WHEN p.school_code IS NULL THEN p.sector_id ELSE p.school_code END, p.photo
FROM enrolment e JOIN person p ON p.id = e.pupil
WHERE e.class = :class AND {can:enrolment e} AND {can:person p} AND e.gone = 0
AND (e.until > :today OR e.until > (SELECT y.until FROM school_year y WHERE y.id = e.year)) ORDER BY p._sort

-- name: people_of_class
-- open: a count of pupils, before a document about them leaves
-- fan-out: a class is in one organisation
SELECT count(DISTINCT pupil) FROM enrolment WHERE class = :id AND gone = 0

-- name: year_taught
-- open: school years are public
-- fan-out
SELECT (SELECT max(t.until) FROM term t WHERE t.year = y.id AND t.gone = 0), y.until FROM school_year y WHERE y.id = :year

-- name: promote_classes
SELECT k.id, k.name, k.grade,
       (SELECT count(*) FROM enrolment e WHERE e.class = k.id AND e.state = 'studying' AND e.gone = 0),
       (SELECT count(*) FROM enrolment e WHERE e.class = k.id AND e.state IN ('promoted', 'repeated', 'finished') AND e.gone = 0)
FROM school_class k WHERE k.org = :school AND k.year = :year AND k.gone = 0 AND {can:school_class k} ORDER BY k._sort

-- name: next_classes
SELECT n.id, n.name, n.grade, y.code, n.size, n.most, CASE WHEN n.id = :chosen THEN 1 ELSE 0 END
FROM school_class k JOIN school_year old ON old.id = k.year
JOIN school_class n ON n.org = k.org AND n.gone = 0 JOIN school_year y ON y.id = n.year AND y.year = old.year + 1
WHERE k.id = :class AND n.grade = :grade AND {can:school_class n} ORDER BY n._sort

-- name: other_classes
SELECT n.id, n.name, n.size, n.most, CASE WHEN n.size >= n.most THEN 1 ELSE 0 END FROM school_class k JOIN school_class n ON n.org = k.org AND n.year = k.year
WHERE k.id = :class AND n.grade = k.grade AND n.id <> k.id AND n.gone = 0 AND {can:school_class n} ORDER BY n._sort

-- name: promote_pupils
-- days absent as the results count them: both halves of a day once, in whichever class of the year (TT 22/2021 Điều 12)
SELECT e.id, p.id, p.name,
       (SELECT count(DISTINCT a.held) FROM absence a WHERE a.pupil = e.pupil AND a.held >= y.since AND a.held <= y.until AND a.held <= :today AND a.kind <> 'late' AND a.gone = 0)
FROM enrolment e JOIN person p ON p.id = e.pupil JOIN school_class k ON k.id = e.class JOIN school_year y ON y.id = k.year
WHERE e.class = :class AND e.state = 'studying' AND e.gone = 0 AND {can:enrolment e} ORDER BY p._sort

-- name: org_clashes_school_class
-- open: classes of two schools that have the same name
SELECT k.id FROM school_class k WHERE k.org = :old_org AND k.gone = 0 AND k.year IN (SELECT id FROM school_year WHERE until >= :today)
AND EXISTS (SELECT 1 FROM school_class o WHERE o.org = :new_org AND o.year = k.year AND o.name = k.name AND o.gone = 0)

-- name: org_leaves_school_class
-- open: whose a class of the running year was, before it follows its school
INSERT INTO class_came (class, org, came) SELECT id, CAST(:old_org AS BIGINT), CAST(:today AS BIGINT) FROM school_class WHERE org = :old_org AND gone = 0
AND year IN (SELECT id FROM school_year WHERE until >= :today) ON CONFLICT DO NOTHING

-- name: org_moves_school_class
-- open: classes of the running year follow their school
UPDATE school_class SET org = :new_org, rev = rev + 1 WHERE org = :old_org AND gone = 0
AND year IN (SELECT id FROM school_year WHERE until >= :today)

-- name: org_moves_enrolment
-- open: pupils of the running year follow their class
UPDATE enrolment SET org = :new_org WHERE org = :old_org AND gone = 0 AND until > :today

-- name: org_moves_teaching
-- open: teaching of the running year follows its class
UPDATE teaching SET org = :new_org WHERE org = :old_org AND gone = 0 AND until > :today

-- name: org_counts_school_class
-- open: a count of classes
SELECT count(*) FROM school_class WHERE org = :old_org AND gone = 0 AND year IN (SELECT id FROM school_year WHERE until >= :today)

-- name: org_counts_enrolment
-- open: a count of pupils
SELECT count(*) FROM enrolment WHERE org = :old_org AND gone = 0 AND state = 'studying'

-- name: org_holds_enrolment
-- open: a count of pupils, of a unit and its sites
SELECT count(*) FROM enrolment e WHERE e.gone = 0 AND e.state = 'studying' AND e.until > :today
AND (e.org = :old_org OR e.org IN (SELECT b.below FROM org_below b WHERE b.top = :old_org AND b.until > :today))

-- name: subjects_known
-- open: subjects are public
-- fan-out
SELECT count(*) FROM subject

-- name: moves_waiting
-- fan-out
SELECT m.id, p.name, a.short_name, b.short_name, m.asked, m.state,
       CASE WHEN (m.state = 'accepted' AND m.org = :school) OR (m.state IN ('asked', 'released') AND m.to_org = :school) THEN 1 ELSE 0 END AS mine
FROM move m JOIN person p ON p.id = m.pupil JOIN org a ON a.id = m.org JOIN org b ON b.id = m.to_org
WHERE m.state IN ('asked', 'accepted', 'released') AND m.gone = 0 AND {can:move m} ORDER BY mine DESC, m.asked

-- name: month_pupils
SELECT p.id, p.name FROM enrolment e JOIN person p ON p.id = e.pupil
WHERE e.class = :class AND {can:enrolment e} AND e.gone = 0 AND e.since < :next AND e.until > :first
ORDER BY p._sort

-- name: month_absences
SELECT a.pupil, a.held, a.kind FROM absence a
WHERE a.class = :class AND a.held >= :first AND a.held < :next AND a.gone + 0 = 0 AND {can:absence a} ORDER BY a.pupil, a.held, a.session

-- name: move_paper
SELECT p.name, p.born, p.sex, p.birthplace, k.name, y.code, a.name, b.name, ua.name, ub.name,
       (SELECT g.name FROM guardianship s JOIN person g ON g.id = s.guardian WHERE s.pupil = m.pupil AND s.barred = 0 AND s.gone = 0
        ORDER BY s.contact_first DESC, s.id LIMIT 1)
FROM move m JOIN person p ON p.id = m.pupil JOIN org a ON a.id = m.org JOIN org b ON b.id = m.to_org
LEFT JOIN admin_unit ua ON ua.id = a.commune LEFT JOIN admin_unit ub ON ub.id = b.commune
LEFT JOIN school_class k ON k.id = m.from_class LEFT JOIN school_year y ON y.id = k.year
WHERE m.id = :move AND {can:move m}

-- name: split_classes
SELECT k.id, k.name, k.size, COALESCE((SELECT s.part FROM split_class s WHERE s.change = :change AND s.class = k.id), 0)
FROM school_class k WHERE k.org = :old AND k.gone = 0 AND k.year IN (SELECT id FROM school_year WHERE until >= :today)
AND {can:school_class k} ORDER BY k.year, k._sort

-- name: split_forget
-- open: the handler has read the division and its classes
-- fan-out
DELETE FROM split_class WHERE change = :change AND class = :class

-- name: split_choose
-- open: the handler has read the division and its classes
-- fan-out
INSERT INTO split_class (change, class, part) VALUES (:change, :class, :part)

-- name: split_chosen
-- open: classes that the first new school has received, chosen for another
-- fan-out
SELECT k.id FROM school_class k JOIN split_class s ON s.class = k.id WHERE s.part = :part AND k.gone = 0 AND k.org <> :school

-- name: split_room_stays
-- open: whether a class that stays has the room too
SELECT count(*) FROM school_class WHERE org = :old AND room = :class AND gone = 0 AND id <> :change
AND id NOT IN (SELECT class FROM split_class WHERE part = (SELECT part FROM split_class WHERE class = :change))

-- name: split_people
-- open: people who go with their class; who has somebody or a class left at the first school stays there
-- fan-out
WITH chosen AS (SELECT s.class AS id FROM split_class s WHERE s.part = :part),
pupils AS (SELECT DISTINCT e.pupil AS id FROM enrolment e JOIN chosen k ON k.id = e.class WHERE e.gone = 0 AND e.until > :today)
SELECT id FROM pupils
UNION SELECT g.guardian FROM guardianship g JOIN pupils p ON p.id = g.pupil WHERE g.gone = 0 AND NOT EXISTS (
	SELECT 1 FROM guardianship o WHERE o.guardian = g.guardian AND o.gone = 0 AND o.pupil NOT IN (SELECT id FROM pupils))
UNION SELECT t.teacher FROM teaching t JOIN chosen k ON k.id = t.class WHERE t.gone = 0 AND t.until > :today AND NOT EXISTS (
	SELECT 1 FROM teaching o WHERE o.teacher = t.teacher AND o.gone = 0 AND o.until > :today AND o.class NOT IN (SELECT id FROM chosen))

-- name: org_shares_school_class
-- open: a count of classes chosen for a part of a division
-- fan-out
SELECT count(*) FROM split_class s JOIN school_class k ON k.id = s.class WHERE s.part = :part AND k.org = :old_org AND k.gone = 0

-- name: org_shares_enrolment
-- open: a count of pupils in classes chosen for a part of a division
-- fan-out
SELECT count(*) FROM split_class s JOIN enrolment e ON e.class = s.class
WHERE s.part = :part AND e.org = :old_org AND e.gone = 0 AND e.state = 'studying'

-- name: org_follows_enrolment
-- open: rows about a class are its school's
UPDATE enrolment SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_teaching
-- open: rows about a class are its school's
UPDATE teaching SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_roll
-- open: rows about a class are its school's
UPDATE roll SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)

-- name: org_follows_absence
-- open: rows about a class are its school's
UPDATE absence SET org = :new_org WHERE org = :old_org AND class IN (SELECT id FROM school_class WHERE org = :new_org)
AND NOT EXISTS (SELECT 1 FROM absence o WHERE o.org = :new_org AND o.pupil = absence.pupil AND o.held = absence.held AND o.session = absence.session AND o.gone = 0)

-- name: org_tells_school_class
-- open: classes of the running year, for their history
SELECT id FROM school_class WHERE org = :old_org AND gone = 0 AND year IN (SELECT id FROM school_year WHERE until >= :today)
