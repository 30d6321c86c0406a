-- name: mark_guardian
-- open: whoever is given a child to guard is a guardian
-- fan-out
UPDATE person SET guardian = 1 WHERE id = :guardian AND guardian = 0

-- name: namesakes
-- open: who is born on that day or has one of these numbers; of whom the actor may not read only the number is told
SELECT p.id, p.name, p.born, o.name,
       (SELECT k.name FROM enrolment e JOIN school_class k ON k.id = e.class
        WHERE e.pupil = p.id AND e.state = 'studying' AND e.gone = 0 ORDER BY e.since DESC LIMIT 1),
       p.national_id, p.sector_id, CASE WHEN {can:person p} THEN 1 ELSE 0 END
FROM (SELECT id FROM person WHERE born = :born AND gone = 0
      UNION SELECT id FROM person WHERE national_id = :national_id AND gone = 0
      UNION SELECT id FROM person WHERE sector_id = :sector_id AND gone = 0) x
JOIN person p ON p.id = x.id LEFT JOIN org o ON o.id = p.org
ORDER BY p.id

-- name: look_counts
-- open: how much room the search for duplicates takes
-- fan-out
SELECT (SELECT count(*) FROM person WHERE born IS NOT NULL), (SELECT count(*) FROM guardianship)

-- name: look_people
-- open: the search for duplicates runs as the installation, over the province
SELECT id, org, name, born, CASE sex WHEN 'male' THEN 1 WHEN 'female' THEN 2 ELSE 0 END, commune, phone, national_id, sector_id
FROM person WHERE id > :after AND gone = 0 AND born IS NOT NULL ORDER BY id LIMIT 4000

-- name: look_family
-- open: the search for duplicates runs as the installation, over the province
-- fan-out
SELECT g.id, g.pupil, g.guardian, p.phone FROM guardianship g JOIN person p ON p.id = g.guardian
WHERE g.id > :after AND g.gone = 0 ORDER BY g.id LIMIT 4000

-- name: look_known
-- open: pairs somebody has looked at are not found again
-- fan-out
SELECT id, a, b FROM person_pair WHERE id > :after ORDER BY id LIMIT 4000

-- name: pairs_of_two
-- open: two people are one pair, in either order, whoever found it
-- fan-out
SELECT (SELECT count(*) FROM person_pair WHERE a = :a AND b = :b AND gone = 0) + (SELECT count(*) FROM person_pair WHERE a = :b AND b = :a AND gone = 0)

-- name: numbers_of
-- open: the numbers of a retired record, before its merge is undone
-- fan-out: a record is found by its id
SELECT org, national_id, sector_id, school_code FROM person WHERE id = :id

-- name: children
-- days absent since the year began, in whichever class, both halves of a day once (TT 22/2021 Điều 12); leave that is to come is none yet
SELECT p.id, p.name, p.born, o.name, k.id, k.name,
       (SELECT count(DISTINCT a.held) FROM absence a JOIN school_year y ON y.id = k.year WHERE a.pupil = p.id AND a.held >= y.since AND a.held <= :today AND a.kind <> 'late' AND a.gone = 0),
       CASE WHEN EXISTS (SELECT 1 FROM roll r WHERE r.class = k.id AND r.held = :today AND r.gone = 0) THEN 1 ELSE 0 END,
       CASE WHEN EXISTS (SELECT 1 FROM absence a WHERE a.pupil = p.id AND a.held = :today AND a.kind <> 'late' AND a.gone = 0) THEN 1 ELSE 0 END
FROM guardianship g JOIN person p ON p.id = g.pupil AND p.gone = 0
LEFT JOIN enrolment e ON e.pupil = p.id AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
LEFT JOIN school_class k ON k.id = e.class LEFT JOIN org o ON o.id = e.org
WHERE g.guardian = :person AND g.barred = 0 AND g.gone = 0 AND {can:person p} ORDER BY p.born

-- name: org_clashes_person
-- open: pupils whose code the other school uses for somebody else
SELECT p.id FROM person p WHERE p.org = :old_org AND p.gone = 0 AND p.school_code IS NOT NULL
AND EXISTS (SELECT 1 FROM person o WHERE o.org = :new_org AND o.school_code = p.school_code AND o.gone = 0)

-- name: org_moves_person
-- open: people follow their school, with its code of theirs
UPDATE person SET org = :new_org WHERE org = :old_org AND gone = 0

-- name: org_moves_guardianship
-- open: family links follow their school
UPDATE guardianship SET org = :new_org WHERE org = :old_org AND gone = 0

-- name: org_moves_consent
-- open: consents follow their school
UPDATE consent SET org = :new_org WHERE org = :old_org AND gone = 0

-- name: org_counts_person
-- open: a count of people
SELECT count(*) FROM person WHERE org = :old_org AND gone = 0

-- name: myself
SELECT p.id, p.name, p.born, o.name, k.id, k.name,
       (SELECT count(DISTINCT a.held) FROM absence a JOIN school_year y ON y.id = k.year WHERE a.pupil = p.id AND a.held >= y.since AND a.held <= :today AND a.kind <> 'late' AND a.gone = 0),
       CASE WHEN EXISTS (SELECT 1 FROM roll r WHERE r.class = k.id AND r.held = :today AND r.gone = 0) THEN 1 ELSE 0 END,
       CASE WHEN EXISTS (SELECT 1 FROM absence a WHERE a.pupil = p.id AND a.held = :today AND a.kind <> 'late' AND a.gone = 0) THEN 1 ELSE 0 END
FROM person p LEFT JOIN enrolment e ON e.pupil = p.id AND e.state = 'studying' AND e.gone = 0 AND e.until > :today
LEFT JOIN school_class k ON k.id = e.class LEFT JOIN org o ON o.id = e.org
WHERE p.id = :person AND p.pupil = 1 AND {can:person p}

-- name: records_open
SELECT (SELECT count(*) FROM person_pair d WHERE d.org = :school AND d.state = 'open' AND d.gone = 0 AND {can:person_pair d}),
       (SELECT count(*) FROM person p WHERE p.org = :school AND p.pupil = 1 AND p.gone = 0 AND p.national_id IS NULL AND {can:person p})

-- name: org_tells_person
-- open: people of a unit, for their history
SELECT id FROM person WHERE org = :old_org AND gone = 0
